import type { TextScan } from './scan';

/**
 * Digit groups that stand together as one written number: `+49 (0)30 1234-567` is one run of four groups.
 * `first` and `last` count groups.
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
  const { groups } = scan;
  const count = groups.count;
  const runs: NumberRun[] = [];
  let first = 0;
  for (let k = 0; k < count; k++) {
    const next = k + 1;
    if (next < count && isGap(text, groups.end(k), groups.start(next))) continue;
    if (first !== k || mayStandAlone(scan.groups.length(k))) runs.push({ first, last: k });
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
