import { createHash } from 'node:crypto';
import { type JudgeScore, type Label, labelKey, LABEL_OUTCOMES, type LabelOutcome } from '../domain/label';
import { err, ok, type Result } from '../domain/result';
import type { EpochMs } from '../domain/time';
import type { CriterionVerdict } from '../domain/verdict';
import { type DrawnReview, nextRound } from './queue';
import type { GoldenReview } from './rota';

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
  /** Of a label that was planned (`reviews export --plan`): its chance, in (0, 1]; else null. */
  readonly probability: number | null;
  readonly labelledAt: EpochMs | null;
}

/** What is known of the interaction that a review is about. */
export interface ReviewedItem {
  readonly segments: Label['segments'];
  readonly producerFamily: string | null;
  /** By criterion. */
  readonly scores: ReadonlyMap<string, Said>;
}

/** What the judges said of one criterion. */
type Said = Pick<Label, 'panel' | 'score' | 'judges' | 'passAt'>;

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

/** What is known of an item beforehand. */
export interface ReviewContext {
  readonly item: ReviewedItem | undefined;
  /** Undefined for an item that nobody was asked about. */
  readonly drawn: DrawnReview | undefined;
  /** Labels of the same item and criterion, of whoever. */
  readonly others: readonly Label[];
}

/** A review as a label, beside what the judges said. A person who says it again keeps the round. */
export function toLabel(
  review: Review,
  { item, drawn, others }: ReviewContext,
  rules: ReviewRules,
): Result<Label, ReviewFault> {
  if (item === undefined) return err('unknown_interaction');
  const said = item.scores.get(review.criterion);
  if (said === undefined) return err('unknown_criterion');
  if (review.rubricVersion !== null && review.rubricVersion !== rules.rubricVersion) return err('wrong_rubric');
  if (!isSound(review)) return err('invalid');
  const rater = raterHash(review.rater, rules.raterSalt);
  const own = others.find((label) => label.rater === rater);
  // What nobody waits for is one more opinion.
  const round = own?.round ?? nextRound(others, drawn?.isDoubled ?? true) ?? 'second';
  return ok({
    interactionId: review.interactionId,
    criterion: review.criterion,
    outcome: review.outcome,
    value: review.outcome === 'labelled' ? review.value : null,
    confidence: review.confidence,
    comment: review.comment === null ? null : rules.redact(review.comment).slice(0, LONGEST_COMMENT),
    rater,
    cohort: rules.cohort,
    rubricVersion: rules.rubricVersion,
    // A time to come, as of a mistyped year, would make all that are labelled until then come late.
    labelledAt: Math.min(review.labelledAt ?? rules.now, rules.now),
    reason: drawn?.reason ?? (review.probability === null ? 'import' : 'coverage'),
    round,
    probability: review.probability ?? drawn?.probability ?? null,
    segments: item.segments,
    producerFamily: item.producerFamily,
    ...said,
  });
}

/** What judges said of each criterion. @param passAt by criterion; 0.5 where it is not there. */
export function scoresOf(
  criteria: readonly CriterionVerdict[],
  passAt: ReadonlyMap<string, number>,
): ReviewedItem['scores'] {
  return new Map(
    criteria.map((one) => [
      one.criterion,
      { panel: one.panel, score: one.score, judges: judgesOf(one), passAt: passAt.get(one.criterion) ?? 0.5 },
    ]),
  );
}

/** A golden item that is labelled again: what judges said when it was live has nothing to do with it. */
export function goldenItem(
  { human, interaction: { segments, producer } }: GoldenReview,
  familyOf: (model: string) => string | null,
  passAt: ReadonlyMap<string, number>,
): ReviewedItem {
  const scores = Object.keys(human).map((criterion): [string, Said] => [
    criterion,
    { panel: null, score: null, judges: [], passAt: passAt.get(criterion) ?? 0.5 },
  ]);
  return { segments, producerFamily: familyOf(producer.model), scores: new Map(scores) };
}

/** A judge that sits on both stages speaks once. */
function judgesOf({ cheap, ensemble }: CriterionVerdict): JudgeScore[] {
  const scores = new Map<string, JudgeScore>();
  for (const { judge, family, score } of [...cheap, ...ensemble])
    if (score !== null) scores.set(judge, { judge, family, score });
  return [...scores.values()];
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

function isSound({ interactionId, rater, outcome, value, confidence, probability }: Review): boolean {
  const isShare = (one: number | null): boolean => one === null || (one >= 0 && one <= 1);
  if (interactionId === '' || rater === '' || !LABEL_OUTCOMES.includes(outcome)) return false;
  if (!isShare(value) || !isShare(confidence) || !isShare(probability) || probability === 0) return false;
  return outcome !== 'labelled' || value !== null;
}
