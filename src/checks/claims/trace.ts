import type { Interaction, ToolCall } from '../../domain/interaction';

const LONGEST_READ = 65_536;

/** True for a call that its system reports as failed, or whose result reads like an error. `ok` has the last word. */
export function hasFailed({ ok, result }: ToolCall): boolean {
  if (ok !== null) return !ok;
  return result !== null && (ERROR_OPENING.test(result) || ERROR_FIELD.test(result.slice(0, 400)));
}

const ERROR_OPENING =
  /^["\s]{0,4}(?:error\b|failed\b|failure\b|exception\b|traceback\b|http [45]\d\d\b|unauthorized\b|forbidden\b|not found\b)/i;
const ERROR_FIELD =
  /"(?:error|errors)"\s?:\s?(?!null|\[\]|""|false|\{\})|"(?:success|ok)"\s?:\s?false|"status"\s?:\s?"(?:error|failed|failure|denied|rejected)"/i;

/** What the calls were given and gave back, in one text; bounded. */
export function textOfCalls(calls: readonly ToolCall[]): string {
  let text = '';
  for (const call of calls) {
    if (text.length > LONGEST_READ) break;
    text += `${call.arguments.slice(0, LONGEST_READ)}\n${(call.result ?? '').slice(0, LONGEST_READ)}\n`;
  }
  return text;
}

/** Results of tools in the messages since the user last spoke: calls of this turn whose names the record does not hold. */
export function hasUnnamedResults({ input }: Interaction): boolean {
  for (let i = input.length - 1; i >= 0; i--) {
    const role = input[i]?.role;
    if (role === 'tool') return true;
    if (role === 'user') return false;
  }
  return false;
}

export function hasToolMessages({ input }: Interaction): boolean {
  return input.some(({ role }) => role === 'tool');
}
