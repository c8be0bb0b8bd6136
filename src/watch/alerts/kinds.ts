import type { AlertKind, AlertSeverity } from '../../domain/alert';
import type { AlertOptions } from '../options-alerts';

/** The gravest severity of each kind unless configured otherwise. */
const USUAL: Readonly<Record<AlertKind, AlertSeverity>> = {
  score_regression: 'page',
  check_regression: 'page',
  refusal_shift: 'ticket',
  unsupported_claim_rise: 'ticket',
  unsupported_action_rise: 'ticket',
  prompt_injection_rise: 'ticket',
  judged_ratio_low: 'ticket',
  judge_unavailable: 'ticket',
  dead_letters_rise: 'ticket',
  traffic_absent: 'info',
};

/** Kinds about the answers themselves: when several of them change at once, that is one incident. */
export const QUALITY_KINDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'score_regression',
  'check_regression',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
]);

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
const GRAVEST: Readonly<Record<AlertOptions['mode'], AlertSeverity>> = {
  observe: 'info',
  ticket: 'ticket',
  page: 'page',
};

/** What a kind may at most be, the mode left aside; null = it is not watched. */
export function severityOf(kind: AlertKind, options: AlertOptions): AlertSeverity | null {
  const configured = options.severities[kind] ?? USUAL[kind];
  return configured === 'off' ? null : configured;
}

/** What is told: never graver than the mode allows. */
export function toldSeverity(severity: AlertSeverity, mode: AlertOptions['mode']): AlertSeverity {
  return graver(severity, GRAVEST[mode]) === severity ? GRAVEST[mode] : severity;
}

export function graver(a: AlertSeverity, b: AlertSeverity): AlertSeverity {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** The owner of the narrowest declared segment; empty when nobody is named. */
export function ownerOf(segment: string, { owners }: AlertOptions): string {
  return (Object.hasOwn(owners, segment) ? owners[segment] : owners['all']) ?? '';
}
