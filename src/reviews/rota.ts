import { createHash } from 'node:crypto';
import type { Interaction } from '../domain/interaction';
import type { EpochMs } from '../domain/time';
import type { ReviewOptions } from './options';

/** An item of the golden set that people have labelled before, for those criteria. */
export interface GoldenReview {
  readonly id: string;
  readonly interaction: Interaction;
  /** What people said when the set was frozen, in [0, 1], by criterion. */
  readonly human: Readonly<Record<string, number>>;
}

export interface Rota {
  readonly items: readonly (GoldenReview & { readonly criteria: readonly string[] })[];
  /** When their turn began. */
  readonly since: EpochMs;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Golden items whose turn it is to be labelled again, blind: `goldenPerWeek` of those with a label of people, other ones
 * every week, in an order by hash, until all had their turn and it begins anew. What changes is the people, not the items.
 */
export function rotaAt(
  golden: readonly GoldenReview[],
  now: EpochMs,
  { goldenPerWeek, salt }: Pick<ReviewOptions, 'goldenPerWeek' | 'salt'>,
): Rota {
  const week = Math.floor(now / WEEK_MS);
  const known = golden
    .map((item) => ({ ...item, criteria: Object.keys(item.human).sort() }))
    .filter(({ criteria }) => criteria.length > 0);
  const keyed = known.map((item) => ({
    item,
    key: createHash('sha256').update(`${salt}|rota|${item.id}`).digest('hex'),
  }));
  const order = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
  const count = Math.min(goldenPerWeek, order.length);
  const items = Array.from({ length: count }, (_, i) => order[(week * count + i) % order.length]!);
  return { items, since: week * WEEK_MS };
}
