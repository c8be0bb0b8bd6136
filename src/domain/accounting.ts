/** What became of a source record. Every offset ends as exactly one; the sum over outcomes equals the records read. */
export const RECORD_OUTCOMES = [
  'judged',
  'checked_only',
  'filtered',
  'behaviour',
  'dead_lettered',
  'duplicate',
] as const;
export type RecordOutcome = (typeof RECORD_OUTCOMES)[number];

/** What became of one criterion on one interaction. The sum over results equals interactions × criteria. */
export const CRITERION_RESULTS = ['scored', 'not_applicable', 'not_sampled', 'unjudged'] as const;
export type CriterionResult = (typeof CRITERION_RESULTS)[number];

/** Why a sampled criterion has no score. Never a zero, never a pass. */
export const UNJUDGED_REASONS = [
  'timeout',
  'rate_limited',
  'refused',
  'truncated',
  'unreadable',
  'not_independent',
  'over_budget',
  'paused',
  'missing_context',
  'unsupported_content',
  'too_long',
  'deadline',
  'error',
] as const;
export type UnjudgedReason = (typeof UNJUDGED_REASONS)[number];

export const ESCALATION_REASONS = ['borderline', 'audit', 'safety', 'check', 'disagreement', 'floor'] as const;
export type EscalationReason = (typeof ESCALATION_REASONS)[number];

export const DEAD_LETTER_REASONS = [
  'undecodable',
  'unknown_schema',
  'wrong_type',
  'unmapped',
  'too_large',
  'too_deep',
  'invalid',
  'handler_error',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];
