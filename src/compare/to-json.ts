import { type Arm, armText } from './arm';
import type { Comparison, Decision } from './compare';

/** A comparison as it is printed and served; field names are part of the interface. */
export interface ComparisonJson {
  readonly where: string;
  readonly against: string;
  readonly verdict: Decision;
  readonly reason: string;
  readonly design: Comparison['design'];
  /** ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
  readonly sessions: Comparison['sessions'];
  readonly crossed: number;
  readonly sample_ratio: { readonly expected: number; readonly seen: number; readonly broken: boolean } | null;
  readonly series: readonly SeriesJson[];
  readonly not_compared: readonly string[];
}

export interface SeriesJson {
  readonly series: string;
  readonly gated: boolean;
  readonly n: { readonly first: number; readonly second: number };
  readonly mean: { readonly first: number; readonly second: number } | null;
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly fixed_interval: readonly [number, number] | null;
  readonly permutation_p: number | null;
  readonly decision: Decision;
}

export function comparisonToJson(comparison: Comparison, where: Arm, against: Arm): ComparisonJson {
  const { verdict, reason, design, sessions, crossed, sampleRatio } = comparison;
  return {
    where: armText(where),
    against: armText(against),
    verdict,
    reason,
    design,
    from: toIso(comparison.from),
    to: toIso(comparison.to),
    sessions,
    crossed,
    sample_ratio: sampleRatio && {
      expected: sampleRatio.expected,
      seen: sampleRatio.seen,
      broken: sampleRatio.isBroken,
    },
    series: comparison.series.map((one) => ({
      series: one.series,
      gated: one.isGated,
      n: one.n,
      mean: one.mean,
      difference: one.difference,
      interval: one.interval,
      fixed_interval: one.fixedInterval,
      permutation_p: one.permutationP,
      decision: one.decision,
    })),
    not_compared: comparison.notCompared,
  };
}

function toIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
