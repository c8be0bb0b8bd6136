import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a living process, MB. Throws for one that has ended. */
export function residentMb(pid: number | null): number {
  return statusMb(pid, 'VmRSS');
}

/** What of it backs no file, MB: heap, buffers, stacks, and what the allocator keeps. */
export function anonymousMb(pid: number | null): number {
  return statusMb(pid, 'RssAnon');
}

/** Open files and sockets of a living process. */
export function openHandles(pid: number | null): number {
  if (pid === null) throw new Error('the process has ended under load');
  return readdirSync(`/proc/${pid}/fd`).length;
}

function statusMb(pid: number | null, field: string): number {
  if (pid === null) throw new Error('the process has ended under load');
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

/** The sum over a metric's series on a page of `/metrics`, or the one series whose labels are given; 0 where there is none. */
export function figureOf(page: string, name: string): number {
  let sum = 0;
  for (const line of page.split('\n')) {
    if (!line.startsWith(`${name} `) && !line.startsWith(`${name}{`)) continue;
    sum += Number(
      line
        .slice(line.lastIndexOf('}') + 1)
        .trim()
        .split(' ')
        .at(line.includes('}') ? 0 : 1),
    );
  }
  return sum;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Slope {
  /** Units of `y` per unit of `x`; NaN for fewer than two points. */
  readonly slope: number;
  /** 95% interval; null where the points are too few to have one. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The median of the slopes between any two points: a few collections that came late do not move it. The interval takes
 * the points as independent, so give it one point per period of whatever moves them together. Sen, "Estimates of the
 * regression coefficient based on Kendall's tau" (1968), section 5.
 */
export function slope(points: readonly Point[]): Slope {
  const slopes: number[] = [];
  points.forEach((one, i) => {
    for (const other of points.slice(i + 1)) if (other.x !== one.x) slopes.push((other.y - one.y) / (other.x - one.x));
  });
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return {
    slope: median(slopes),
    low: slopes[Math.floor((slopes.length - spread) / 2)] ?? null,
    high: slopes[Math.ceil((slopes.length + spread) / 2)] ?? null,
  };
}

/** NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
