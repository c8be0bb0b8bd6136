import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a living process, MB. Throws for one that has ended. */
export function residentMb(pid: number | null): number {
  if (pid === null) throw new Error('the process has ended under load');
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

/** Open files and sockets of a living process. */
export function openHandles(pid: number | null): number {
  if (pid === null) throw new Error('the process has ended under load');
  return readdirSync(`/proc/${pid}/fd`).length;
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

/**
 * The median of the slopes between any two points (Theil and Sen), in units of `y` per unit of `x`: a few collections
 * that came late do not move it. NaN for fewer than two points.
 */
export function slope(points: readonly Point[]): number {
  const slopes: number[] = [];
  points.forEach((one, i) => {
    for (const other of points.slice(i + 1)) if (other.x !== one.x) slopes.push((other.y - one.y) / (other.x - one.x));
  });
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length % 2 === 1) return slopes[middle] ?? NaN;
  return ((slopes[middle - 1] ?? NaN) + (slopes[middle] ?? NaN)) / 2;
}
