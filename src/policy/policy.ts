import type { EpochMs } from '../domain/time';
import type { Lease } from './lease';
import type { Weighting } from './weighting';

/**
 * The steps of the ladder, mildest first: what is given up when the budget does not last. Each step includes the ones
 * before it.
 *
 * - `band_off`: only audit, safety and failed checks escalate; estimates stay unbiased, their intervals grow.
 * - `sampling_down`: fewer whole conversations are judged.
 * - `checks_only`: nothing is judged; nothing reaches the estimators and `judged_ratio` says so.
 */
export const BUDGET_MODES = ['full', 'band_off', 'sampling_down', 'checks_only'] as const;
export type BudgetMode = (typeof BUDGET_MODES)[number];

/** What WATCH tells SCORE. Versioned: each decision is stamped with the version it was made under. */
export interface Policy {
  readonly version: number;
  /** Fold time at which it was made; 0 for the initial one. */
  readonly madeAt: EpochMs;
  readonly mode: BudgetMode;
  /** False switches the borderline band off; the audit stays. */
  readonly bandEnabled: boolean;
  /** Factor on every sampling rate, in [0, 1]. */
  readonly samplingScale: number;
  /** Judges that may not be called at present; and `old>new` where one has been promoted to the place of another. */
  readonly pausedJudges: readonly string[];
  /** Parts of the traffic that have reached their own ceiling: their `whereLabel`; and `BESIDE_TRAFFIC`. */
  readonly closedCeilings: readonly string[];
  /** Learned weights in force, by criterion; criteria without any are combined as configured. */
  readonly weightings: readonly Weighting[];
}

/** The policy before WATCH has published any. */
export const INITIAL_POLICY: Policy = {
  version: 1,
  madeAt: 0,
  mode: 'full',
  bandEnabled: true,
  samplingScale: 1,
  pausedJudges: [],
  closedCeilings: [],
  weightings: [],
};

/**
 * How a promotion stands among the paused judges: no judge has such a name, so a version that does not know promotions
 * only passes over the panels of the old judge, which is paused with it.
 */
export function promotionMark(replaces: string, judge: string): string {
  return `${replaces}>${judge}`;
}

/**
 * The ceiling of control items and shadow judges, which are paid as golden runs are. No part of the traffic has such a
 * label.
 */
export const BESIDE_TRAFFIC = 'beside traffic';

/** What a policy says, apart from which one it is. */
export type PolicyContent = Omit<Policy, 'version' | 'madeAt'>;

/** A record of the policy topic: one of both. */
export interface PolicyRecord {
  readonly policy: Policy | null;
  readonly lease: Lease | null;
}

/** The next policy, or the same object when nothing about it has changed. */
export function revisePolicy(policy: Policy, content: PolicyContent, at: EpochMs): Policy {
  const next = { version: policy.version + 1, madeAt: at, ...content };
  const isSame = JSON.stringify(contentOf(policy)) === JSON.stringify(contentOf(next));
  return isSame ? policy : next;
}

/** In one order of fields, whoever made it. */
function contentOf(policy: PolicyContent): PolicyContent {
  const { mode, bandEnabled, samplingScale, pausedJudges, closedCeilings, weightings } = policy;
  return { mode, bandEnabled, samplingScale, pausedJudges, closedCeilings, weightings };
}
