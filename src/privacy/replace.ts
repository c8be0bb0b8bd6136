/** What takes the place of `[start, end)` of a text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with positions in it, ascending, that move along when parts are replaced. */
export interface CutText {
  readonly text: string;
  readonly cuts: readonly number[];
}

/**
 * Applies disjoint, ascending replacements. A cut inside a replaced part moves to the end of its replacement, so that
 * the replacement is never torn: `ab|cd` with `bc` replaced by `[x]` gives `a[x]|d`.
 */
export function applyReplacements(from: CutText, replacements: readonly Replacement[]): CutText {
  if (replacements.length === 0) return from;
  // Joined at the end: a text grown piece by piece is a tree that the next reading has to flatten.
  const parts: string[] = [];
  let length = 0;
  let copied = 0;
  let next = 0;
  const cuts: number[] = [];
  for (const { start, end, text: replacement } of replacements) {
    for (; (from.cuts[next] ?? Infinity) <= start; next++) cuts.push(length + (from.cuts[next] ?? 0) - copied);
    parts.push(from.text.slice(copied, start), replacement);
    length += start - copied + replacement.length;
    copied = end;
    for (; (from.cuts[next] ?? Infinity) < end; next++) cuts.push(length);
  }
  for (; next < from.cuts.length; next++) cuts.push(length + (from.cuts[next] ?? 0) - copied);
  parts.push(from.text.slice(copied));
  return { text: parts.join(''), cuts };
}
