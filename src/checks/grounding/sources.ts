import type { Interaction } from '../../domain/interaction';
import { writtenNumbers } from '../numbers';

/** Everything an answer may take its figures and words from. Each part is made when first asked for. */
export interface Sources {
  /** True for a number that some source rounds to, as it is, in thousands or millions, or as a share. */
  hasNumber(value: number, decimals: number): boolean;
  /** Plain containment, without regard to case. */
  hasText(part: string): boolean;
  /** Containment of words: case, marks and spacing do not count. */
  hasWords(words: string): boolean;
}

/** Reading is bounded; what lies beyond is not held against the answer (see `isComplete`). */
const LONGEST_SOURCES = 262_144;
const MOST_NUMBERS = 20_000;

export function sourcesOf(interaction: Interaction): Sources {
  const text = sourceText(interaction);
  const isComplete = text.length < LONGEST_SOURCES;
  let numbers: Float64Array | null = null;
  let lower: string | null = null;
  let words: string | null = null;
  return {
    hasNumber(value, decimals) {
      numbers ??= Float64Array.from(writtenNumbers(text, MOST_NUMBERS), ({ value: known }) => Math.abs(known)).sort();
      const half = 0.5 * 10 ** -decimals * 1.0001;
      const wanted = Math.abs(value);
      return (
        !isComplete || SCALES.some((scale) => holds(numbers ?? EMPTY, (wanted - half) * scale, (wanted + half) * scale))
      );
    },
    hasText(part) {
      lower ??= text.toLowerCase();
      return !isComplete || lower.includes(part.toLowerCase());
    },
    hasWords(part) {
      words ??= plainWords(text);
      return !isComplete || words.includes(plainWords(part).trimEnd());
    },
  };
}

const EMPTY = new Float64Array();
/** As it is; said as a percentage of a share, and the other way round. */
const SCALES = [1, 0.01, 100];

function holds(sorted: Float64Array, from: number, to: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? Infinity) <= to;
}

function sourceText({ context, input, facts, output, referenceAnswer }: Interaction): string {
  const parts = context.map(({ id, text }) => `${id}\n${text}`);
  for (const { content } of input) parts.push(content);
  for (const { result, arguments: given } of output.toolCalls) parts.push(given, result ?? '');
  if (facts !== null && facts !== undefined) parts.push(toText(facts));
  if (referenceAnswer !== null) parts.push(referenceAnswer);
  return parts.join('\n').slice(0, LONGEST_SOURCES);
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** ` the answer is 4 2 `: lower case, everything but letters and digits as one space. */
function plainWords(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}
