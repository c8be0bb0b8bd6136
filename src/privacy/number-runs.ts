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
/** ` -./()` and no-break space, hyphens, dash, by code unit. */
const GAP_CODES: ReadonlySet<number> = new Set([0xa0, 0x2010, 0x2011, 0x2013]);
const ASCII_GAPS = new Uint8Array(128);
for (const char of ' -./()') ASCII_GAPS[char.charCodeAt(0)] = 1;

/** No number that is looked for is one group of 1, 3, 4 or 5 digits, as most figures of a text are. */
function mayStandAlone(length: number): boolean {
  return length === 2 || length > 5;
}

/** Runs in which something can be; lone short groups are left out. */
export function numberRuns(text: string, scan: TextScan): readonly NumberRun[] {
  const groups = scan.digitGroups;
  const count = groups.length / 2;
  const runs: NumberRun[] = [];
  let first = 0;
  for (let k = 0; k < count; k++) {
    const next = k + 1;
    if (next < count && isGap(text, groups[2 * k + 1] ?? 0, groups[2 * next] ?? 0)) continue;
    if (first !== k || mayStandAlone(groupLength(scan, k))) runs.push({ first, last: k });
    first = next;
  }
  return runs;
}

function isGap(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_GAP) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 ? ASCII_GAPS[code] === 0 : !GAP_CODES.has(code)) return false;
  }
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
