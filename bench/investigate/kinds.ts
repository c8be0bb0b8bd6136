import type { CauseKind } from '../../src/investigate/cause';

/** What can be planted, each named as the report should name it. */
export const PLANTED = [
  'segment_regression',
  'release_regression',
  'route_failover',
  'mix_shift',
  'judge_version',
  'judge_prompt',
  'labeller_drift',
  'sampling_change',
  'check_failure',
  'users_only',
] as const satisfies readonly CauseKind[];
export type Planted = (typeof PLANTED)[number];

/** Causes for which the product is rightly blamed. */
export const PRODUCT: ReadonlySet<CauseKind> = new Set<CauseKind>([
  'segment_regression',
  'release_regression',
  'model_change',
  'route_failover',
  'check_failure',
]);
