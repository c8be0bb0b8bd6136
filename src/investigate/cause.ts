import type { Effect } from './effect';

/** What a change may come from. */
export const CAUSE_KINDS = [
  'segment_regression',
  'release_regression',
  'model_change',
  'route_failover',
  'check_failure',
  'mix_shift',
  'sampling_change',
  'judge_version',
  'judge_prompt',
  'labeller_drift',
  'users_only',
  'nothing',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** Whose it is to look at. */
export type CauseFamily = 'product' | 'traffic' | 'judge' | 'labels' | 'users' | 'none';

const FAMILY: Readonly<Record<CauseKind, CauseFamily>> = {
  segment_regression: 'product',
  release_regression: 'product',
  model_change: 'product',
  route_failover: 'product',
  check_failure: 'product',
  mix_shift: 'traffic',
  sampling_change: 'traffic',
  judge_version: 'judge',
  judge_prompt: 'judge',
  labeller_drift: 'labels',
  users_only: 'users',
  nothing: 'none',
};

export function familyOf(kind: CauseKind): CauseFamily {
  return FAMILY[kind];
}

/** One possible cause with how much of the change it accounts for. */
export interface Cause {
  readonly kind: CauseKind;
  readonly family: CauseFamily;
  /** What exactly, e.g. `release=2026.11.2 in product+locale=support+de`. */
  readonly what: string;
  readonly effect: Effect;
  /** Its part of the whole change; may exceed 1 where causes work against each other. */
  readonly share: number;
  /** `shown` by a test; `likely` where what would settle it is missing. */
  readonly certainty: 'shown' | 'likely';
  readonly because: string;
}

/** What was looked at, by which test, with which result. */
export interface Finding {
  readonly what: string;
  readonly verdict: 'ruled out' | 'found' | 'not ruled out';
  readonly test: string;
  readonly figures: string;
}

export function cause(
  kind: CauseKind,
  what: string,
  effect: Effect,
  whole: number,
  because: string,
  certainty: Cause['certainty'] = 'shown',
): Cause {
  return {
    kind,
    family: familyOf(kind),
    what,
    effect,
    share: whole === 0 ? 0 : effect.change / whole,
    certainty,
    because,
  };
}
