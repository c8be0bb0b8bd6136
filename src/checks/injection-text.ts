import { decodeDisguises } from './injection-decode';
import { DROPPED, recode } from './recode';
import { seenTriggers } from './injection-scan';
import type { Triggers } from './injection-triggers';

/** A text as it reads once what hides it is undone, and how much hiding there was. */
export interface Unfolded {
  /** Lower case, plain letters, no invisible characters. */
  readonly text: string;
  /** Characters that draw nothing and belong to no script or emoji here: tags, zero-width, bidirectional. */
  readonly invisible: number;
  /** Words that mix Latin letters with look-alikes of another script. */
  readonly mixedWords: number;
  /** What base64, tags, spelled-out or digit-for-letter writing decodes to, folded; empty when nothing does. */
  readonly decoded: readonly string[];
  /** A phrase of up to twelve words is said at least sixteen times on end. */
  readonly flooded: boolean;
  /** What the folded text holds. */
  readonly triggers: Triggers;
}

/** Longest text looked at, UTF-16 units: of a longer one the head and the tail, where instructions stand. */
const LONGEST = 32_768;

/** The same few words this often in a row are no emphasis. */
const FEWEST_REPEATS = 16;

const TAGS = /[\u{e0020}-\u{e007e}]+/gu;
const LETTER_LIKE: Readonly<Record<string, string>> = {
  а: 'a', ӓ: 'a', с: 'c', ԁ: 'd', е: 'e', ё: 'e', һ: 'h', і: 'i', ї: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o',
  р: 'p', ѕ: 's', т: 't', у: 'y', х: 'x', ѵ: 'v', ԛ: 'q', ԝ: 'w', в: 'b', г: 'r', п: 'n', ɡ: 'g', ı: 'i', ɩ: 'i',
  α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', τ: 't', υ: 'u', ε: 'e', χ: 'x', γ: 'y', ϲ: 'c', η: 'n', ω: 'w',
}; // prettier-ignore
const LOOK_ALIKE = new RegExp(`[${Object.keys(LETTER_LIKE).join('')}]`, 'gu');
const MIXED_WORD =
  /(?=[^\s]{0,30}[a-z])(?=[^\s]{0,30}[\u0370-\u03ff\u0400-\u04ff])[a-z\u0370-\u03ff\u0400-\u04ff]{3,30}/gu;
/** What of the disguises can be in a text at all: one look at each character, so that searches are kept for them. */
interface Characters {
  readonly ascii: boolean;
  /** How many draw nothing. */
  readonly invisible: number;
  /** Among them joiners or marks of direction, which are writing in some places. */
  readonly joiners: boolean;
  readonly tags: boolean;
  /** Greek or Cyrillic. */
  readonly lookAlike: boolean;
  /** Curly quotes, dashes and the like, which are written as plain marks. */
  readonly marks: boolean;
  /** Anything else beyond ASCII: it may have a compatible form. */
  readonly other: boolean;
}

const ASCII: Characters = {
  ascii: true,
  invisible: 0,
  joiners: false,
  tags: false,
  lookAlike: false,
  marks: false,
  other: false,
};

function charactersOf(text: string): Characters {
  const size = text.length;
  let at = 0;
  while (at < size && text.charCodeAt(at) < 128) at++;
  if (at === size) return ASCII;
  let invisible = 0;
  let [joiners, tags, lookAlike, marks, other] = [false, false, false, false, false];
  for (; at < size; at++) {
    const code = text.charCodeAt(at);
    if (code < 128) continue;
    if (code === HIGH_OF_EMOJI && isLowSurrogate(text.charCodeAt(at + 1))) at++;
    else if (code >= 0x370 && code < 0x500) lookAlike = other = true;
    else if (
      (code >= 0x2010 && code <= 0x2014) ||
      (code >= 0x2018 && code <= 0x201e) ||
      code === 0x2bc ||
      code === 0xb4
    )
      marks = true;
    else if (isInvisible(code)) {
      invisible++;
      joiners ||= code >= 0x200c && code <= 0x200f;
    } else other = true;
    if (code === HIGH_OF_TAGS) {
      tags = true;
      if (isLowOfInvisible(text.charCodeAt(at + 1))) invisible++;
    }
  }
  return { ascii: false, invisible, joiners, tags, lookAlike, marks, other };
}

