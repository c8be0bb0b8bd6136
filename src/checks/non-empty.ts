import { firstInk } from './blank';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'non_empty';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** An answer made of tool calls alone, or of the provider's refusal, needs no text. */
export const nonEmpty: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'The answer holds something to read: not empty, not only blanks.',
  example: 'Output text `"\\n\\n"` without tool calls fails.',
  falsePositives: 'Products in which the model may rightly say nothing.',
  run: ({ output }) => {
    if (firstInk(output.text) >= 0) return pass();
    if (output.toolCalls.length > 0) return notApplicable('tool_calls');
    if (output.refusal !== null) return notApplicable('refusal');
    return fail(output.text === '' ? 'empty' : 'blank');
  },
};
