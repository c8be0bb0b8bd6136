import type { Diagnosis } from './diagnose';
import type { Effect } from './effect';
import { sliceText } from './words';

/** A slice and its part of the change. */
export interface Carrier {
  readonly what: string;
  readonly contribution: Effect;
  readonly before: number | null;
  readonly after: number | null;
  readonly shareBefore: number;
  readonly shareAfter: number;
}

const MOST_CARRIERS = 8;

/** Slices that carry most of the change, largest first; until nine tenths are covered. */
export function carriersOf({ decomposition }: Pick<Diagnosis, 'decomposition'>): Carrier[] {
  if (decomposition === null) return [];
  const all = decomposition.slices
    .map((slice) => ({
      slice,
      contribution: {
        change: slice.within.change + slice.mix.change,
        standardError: slice.within.standardError,
      },
    }))
    .sort((a, b) => Math.abs(b.contribution.change) - Math.abs(a.contribution.change));
  const whole = all.reduce((total, { contribution }) => total + Math.abs(contribution.change), 0);
  const kept: Carrier[] = [];
  let covered = 0;
  for (const { slice, contribution } of all) {
    if (kept.length >= MOST_CARRIERS || covered >= 0.9 * whole) break;
    covered += Math.abs(contribution.change);
    kept.push({
      what: sliceText(slice.segments),
      contribution,
      before: slice.before?.mean ?? null,
      after: slice.after?.mean ?? null,
      shareBefore: slice.shareBefore,
      shareAfter: slice.shareAfter,
    });
  }
  return kept;
}
