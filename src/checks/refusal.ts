import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';
import { REFUSAL_PHRASES } from './refusal-phrases';

const NAME = 'refusal';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** A refusal opens an answer; further in, the same words mostly report a limit of something else. */
const OPENING = 300;
const PHRASES = Object.entries(REFUSAL_PHRASES);

export const refusal: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'The model did not decline: no refusal signal of the provider and no words of refusal at the opening.',
  example: '`I cannot help with that request.` fails with detail `lexical=en` and the words as span.',
  falsePositives:
    'Declining rightly (a rate to watch, not a fault), apologies that go on to help, answers that quote a refusal. Does not escalate unless asked to.',
  run: ({ output }) => {
    if (output.refusal !== null && output.refusal !== '') return fail('provider');
    if (output.finishReason?.toLowerCase() === 'refusal') return fail('provider');
    if (output.text === '') return notApplicable('empty');
    const opening = output.text.slice(0, OPENING);
    for (const [language, phrases] of PHRASES) {
      const match = phrases.exec(opening);
      if (match !== null)
        return fail(`lexical=${language}`, { start: match.index, end: match.index + match[0].length });
    }
    return pass();
  },
};
