import { createHash } from 'node:crypto';
import type { Label, ReviewReason } from '../domain/label';
import type { EpochMs } from '../domain/time';
import { isSplitVote } from '../stats/split-vote';
import type { ReviewOptions } from './options';
import { type GoldenReview, type Rota, rotaAt } from './rota';

/** A judged interaction that people could be asked about. */
export interface ReviewCandidate {
  readonly interactionId: string;
  /** Those that have a score. */
  readonly criteria: readonly string[];
  readonly segments: Readonly<Record<string, string>>;
  readonly release: string | null;
  /** Among the ensemble, in [0, 1]; 0 where it was not asked. */
  readonly disagreement: number;
  /** True when judges passed the answer and the user fared badly. */
  readonly diverges: boolean;
  /** True where the judges' decision is split on a criterion whose split decisions are people's. */
  readonly isSplit: boolean;
}

/** Criteria whose split decisions go to people (`onSplit: review`), and from which score on each is a pass. */
export type SplitCriteria = ReadonlyMap<string, number>;

/** @param criteria of one interaction, with what the ensemble said. */
export function isSplitDecision(
  splits: SplitCriteria,
  criteria: readonly { readonly criterion: string; readonly ensemble: readonly { readonly score: number | null }[] }[],
): boolean {
  return criteria.some(({ criterion, ensemble }) => {
    const passAt = splits.get(criterion);
    return (
      passAt !== undefined &&
      isSplitVote(
        ensemble.flatMap(({ score }) => score ?? []),
        passAt,
      )
    );
  });
}

export interface DrawnReview {
  readonly interactionId: string;
  readonly criteria: readonly string[];
  /** The first that applies; `random` items are those of the uniform sample. */
  readonly reason: ReviewReason;
  /** With which the item was drawn, over all reasons; null for an item of the golden set, whose turn it is. */
  readonly probability: number | null;
  /** True when a second person labels it too. */
  readonly isDoubled: boolean;
  /** Labels of before do not count; null = all do. */
  readonly since: EpochMs | null;
}

export interface QueueInput {
  /** Oldest first: the last one's release is the newest. */
  readonly candidates: readonly ReviewCandidate[];
  readonly labels: readonly Label[];
  /** The golden set, for those of its items whose turn it is. */
  readonly golden: readonly GoldenReview[];
  readonly now: EpochMs;
}

/**
 * Everything that people are asked about, waiting or done, in an order by hash: whoever labels cannot tell a golden item
 * from the traffic, and a short sitting serves every purpose.
 */
export function reviewsAt({ candidates, labels, golden, now }: QueueInput, options: ReviewOptions): DrawnReview[] {
  const labelled = new Map<string, number>();
  for (const { segments } of labels) {
    for (const cell of cellsOf(segments)) labelled.set(cell, (labelled.get(cell) ?? 0) + 1);
  }
  const newestRelease = candidates.findLast(({ release }) => release !== null)?.release ?? null;
  const drawn = drawReviews(candidates, { labelled, newestRelease }, options);
  const all = [...drawn, ...goldenReviews(rotaAt(golden, now, options))];
  const keyed = all.map((review) => ({ review, key: uniform(`${options.salt}|order|${review.interactionId}`) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ review }) => review);
}

function goldenReviews({ items, since }: Rota): DrawnReview[] {
  return items.map(({ id, criteria }) => {
    return { interactionId: id, criteria, reason: 'golden', probability: null, isDoubled: false, since };
  });
}

export interface DrawInput {
  /** Labels so far by `dimension=value`. */
  readonly labelled: ReadonlyMap<string, number>;
  readonly newestRelease: string | null;
}

/**
 * Which candidates are to be reviewed. Each is drawn by a hash of its id with a probability that is known and never below
 * the random share, so that whatever is drawn, estimates can be put right; the same candidates give the same draw, so that
 * nothing comes twice and nothing that was removed comes back.
 */
