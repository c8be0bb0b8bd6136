import type { Effect } from './effect';

/** With the half-width of its 95 % interval: `−0.084 ± 0.020`. */
export function signed({ change, standardError }: Effect): string {
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)} ± ${(1.96 * standardError).toFixed(3)}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
}

export function sliceText(segments: Readonly<Record<string, string>>): string {
  const names = Object.keys(segments);
  return names.length === 0 ? 'other slices' : names.map((name) => `${name}=${segments[name]}`).join(' ');
}

/** To the second, UTC. */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
