import type { Span } from '../domain/check';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';
import { REFUSAL_PHRASES } from './refusal-phrases';
import { refusalStyle, type RefusalStyle } from './refusal-style';

const NAME = 'refusal';
const VERSION = 2;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** A refusal opens an answer; further in, the same words mostly report a limit of something else. */
export const OPENING = 300;
const PHRASES = Object.entries(REFUSAL_PHRASES);
/** What an opening in plain ASCII can match. */
const ASCII_PHRASES = PHRASES.filter(([language]) => !['ru', 'zh', 'ja'].includes(language));
const BEYOND_ASCII = /[^\n\t\r\x20-\x7e]/;

export const refusal: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'The model did not decline: no refusal signal of the provider and no words of refusal at the opening.',
  example: '`I cannot help with that request.` fails with detail `lexical=en style=inability` and the words as span.',
  falsePositives:
    'Declining rightly (a rate to watch, not a fault), apologies that go on to help, answers that quote a refusal. Does not escalate unless asked to.',
  run: ({ output }) => {
    if (output.refusal !== null && output.refusal !== '') return fail('provider');
    if (output.finishReason?.toLowerCase() === 'refusal') return fail('provider');
    if (output.text === '') return notApplicable('empty');
    const found = openingRefusal(output.text);
    if (found !== null) return fail(`lexical=${found.language} style=${found.style}`, found.span);
    return pass();
  },
};

export interface OpeningRefusal {
  readonly language: string;
  readonly style: RefusalStyle;
  readonly span: Span;
}

/** Two checks ask about the same answer in a row; the second need not search again. */
let lastOpening = '';
let lastFound: OpeningRefusal | null = null;

/** The first words of refusal at the opening of an answer; null when there are none. */
export function openingRefusal(text: string): OpeningRefusal | null {
  const opening = text.slice(0, OPENING);
  if (opening === lastOpening) return lastFound;
  lastOpening = opening;
  lastFound = searchOpening(opening);
  return lastFound;
}

function searchOpening(opening: string): OpeningRefusal | null {
  for (const [language, phrases] of BEYOND_ASCII.test(opening) ? PHRASES : ASCII_PHRASES) {
    const match = phrases.exec(opening);
    if (match === null) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    return { language, style: refusalStyle(opening.slice(Math.max(0, span.start - 40), span.end + 120)), span };
  }
  return null;
}
