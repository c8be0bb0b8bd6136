import { createHash } from 'node:crypto';
import type { Label, ReviewReason } from '../domain/label';
import type { ReviewOptions } from './options';

/** A judged interaction that people could be asked about. */
export interface ReviewCandidate {
  readonly interactionId: string;
  readonly segments: Readonly<Record<string, string>>;
  readonly release: string | null;
  /** Among the ensemble, in [0, 1]; 0 where it was not asked. */
  readonly disagreement: number;
  /** True when judges passed the answer and the user fared badly. */
  readonly diverges: boolean;
}

export interface DrawnReview {
  readonly interactionId: string;
  /** The first that applies; `random` items are those of the uniform sample. */
  readonly reason: ReviewReason;
  /** With which the item was drawn, over all reasons. */
  readonly probability: number;
  /** True when a second person labels it too. */
  readonly isDoubled: boolean;
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
    return [
      { interactionId: candidate.interactionId, reason: reasonAt(draw, chances, options), probability, isDoubled },
    ];
  });
}

/** What is still to be done about one criterion of a drawn item. */
export interface OpenReview extends DrawnReview {
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
  criteria: readonly string[],
  rater: string | null,
): OpenReview[] {
  const given = new Map<string, Label[]>();
  for (const label of labels) {
    const key = `${label.interactionId}\n${label.criterion}`;
    given.set(key, [...(given.get(key) ?? []), label]);
  }
  return drawn.flatMap((review) =>
    criteria.flatMap((criterion): OpenReview[] => {
      const known = given.get(`${review.interactionId}\n${criterion}`) ?? [];
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
  { disagreement, diverges, segments, release }: ReviewCandidate,
  labelled: DrawInput['labelled'],
  newestRelease: string | null,
  options: ReviewOptions,
): Boost[] {
  const cells = Object.entries(segments).map(([dimension, value]) => `${dimension}=${value}`);
  const isGap = cells.some((cell) => (labelled.get(cell) ?? 0) < options.coverageLabels);
  const isNew = newestRelease !== null && release === newestRelease;
  return [
    ['divergence', diverges ? options.divergence : 0],
    ['disagreement', disagreement * options.disagreement],
    ['release', isNew ? options.release : 0],
    ['coverage', isGap ? options.coverage : 0],
  ];
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
function uniform(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
