import { firstInk } from './blank';
import type { ChecksOptions } from './options';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'length';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export function createLengthCheck({ minLength, maxLength }: ChecksOptions): DocumentedCheck {
  return {
    name: NAME,
    version: VERSION,
    meaning: 'The answer has between `checks.minLength` and `checks.maxLength` characters (UTF-16 code units).',
    example: 'With `maxLength: 20000`, an answer of 20,001 characters fails; the span is what lies beyond.',
    falsePositives: 'Long documents on request; set the limits to what your product shows.',
    run: ({ output: { text } }) => {
      if (firstInk(text) < 0) return notApplicable('empty');
      if (text.length < minLength) return fail('too_short');
      if (text.length > maxLength) return fail('too_long', { start: maxLength, end: text.length });
      return pass();
    },
  };
}
