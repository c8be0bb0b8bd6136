import type { Span } from '../../domain/check';
import { type Action, ACTIONS, ENGLISH, OUTSIDE_THINGS } from './actions';
import { FOREIGN_LANGUAGES } from './foreign-claims';

/** A place where an answer says that something was done. */
export interface ActionClaim {
  readonly action: Action;
  /** The words of the claim. */
  readonly span: Span;
  /** The sentence or line around it: where amounts and ids of the claim stand. */
  readonly sentence: Span;
  /** `I have refunded`: said of oneself, not `the show was cancelled`. */
  readonly firstPerson: boolean;
}

/** Claims beyond these say nothing new, and every one costs a look at the trace. */
const MOST_CLAIMS = 20;
const LONGEST_READ = 32_768;

const BY_WORD = new Map<string, { readonly action: Action; readonly vague: boolean }>();
for (const action of ACTIONS) {
  for (const word of split(ENGLISH[action].clear)) BY_WORD.set(word, { action, vague: false });
  for (const word of split(ENGLISH[action].vague)) BY_WORD.set(word, { action, vague: true });
}

function split(words: string): readonly string[] {
  return words === '' ? [] : words.split('|');
}

const WORDS = [...BY_WORD.keys()].join('|');
const SOON = '(?: (?:just|already|now|also|all|both|successfully|gone ahead and|been)){0,2}';
/** Three openings, each followed by at most two small words and the participle: bounded, so linear. */
const ENGLISH_CLAIM = new RegExp(
  `(?:\\b(?:I|[Ww]e)(?:['’]ve| have)?|\\b(?:ha(?:s|ve)|['’]s) been|\\b(?:was|were|been|is|are) successfully)${SOON} (${WORDS})\\b`,
  'g',
);
/** The first opening alone: all that a text with neither "been" nor "successfully" can hold, found at a third of the cost. */
const OWN_CLAIM = new RegExp(`\\b(?:I|[Ww]e)(?:['’]ve| have)?${SOON} (${WORDS})\\b`, 'g');
/** `I`, `I've`, `We` at the beginning; not `was` or `is`. */
const SELF = /^(?:I\b|[Ww]e\b)/;
const HANDING_OVER =
  /\b(?:(?:I['’]m|I am|[Ww]e['’]re|[Ww]e are)(?: now)? (?:transferring|escalating|connecting) (?:you|your|this)|[Yy]ou(?:['’]re| are)(?: now)? being (?:transferred|connected))\b/g;

/** Every match holds one of these; plain searches, since the pattern is tried at every word. */
const HANDING_OVER_HINTS = ['sferr', 'scalating', 'nnecting', 'being connected'];

/** Words around a claim that take it back: conditions, denials, questions, what someone else did. */
const NOT_YET =
  /\b(?:[Ii]f|[Oo]nce|[Uu]nless|[Uu]ntil|[Ww]hether|[Ww]hen|[Aa]fter|[Bb]efore|should|would|could|[Cc]annot|can(?:['’]t)?|not|[Nn]ever|[Nn]o longer|will|may|might|to be|[Ss]ince|because|nor|[Aa]s soon as|[Aa]ssuming|example|[Ss]uppose)\b|n['’]t\b/;

/** Every claim of an action in a text, in order of place; English by its tenses, German, French and Spanish by phrases. */
export function findClaims(answer: string): readonly ActionClaim[] {
  const text = answer.length > LONGEST_READ ? answer.slice(0, LONGEST_READ) : answer;
  const claims: ActionClaim[] = [];
  const english = text.includes(' been') || text.includes(' successfully') ? ENGLISH_CLAIM : OWN_CLAIM;
  english.lastIndex = 0;
  for (let hit = english.exec(text); hit !== null; hit = english.exec(text)) {
    const word = BY_WORD.get(hit[1] ?? '');
    if (word === undefined) continue;
    add(text, claims, hit.index, hit[0].length, word.action, word.vague, SELF.test(hit[0]));
    if (claims.length >= MOST_CLAIMS) return claims;
  }
  if (HANDING_OVER_HINTS.some((hint) => text.includes(hint))) scan(text, claims, HANDING_OVER, () => 'escalate');
  for (const { hints, claim, actions } of FOREIGN_LANGUAGES) {
    if (hints.some((hint) => text.includes(hint))) scan(text, claims, claim, (word) => actions[word]);
  }
  return claims;
}

function scan(
  text: string,
  claims: ActionClaim[],
  phrases: RegExp,
  actionOf: (word: string) => Action | undefined,
): void {
  phrases.lastIndex = 0;
  for (let hit = phrases.exec(text); hit !== null && claims.length < MOST_CLAIMS; hit = phrases.exec(text)) {
    const action = actionOf(hit[1] ?? '');
    if (action !== undefined) add(text, claims, hit.index, hit[0].length, action, false, true);
  }
}

function add(
  text: string,
  claims: ActionClaim[],
  at: number,
  length: number,
  action: Action,
  vague: boolean,
  firstPerson: boolean,
): void {
  const sentence = sentenceAround(text, at, at + length);
  const before = text.slice(sentence.start, at);
  if (text.charAt(sentence.end) === '?' || NOT_YET.test(before) || isQuoted(before)) return;
  if (vague && !OUTSIDE_THINGS.test(text.slice(sentence.start, sentence.end))) return;
  claims.push({ action, span: { start: at, end: at + length }, sentence, firstPerson });
}

/** An odd number of quotation marks before it: the words are someone's speech or part of a draft. */
function isQuoted(before: string): boolean {
  return (before.match(/["“”«»]/g)?.length ?? 0) % 2 === 1;
}

const LONGEST_SENTENCE = 300;

/** From the last end of a sentence or line to the next; a full stop inside `$4.50` or `v1.2` ends nothing. */
export function sentenceAround(text: string, from: number, to: number): Span {
  let start = from;
  while (start > 0 && from - start < LONGEST_SENTENCE && !endsSentence(text, start - 1)) start--;
  let end = to;
  while (end < text.length && end - to < LONGEST_SENTENCE && !endsSentence(text, end)) end++;
  return { start, end };
}

function endsSentence(text: string, index: number): boolean {
  const char = text.charAt(index);
  if (char === '\n' || char === '?' || char === '!' || char === '。') return true;
  if (char !== '.') return false;
  const next = text.charAt(index + 1);
  return next === '' || next === ' ' || next === '\n';
}
