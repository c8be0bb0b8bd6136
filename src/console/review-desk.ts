import type { Label } from '../domain/label';
import {
  type DrawnReview,
  isSplitDecision,
  openReviews,
  type OpenReview,
  type ReviewCandidate,
  reviewsAt,
} from '../reviews/queue';
import type { GoldenReview } from '../reviews/rota';
import type { EvidenceStore } from '../store/port';
import { MAX_PAGE, type InteractionRow } from '../store/port-search';
import type { ConsoleParts } from './ports';

/** Everything that people are asked about, as far as the store knows. */
export interface ReviewDesk {
  readonly drawn: ReadonlyMap<string, DrawnReview>;
  readonly rows: ReadonlyMap<string, InteractionRow>;
  readonly golden: ReadonlyMap<string, GoldenReview>;
  readonly labels: readonly Label[];
  /** @param rater salted hash of who asks; null = whoever. */
  open(rater: string | null): readonly OpenReview[];
}

/** So many of the latest interactions are looked at, and one page of those on which judges agree least. */
const RECENT_PAGES = 5;

export async function readReviewDesk(parts: ConsoleParts): Promise<ReviewDesk> {
  const { store, reviews, now } = parts;
  const [recent, split, labels] = await Promise.all([
    latest(store),
    store.interactions({}, 'disagreement', { limit: MAX_PAGE }),
    store.labels(0, Number.MAX_SAFE_INTEGER),
  ]);
  const rows = new Map([...recent, ...split.rows].map((row) => [row.interactionId, row]));
  const oldestFirst = [...rows.values()].sort((a, b) => a.occurredAt - b.occurredAt);
  const candidates = await Promise.all(oldestFirst.map((row) => candidateOf(parts, row)));
  const golden = new Map(reviews.golden.map((item) => [item.id, item]));
  const judged = candidates.filter(({ criteria }) => criteria.length > 0);
  const all = reviewsAt({ candidates: judged, labels, golden: reviews.golden, now: now() }, reviews.options);
  return {
    drawn: new Map(all.map((review) => [review.interactionId, review])),
    rows,
    golden,
    labels,
    open: (rater) => openReviews(all, labels, rater),
  };
}

async function latest(store: EvidenceStore): Promise<InteractionRow[]> {
  const rows: InteractionRow[] = [];
  let after: string | undefined;
  for (let page = 0; page < RECENT_PAGES; page++) {
    const { rows: more, next } = await store.interactions({}, 'recent', { limit: MAX_PAGE, after });
    rows.push(...more);
    if (next === null) break;
    after = next;
  }
  return rows;
}

async function candidateOf(parts: ConsoleParts, row: InteractionRow): Promise<ReviewCandidate> {
  const { store } = parts;
  const scored = row.criteria.filter(({ result }) => result === 'scored');
  const hasPassed = scored.length > 0 && scored.every(({ pass }) => pass !== false);
  return {
    interactionId: row.interactionId,
    criteria: scored.map(({ criterion }) => criterion),
    segments: row.cell.segments,
    release: row.cell.release,
    disagreement: row.disagreement ?? 0,
    diverges: hasPassed && (await store.sessionsOf(row.conversationId)).some(hasFaredBadly),
    isSplit: await isSplitRow(parts, row),
  };
}

/** The vote itself is in the verdict, which is read where the ensemble was not of one mind. */
async function isSplitRow({ store, reviews, parseVerdict }: ConsoleParts, row: InteractionRow): Promise<boolean> {
  const isOpen = row.criteria.some(
    ({ criterion, disagreement }) => reviews.splits.has(criterion) && (disagreement ?? 0) > 0,
  );
  if (!isOpen) return false;
  const json = (await store.interaction(row.interactionId))?.verdictJson ?? null;
  return json !== null && isSplitDecision(reviews.splits, parseVerdict(json).criteria);
}

function hasFaredBadly(session: string): boolean {
  const { ending } = JSON.parse(session) as { readonly ending?: string };
  return ending === 'abandoned' || ending === 'handed_off';
}