function isInvisible(code: number): boolean {
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x180e ||
    code === 0xfeff
  );
}

/** U+1F400 to U+1F7FF, most emoji: none has a compatible form or any meaning here, and texts full of them are common. */
const HIGH_OF_EMOJI = 0xd83d;

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** U+E0000 to U+E007F draw nothing: the high surrogate of the plane of tags, and the low ones that draw nothing after it. */
const HIGH_OF_TAGS = 0xdb40;

function isLowOfInvisible(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdc7f;
}

function withoutInvisible(text: string): string {
  return recode(text, (code, at) => {
    if (code < 0xad) return code;
    if (isInvisible(code)) return DROPPED;
    if (code === HIGH_OF_TAGS && isLowOfInvisible(text.charCodeAt(at + 1))) return DROPPED;
    return isLowOfInvisible(code) && text.charCodeAt(at - 1) === HIGH_OF_TAGS ? DROPPED : code;
  });
}

/** Undoes the usual disguises. Linear in the text; most texts are plain ASCII and are only put in lower case. */
export function unfold(original: string): Unfolded {
  const text =
    original.length <= LONGEST
      ? original
      : `${original.slice(0, LONGEST / 2)}\n${original.slice(original.length - LONGEST / 2)}`;
  const has = charactersOf(text);
  if (has.ascii) return finish(text, text.toLowerCase(), 0, 0, []);
  const tags = has.tags ? [...text.matchAll(TAGS)].map(([run]) => fromTags(run)).filter((run) => run.length > 3) : [];
  const shown = has.invisible > 0 ? withoutInvisible(text) : text;
  const plain = (has.other || has.marks ? shown.normalize('NFKC') : shown).toLowerCase();
  const mixedWords = has.lookAlike ? (plain.match(MIXED_WORD)?.length ?? 0) : 0;
  const folded = has.marks || has.other ? withPlainMarks(plain) : plain;
  // Look-alikes are read as Latin only beside Latin letters: Russian and Greek text stays what it is.
  const latin = mixedWords === 0 ? folded : folded.replace(LOOK_ALIKE, (char) => LETTER_LIKE[char] ?? char);
  return finish(
    text,
    latin,
    has.joiners ? has.invisible - emojiJoiners(text) : has.invisible,
    mixedWords,
    tags.map((run) => run.toLowerCase()),
  );
}

function withPlainMarks(text: string): string {
  return recode(text, plainMark);
}

/** Quotes ‘’ʼ`´ to ', “”„ to ", hyphens and dashes ‐‑‒–— to -. */
function plainMark(code: number): number {
  if (code < 0x2010) return code === 0x60 || code === 0xb4 || code === 0x2bc ? 0x27 : code;
  if (code > 0x201e) return code;
  if (code <= 0x2014) return 0x2d;
  if (code === 0x2018 || code === 0x2019) return 0x27;
  return code >= 0x201c ? 0x22 : code;
}

function finish(
  text: string,
  folded: string,
  invisible: number,
  mixedWords: number,
  tags: readonly string[],
): Unfolded {
  const triggers = seenTriggers(folded);
  const decoded = [...tags, ...decodeDisguises(text, folded, triggers)];
  const flooded = triggers.echo >= triggers.echoPeriod * (FEWEST_REPEATS - 1) && triggers.echo > 0;
  return { text: folded, triggers, invisible, mixedWords, decoded, flooded };
}

/** Joiners within emoji and after non-Latin letters are writing, not hiding. */
function emojiJoiners(text: string): number {
  return text.match(/(?<=[\p{Emoji}\ufe0f\u0590-\u0dff\u0600-\u06ff])[\u200c\u200d\u200e\u200f]/gu)?.length ?? 0;
}

function fromTags(run: string): string {
  return [...run].map((char) => String.fromCharCode((char.codePointAt(0) ?? 0) - 0xe0000)).join('');
}
