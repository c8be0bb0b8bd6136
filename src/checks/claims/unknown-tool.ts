import { outcomesOf } from '../outcome';
import type { DocumentedCheck } from '../port';

const NAME = 'unknown_tool';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export const unknownTool: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'Every tool that was called is one of those declared to the model.',
  example: 'A call of `delete_everything` where only `find_order` is declared fails with detail `call=0`.',
  falsePositives: "Records that declare only a part of the tools, or under other names than the calls'.",
  run: ({ tools, output: { toolCalls } }) => {
    if (tools.length === 0 || toolCalls.length === 0) return notApplicable();
    const declared = new Set(tools.map(({ name }) => name));
    const index = toolCalls.findIndex(({ name }) => !declared.has(name));
    return index < 0 ? pass() : fail(`call=${index}`);
  },
};
