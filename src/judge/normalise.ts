import { neutraliseControlTokens } from './control-tokens';

/**
 * Characters without a glyph of their own: controls but tab and line feed, soft hyphen, zero-width and bidirectional
 * marks, annotation marks, variation selectors, tags (U+E0000 block). Text can hide instructions or whole messages
 * in them.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0d\ufeff\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Joiners and emoji selectors carry meaning in some scripts and in emoji, never between ASCII characters. */
const STRAY_JOINERS =
  /(?<![^\u0000-\u007f\u200c\u200d\ufe0e\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![^\u0000-\u007f\u200c\u200d\ufe0e\ufe0f])/gu;
const STRAY_SELECTORS = /(?<!\p{Emoji})[\ufe0e\ufe0f]/gu;

/** Letters that are drawn as nothing. */
const BLANK_LETTERS = /[\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Nothing but printable ASCII, tabs and line feeds: most texts, and nothing in them to mend but reserved marks. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/** The share of a cut text's budget that its head gets; answers tend to begin with the point and end with the result. */
const HEAD_SHARE = 0.6;

/**
 * A text as a judge sees it: well-formed, line ends as `\n`, invisible characters gone, reserved marks of chat
 * templates disarmed, and at most about `budget` UTF-16 units: of a longer one the head and the tail are kept, and
 * the gap is stated. Applying it again changes nothing but a cut text's.
 */
export function normaliseForJudge(text: string, budget: number): string {
  return cutToBudget(cleanText(text), budget);
}

/** Everything of `normaliseForJudge` but the budget. */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return neutraliseControlTokens(text);
  let current = text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?|[\u2028\u2029\u0085]/gu, '\n')
    .replace(INVISIBLE, '')
    .replace(BLANK_LETTERS, ' ');
  // Removing one stray mark can make its neighbour one.
  for (let before = ''; before !== current;) {
    before = current;
    current = current.replace(STRAY_JOINERS, '').replace(STRAY_SELECTORS, '');
  }
  return neutraliseControlTokens(current);
}

function cutToBudget(text: string, budget: number): string {
  if (text.length <= budget) return text;
  const head = wholeCharacters(text.slice(0, Math.ceil(budget * HEAD_SHARE)), 'end');
  const tail = wholeCharacters(text.slice(text.length - Math.floor(budget * (1 - HEAD_SHARE))), 'start');
  return `${head}\n[${text.length - head.length - tail.length} characters left out here]\n${tail}`;
}

/** Drops half of a surrogate pair at the cut. */
function wholeCharacters(part: string, cut: 'start' | 'end'): string {
  return cut === 'end' ? part.replace(/[\ud800-\udbff]$/, '') : part.replace(/^[\udc00-\udfff]/, '');
}
