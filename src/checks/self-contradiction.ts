import type { Span } from '../domain/check';
import type { Output } from '../domain/interaction';
import { CLOSING_VERDICT, OPENING_VERDICT, RETRACTION, STATED_NUMBER } from './contradiction-phrases';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';
import { shownBefore } from './shown-to-user';

const NAME = 'self_contradiction';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

const SHORTEST = 20;
const LONGEST_READ = 65_536;

/** The cheap half: what fails here is suspicious; a judge criterion named in `checks.criteriaAfter` has the last word. */
export const selfContradiction: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning:
    'The end of the answer does not take back its beginning: no retraction, no verdict or figure stated anew with another value. Of streamed answers it says what the user had already seen, and for how long.',
  example:
    '`Yes, you can. ... No, actually you cannot.` fails with detail `retraction seen_chars=14 seen_ms=2100`; the span is the place where it turns.',
  falsePositives:
    'Stories and dialogues in which someone corrects himself; answers to several questions at once. A criterion `self_contradiction` judges only what fails here.',
  run: ({ output }) => {
    if (output.text.length < SHORTEST) return notApplicable('too_short');
    const text = output.text.length > LONGEST_READ ? output.text.slice(0, LONGEST_READ) : output.text;
    const turn = retraction(text) ?? changedVerdict(text) ?? changedNumber(text);
    return turn === null ? pass() : fail(`${turn.kind}${seen(output, turn)}`, turn.span);
  },
};

interface Turn {
  readonly kind: 'retraction' | 'verdict' | 'number';
  readonly span: Span;
  /** End of the part that was taken back. */
  readonly committedEnd: number;
}

function seen(output: Output, { span, committedEnd }: Turn): string {
  const shown = shownBefore(output, committedEnd, span.start);
  return shown === null ? '' : ` seen_chars=${shown.chars} seen_ms=${Math.round(shown.ms)}`;
}

function spanOf(hit: RegExpExecArray): Span {
  return { start: hit.index, end: hit.index + hit[0].length };
}

/** Something has to stand before the retraction, and the words must not be quoted. */
function retraction(text: string): Turn | null {
  RETRACTION.lastIndex = SHORTEST - 8;
  for (let hit = RETRACTION.exec(text); hit !== null; hit = RETRACTION.exec(text)) {
    const lineStart = Math.max(text.lastIndexOf('\n', hit.index) + 1, hit.index - 200);
    const quotes = text.slice(lineStart, hit.index).match(/["“”]/g)?.length ?? 0;
    if (quotes % 2 === 0)
      return { kind: 'retraction', span: spanOf(hit), committedEnd: firstSentenceEnd(text, hit.index) };
  }
  return null;
}

function changedVerdict(text: string): Turn | null {
  const opening = OPENING_VERDICT.exec(text);
  if (opening === null) return null;
  const first = isYes(opening[1] ?? '');
  let last: RegExpExecArray | null = null;
  CLOSING_VERDICT.lastIndex = opening[0].length;
  for (let hit = CLOSING_VERDICT.exec(text); hit !== null; hit = CLOSING_VERDICT.exec(text)) last = hit;
  if (last === null || isYes(last[1] ?? '') === first) return null;
  return { kind: 'verdict', span: spanOf(last), committedEnd: opening[0].length };
}

const YES = new Set(['yes', 'yep', 'yeah', 'true', 'correct', 'ja', 'oui', 'sí', 'sì', 'sim']);

function isYes(word: string): boolean {
  return YES.has(word.toLowerCase());
}

/** Two different figures under the same words; three and more are the answers to several questions. */
function changedNumber(text: string): Turn | null {
  const hits: RegExpExecArray[] = [];
  STATED_NUMBER.lastIndex = 0;
  for (let hit = STATED_NUMBER.exec(text); hit !== null && hits.length < 3; hit = STATED_NUMBER.exec(text))
    hits.push(hit);
  const [first, second] = hits;
  if (hits.length !== 2 || first === undefined || second === undefined) return null;
  if (valueOf(first) === valueOf(second) || isListed(text, second.index)) return null;
  return { kind: 'number', span: spanOf(second), committedEnd: first.index + first[0].length };
}

/** A heading or a number between: another item of a list. */
function isListed(text: string, at: number): boolean {
  return /\n\s{0,4}(?:#{1,6} |\d{1,2}[.)] |\*\*(?:question|problem|part|example)|(?:question|problem|part|example) )/i.test(
    text.slice(Math.max(0, at - 2000), at),
  );
}

function valueOf(hit: RegExpExecArray): number {
  return Number((hit[1] ?? '').replaceAll(',', ''));
}

function firstSentenceEnd(text: string, limit: number): number {
  const end = /[.!?\n]/.exec(text.slice(0, limit));
  return end === null ? limit : end.index + 1;
}
