/** A half-open range `[start, end)` of UTF-16 code units that holds something of `kind`. */
export interface FoundSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/**
 * Joins overlapping finds: the union keeps the kind of the find that ranks first in `rank`, so nothing any finder saw
 * is left over. Input in any order; output disjoint and ascending.
 */
export function joinSpans(spans: readonly FoundSpan[], rank: ReadonlyMap<string, number>): readonly FoundSpan[] {
  if (spans.length < 2) return spans;
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: FoundSpan[] = [];
  let current: FoundSpan | undefined;
  for (const span of sorted) {
    if (current === undefined || span.start >= current.end) {
      if (current !== undefined) joined.push(current);
      current = span;
      continue;
    }
    const stronger =
      (rank.get(span.kind) ?? Infinity) < (rank.get(current.kind) ?? Infinity) ? span.kind : current.kind;
    current = { start: current.start, end: Math.max(current.end, span.end), kind: stronger };
  }
  if (current !== undefined) joined.push(current);
  return joined;
}
