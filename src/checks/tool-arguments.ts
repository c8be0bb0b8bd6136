import type { ToolCall } from '../domain/interaction';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'tool_arguments';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** Parsing blocks the process; larger arguments are refused unread. */
const LONGEST_ARGUMENTS = 256 * 1024;

export const toolArguments: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'The arguments of every tool call are a JSON object (or empty, for a call without arguments).',
  example: '`{"city": "Paris"` fails with detail `call=0 not_json`.',
  falsePositives: 'Tools that take plain text instead of JSON.',
  run: ({ output: { toolCalls } }) => {
    if (toolCalls.length === 0) return notApplicable();
    for (const [index, call] of toolCalls.entries()) {
      const problem = problemOf(call);
      if (problem !== null) return fail(`call=${index} ${problem}`);
    }
    return pass();
  },
};

function problemOf(call: ToolCall): string | null {
  if (call.arguments === '') return null;
  if (call.arguments.length > LONGEST_ARGUMENTS) return 'too_large';
  try {
    const value: unknown = JSON.parse(call.arguments);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'not_object';
  } catch {
    return 'not_json';
  }
}
