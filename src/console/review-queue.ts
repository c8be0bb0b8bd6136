import { createHash } from 'node:crypto';
import type { ReviewReason } from '../domain/label';
import type { CriterionRow, InteractionRow } from '../store/port';

/** One criterion of one interaction that somebody should label. */
export interface ReviewItem {
  readonly row: InteractionRow;
  readonly criterion: string;
  readonly reason: ReviewReason;
  /** With which it was drawn, in (0, 1]; null where it was not drawn by chance, so that it stands for nothing else. */
  readonly probability: number | null;
}

export interface QueueInput {
  /** The latest, and those on which the judges were split most. */
  readonly recent: readonly InteractionRow[];
  readonly split: readonly InteractionRow[];
  /** `interaction/criterion` of what this person has labelled. */
  readonly labelled: ReadonlySet<string>;
  /** Share of the judged that is drawn by chance, in (0, 1]. */
  readonly share: number;
}

/** An ensemble split by this much is worth a person's time. */
const SPLIT_FROM = 0.3;

/**
 * What to label next: drawn by chance and split ones in turn, so that a short sitting serves both the audit and the
 * judges. The draw is a hash of the interaction and the criterion: the same for everybody, whatever is shown when. Pure.
 */
export function reviewQueue({ recent, split, labelled, share }: QueueInput): ReviewItem[] {
  const random = recent.flatMap((row) =>
    row.criteria.filter(isScored).flatMap(({ criterion }): ReviewItem[] => {
      const isDrawn = drawOf(row.interactionId, criterion) < share;
      return isDrawn ? [{ row, criterion, reason: 'random', probability: share }] : [];
    }),
  );
  const disagreed = split.flatMap((row) =>
    row.criteria
      .filter((one) => isScored(one) && (one.disagreement ?? 0) >= SPLIT_FROM)
      .map(({ criterion }): ReviewItem => ({ row, criterion, reason: 'disagreement', probability: null })),
  );
  const seen = new Set(labelled);
  return inTurn(random, disagreed).filter(({ row, criterion }) => {
    const key = reviewKey(row.interactionId, criterion);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

export function reviewKey(interactionId: string, criterion: string): string {
  return `${interactionId}/${criterion}`;
}

function isScored({ result }: CriterionRow): boolean {
  return result === 'scored';
}

/** Uniform in [0, 1). */
function drawOf(interactionId: string, criterion: string): number {
  const digest = createHash('sha256').update(`review|${interactionId}|${criterion}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

function inTurn<T>(first: readonly T[], second: readonly T[]): T[] {
  const all: T[] = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    for (const list of [first, second]) {
      const item = list[i];
      if (item !== undefined) all.push(item);
    }
  }
  return all;
}
