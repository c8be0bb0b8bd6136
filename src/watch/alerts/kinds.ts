import type { AlertKind, AlertSeverity } from '../../domain/alert';
import type { AlertOptions } from '../options-alerts';

/** The gravest severity of each kind unless configured otherwise. */
const USUAL: Readonly<Record<AlertKind, AlertSeverity>> = {
  score_regression: 'page',
  recovery_regression: 'page',
  check_regression: 'page',
  judge_drift: 'ticket',
  rater_drift: 'ticket',
  judge_user_divergence: 'ticket',
  engagement_regression: 'ticket',
  judge_human_disagreement: 'ticket',
  judge_family_bias: 'ticket',
  judges_converged: 'ticket',
  judge_invalid_output: 'ticket',
  judge_unavailable: 'ticket',
  refusal_shift: 'ticket',
  unsupported_claim_rise: 'ticket',
  unsupported_action_rise: 'ticket',
  failover_quality: 'ticket',
  prompt_injection_rise: 'ticket',
  control_item_missed: 'ticket',
  golden_set_stale: 'ticket',
  judged_ratio_low: 'ticket',
  judge_budget_limited: 'ticket',
  dead_letters_rise: 'ticket',
  offset_gap: 'ticket',
  traffic_mix_shift: 'ticket',
  quality_dip_after_release: 'ticket',
  traffic_absent: 'info',
};

/**
 * Kinds about the answers themselves: when several of them change at once, that is one incident. In the order in which they
 * name it: what tells the cause first.
 */
export const QUALITY_KINDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'failover_quality',
  'score_regression',
  'judge_user_divergence',
  'recovery_regression',
  'quality_dip_after_release',
  'check_regression',
  'engagement_regression',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
]);

/** Kinds that rest on the judges' scores, and fall silent when it was the judge that moved. */
export const SCORE_KINDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'score_regression',
  'failover_quality',
  'quality_dip_after_release',
]);

/**
 * Least distance from the baseline that is a change, where the level wanders a little without that meaning anything; the
 * budgets' own tolerance when that is more.
 */
const LEAST_TOLERANCE: Readonly<Partial<Record<AlertKind, number>>> = {
  traffic_mix_shift: 0.05,
  judge_user_divergence: 0.02,
  engagement_regression: 0.02,
  judges_converged: 0.02,
  failover_quality: 0.02,
  quality_dip_after_release: 0.02,
};

export function leastTolerance(kind: AlertKind): number {
  return LEAST_TOLERANCE[kind] ?? 0;
}

/** Checks whose failures have a kind of their own. */
const KIND_OF_CHECK: Readonly<Record<string, AlertKind>> = {
  refusal: 'refusal_shift',
  partial_refusal: 'refusal_shift',
  grounding: 'unsupported_claim_rise',
  tool_claims: 'unsupported_action_rise',
  unknown_tool: 'unsupported_action_rise',
  injection: 'prompt_injection_rise',
};

export function kindOfCheck(check: string): AlertKind {
  return Object.hasOwn(KIND_OF_CHECK, check) ? (KIND_OF_CHECK[check] ?? 'check_regression') : 'check_regression';
}

const ORDER: readonly AlertSeverity[] = ['info', 'ticket', 'page'];

/** What a kind may at most be, the mode left aside; null = it is not watched. */
export function severityOf(kind: AlertKind, options: AlertOptions): AlertSeverity | null {
  const configured = options.severities[kind] ?? USUAL[kind];
  return configured === 'off' ? null : configured;
}

export function graver(a: AlertSeverity, b: AlertSeverity): AlertSeverity {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** The owner of the narrowest declared segment; empty when nobody is named. */
export function ownerOf(segment: string, { owners }: AlertOptions): string {
  return (Object.hasOwn(owners, segment) ? owners[segment] : owners['all']) ?? '';
}
