import type { TextScan } from './scan';

/**
 * Digit groups that stand together as one written number: `+49 (0)30 1234-567` is one run of four groups.
 * `first` and `last` count groups; group k covers `[groups[2k], groups[2k + 1])`.
 */
export interface NumberRun {
  readonly first: number;
  readonly last: number;
}

const LONGEST_GAP = 3;
const GAP_CHARS = ' -./()\u00a0\u2010\u2011\u2013';

export function numberRuns(text: string, scan: TextScan): readonly NumberRun[] {
  const groups = scan.digitGroups;
  const count = groups.length / 2;
  const runs: NumberRun[] = [];
  let first = 0;
  for (let k = 0; k < count; k++) {
    const next = k + 1;
    if (next < count && isGap(text, groups[2 * k + 1] ?? 0, groups[2 * next] ?? 0)) continue;
    runs.push({ first, last: k });
    first = next;
  }
  return runs;
}

function isGap(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_GAP) return false;
  for (let i = start; i < end; i++) if (!GAP_CHARS.includes(text.charAt(i))) return false;
  return true;
}

export function groupStart(scan: TextScan, group: number): number {
  return scan.digitGroups[2 * group] ?? 0;
}

export function groupEnd(scan: TextScan, group: number): number {
  return scan.digitGroups[2 * group + 1] ?? 0;
}

export function groupLength(scan: TextScan, group: number): number {
  return groupEnd(scan, group) - groupStart(scan, group);
}

/** The code unit that alone parts this group from the next of its run; 0 when the gap is longer. */
export function soleGapAfter(text: string, scan: TextScan, group: number): number {
  const end = groupEnd(scan, group);
  return groupStart(scan, group + 1) - end === 1 ? text.charCodeAt(end) : 0;
}

/** How many code units part this group from the next of its run. */
export function gapLengthAfter(scan: TextScan, group: number): number {
  return groupStart(scan, group + 1) - groupEnd(scan, group);
}
