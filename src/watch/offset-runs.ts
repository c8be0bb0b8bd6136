/**
 * A set of offsets as runs of neighbours: `5-9,12`. What goes wrong goes wrong in bursts, so a set of many thousand is a
 * few runs. Ascending; each run is [first, last].
 */
export type OffsetRuns = [first: bigint, last: bigint][];

/** Beyond so many the oldest are forgotten: about 100 kB of a checkpoint at the very worst. */
export const MOST_RUNS = 4096;

/** Adds an offset above all that are in it. */
export function appendOffset(runs: OffsetRuns, offset: bigint): void {
  const last = runs.at(-1);
  if (last !== undefined && offset <= last[1]) throw new Error(`offset ${offset} is not above ${last[1]}`);
  if (last !== undefined && last[1] + 1n === offset) last[1] = offset;
  else runs.push([offset, offset]);
  if (runs.length > MOST_RUNS) runs.shift();
}

/** Takes an offset out; false when it was not there. */
export function removeOffset(runs: OffsetRuns, offset: bigint): boolean {
  const at = runs.findIndex(([first, last]) => first <= offset && offset <= last);
  const run = runs[at];
  if (run === undefined) return false;
  const [first, last] = run;
  const left: OffsetRuns = [];
  if (first < offset) left.push([first, offset - 1n]);
  if (offset < last) left.push([offset + 1n, last]);
  runs.splice(at, 1, ...left);
  return true;
}

export function encodeRuns(runs: OffsetRuns): string {
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

export function decodeRuns(text: string): OffsetRuns {
  if (text === '') return [];
  return text.split(',').map((run) => {
    const [first = '', last = first] = run.split('-');
    return [BigInt(first), BigInt(last)];
  });
}