export function drawReviews(
  candidates: readonly ReviewCandidate[],
  { labelled, newestRelease }: DrawInput,
  options: ReviewOptions,
): DrawnReview[] {
  return candidates.flatMap((candidate): DrawnReview[] => {
    const chances = boosts(candidate, labelled, newestRelease, options);
    const probability = Math.min(1, options.random + chances.reduce((sum, [, chance]) => sum + chance, 0));
    const draw = uniform(`${options.salt}|review|${candidate.interactionId}`);
    if (draw >= probability) return [];
    const isDoubled = uniform(`${options.salt}|second|${candidate.interactionId}`) < options.second;
    const { interactionId, criteria } = candidate;
    const reason = reasonAt(draw, chances, options);
    return [{ interactionId, criteria, reason, probability, isDoubled, since: null }];
  });
}

/** What is still to be done about one criterion of a drawn item. */
export interface OpenReview extends Omit<DrawnReview, 'criteria' | 'since'> {
  readonly criterion: string;
  readonly round: Label['round'];
}

/**
 * Reviews that wait, in the order of their draw: a first label, a second one where the item is doubled, an adjudication
 * where the two differ. Nobody is asked about an item that they labelled already; what was withdrawn is not asked about
 * again. Labels that say "cannot tell" count as given.
 *
 * @param rater salted hash of who asks; null = whoever.
 */
export function openReviews(
  drawn: readonly DrawnReview[],
  labels: readonly Label[],
  rater: string | null,
): OpenReview[] {
  const given = new Map<string, Label[]>();
  for (const label of labels) {
    const key = `${label.interactionId}\n${label.criterion}`;
    given.set(key, [...(given.get(key) ?? []), label]);
  }
  return drawn.flatMap(({ criteria, since, ...review }) =>
    criteria.flatMap((criterion): OpenReview[] => {
      const all = given.get(`${review.interactionId}\n${criterion}`) ?? [];
      const known = since === null ? all : all.filter(({ labelledAt }) => labelledAt >= since);
      const round = nextRound(known, review.isDoubled);
      const hasLabelled = rater !== null && known.some((label) => label.rater === rater);
      return round === null || hasLabelled ? [] : [{ ...review, criterion, round }];
    }),
  );
}

/** Null when nothing is left to do. */
export function nextRound(known: readonly Label[], isDoubled: boolean): Label['round'] | null {
  if (known.some(({ outcome }) => outcome === 'withdrawn')) return null;
  if (known.some(({ round }) => round === 'adjudication')) return null;
  const first = known.find(({ round }) => round === 'first');
  const second = known.find(({ round }) => round === 'second');
  if (first === undefined) return 'first';
  if (!isDoubled) return null;
  if (second === undefined) return 'second';
  return isSplit(first, second) ? 'adjudication' : null;
}

function isSplit(first: Label, second: Label): boolean {
  if (first.value === null || second.value === null) return first.value !== second.value;
  return first.value >= 0.5 !== second.value >= 0.5;
}

type Boost = readonly [ReviewReason, number];

function boosts(
  { disagreement, diverges, isSplit, segments, release }: ReviewCandidate,
  labelled: DrawInput['labelled'],
  newestRelease: string | null,
  options: ReviewOptions,
): Boost[] {
  const isGap = cellsOf(segments).some((cell) => (labelled.get(cell) ?? 0) < options.coverageLabels);
  const isNew = newestRelease !== null && release === newestRelease;
  return [
    ['divergence', diverges ? options.divergence : 0],
    ['disagreement', isSplit ? 1 : disagreement * options.disagreement],
    ['release', isNew ? options.release : 0],
    ['coverage', isGap ? options.coverage : 0],
  ];
}

function cellsOf(segments: Readonly<Record<string, string>>): string[] {
  return Object.entries(segments).map(([dimension, value]) => `${dimension}=${value}`);
}

/** The draw falls into the random share, or into the piece of one of the boosts laid end to end behind it. */
function reasonAt(draw: number, chances: readonly Boost[], { random }: ReviewOptions): ReviewReason {
  let upTo = random;
  if (draw < upTo) return 'random';
  for (const [reason, chance] of chances) {
    upTo += chance;
    if (draw < upTo) return reason;
  }
  return chances.find(([, chance]) => chance > 0)?.[0] ?? 'random';
}

/** In [0, 1), by hash. */
export function uniform(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
