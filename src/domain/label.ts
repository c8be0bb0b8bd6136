import type { EpochMs } from './time';

/** `withdrawn` takes an earlier label back: it counts for nothing and its item is not asked about again. */
export const LABEL_OUTCOMES = ['labelled', 'cannot_tell', 'withdrawn'] as const;
export type LabelOutcome = (typeof LABEL_OUTCOMES)[number];

/** Why a person was asked. Only `random` items, and those with a probability, stand for the traffic. */
export const REVIEW_REASONS = [
  'random',
  'disagreement',
  'divergence',
  'coverage',
  'release',
  'golden',
  'import',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** A part of the items is labelled twice, each person blind to the other; `adjudication` settles what they split on. */
export const LABEL_ROUNDS = ['first', 'second', 'adjudication'] as const;
export type LabelRound = (typeof LABEL_ROUNDS)[number];

/** What one person says about one criterion of one interaction, beside what the judges said. */
export interface Label {
  /** The interaction, or the item of the golden set when `reason` is `golden`. */
  readonly interactionId: string;
  readonly criterion: string;
  readonly outcome: LabelOutcome;
  /** 0 = fails, 1 = passes, graded in between; null unless `labelled`. */
  readonly value: number | null;
  /** How sure the person is, in [0, 1]. */
  readonly confidence: number | null;
  /** Redacted; null without one. */
  readonly comment: string | null;
  /** Salted hash of who labelled. */
  readonly rater: string;
  /** Group of people labelled by the same guideline; labels of two cohorts are not pooled once they drift apart. */
  readonly cohort: string;
  readonly rubricVersion: string;
  readonly labelledAt: EpochMs;
  readonly reason: ReviewReason;
  readonly round: LabelRound;
  /** Probability with which the item was drawn for review, in (0, 1]; null when it was not drawn by chance. */
  readonly probability: number | null;
  readonly segments: Readonly<Record<string, string>>;
  /** Family of the model that answered; null when unknown. */
  readonly producerFamily: string | null;
  /** Judges that made the published score. */
  readonly panel: string | null;
  /** The published score that the label is held against, in [0, 1]; null when there was none. */
  readonly score: number | null;
  /** A score at or above it is a pass. */
  readonly passAt: number;
  /** Each judge's own score of the same item, copied from the winning verdict; only those that gave one. */
  readonly judges: readonly JudgeScore[];
}

export interface JudgeScore {
  readonly judge: string;
  readonly family: string;
  /** In [0, 1]. */
  readonly score: number;
}

/** One person, one criterion, one interaction: the last record under it counts. */
export function labelKey({ interactionId, criterion, rater }: Label): string {
  return ['label', interactionId, criterion, rater].map(encodeURIComponent).join('/');
}
