import { createHash } from 'node:crypto';
import { type Label, labelKey, LABEL_OUTCOMES, type LabelOutcome, type ReviewReason } from '../domain/label';
import { err, ok, type Result } from '../domain/result';
import type { EpochMs } from '../domain/time';

/** What a person says, as a form, a table or an API call has it. */
export interface Review {
  readonly interactionId: string;
  readonly criterion: string;
  /** Who says so, in the clear; only a salted hash is kept. */
  readonly rater: string;
  readonly outcome: LabelOutcome;
  readonly value: number | null;
  readonly confidence: number | null;
  readonly comment: string | null;
  readonly rubricVersion: string | null;
  readonly labelledAt: EpochMs | null;
}

/** What is known of the interaction that a review is about. */
export interface ReviewedItem {
  readonly segments: Label['segments'];
  readonly producerFamily: string | null;
  readonly reason: ReviewReason;
  readonly probability: number | null;
  /** By criterion. */
  readonly scores: ReadonlyMap<string, Pick<Label, 'panel' | 'score' | 'judges' | 'passAt'>>;
}

export interface ReviewRules {
  readonly cohort: string;
  readonly rubricVersion: string;
  readonly raterSalt: string;
  readonly now: EpochMs;
  /** Takes personal data out of a comment. */
  readonly redact: (text: string) => string;
}

/** Why a review is not taken; each is counted, and the review is handed back. */
export const REVIEW_FAULTS = ['unknown_interaction', 'unknown_criterion', 'wrong_rubric', 'invalid'] as const;
export type ReviewFault = (typeof REVIEW_FAULTS)[number];

const LONGEST_COMMENT = 1000;

/** A review as a label, beside what the judges said. */
export function toLabel(
  review: Review,
  item: ReviewedItem | undefined,
  round: Label['round'],
  rules: ReviewRules,
): Result<Label, ReviewFault> {
  if (item === undefined) return err('unknown_interaction');
  const said = item.scores.get(review.criterion);
  if (said === undefined) return err('unknown_criterion');
  if (review.rubricVersion !== null && review.rubricVersion !== rules.rubricVersion) return err('wrong_rubric');
  if (!isSound(review)) return err('invalid');
  return ok({
    interactionId: review.interactionId,
    criterion: review.criterion,
    outcome: review.outcome,
    value: review.outcome === 'labelled' ? review.value : null,
    confidence: review.confidence,
    comment: review.comment === null ? null : rules.redact(review.comment).slice(0, LONGEST_COMMENT),
    rater: raterHash(review.rater, rules.raterSalt),
    cohort: rules.cohort,
    rubricVersion: rules.rubricVersion,
    labelledAt: review.labelledAt ?? rules.now,
    reason: item.reason,
    round,
    probability: item.probability,
    segments: item.segments,
    producerFamily: item.producerFamily,
    ...said,
  });
}

/** 16 hex digits. */
export function raterHash(rater: string, salt: string): string {
  return createHash('sha256')
    .update(JSON.stringify([salt, rater]))
    .digest('hex')
    .slice(0, 16);
}

/** True when the two are by one person about one thing and say different things. */
export function contradicts(before: Label, now: Label): boolean {
  return labelKey(before) === labelKey(now) && (before.outcome !== now.outcome || before.value !== now.value);
}

function isSound({ interactionId, rater, outcome, value, confidence }: Review): boolean {
  const isShare = (one: number | null): boolean => one === null || (one >= 0 && one <= 1);
  if (interactionId === '' || rater === '' || !LABEL_OUTCOMES.includes(outcome)) return false;
  if (!isShare(value) || !isShare(confidence)) return false;
  return outcome !== 'labelled' || value !== null;
}
