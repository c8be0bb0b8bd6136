import type { Label } from '../domain/label';
import type { Interval } from '../stats/interval';
import { krippendorffAlpha } from '../stats/krippendorff';
import { quantiles } from '../stats/quantile';
import { createRandom, resampleIndices } from '../stats/seeded-random';
import { FEWEST_ITEMS } from './judge-audit';

export interface PeopleAmongThemselves {
  readonly criterion: string;
  readonly items: number;
  readonly alpha: number | null;
  /** By bootstrap over items; null below `FEWEST_ITEMS`. */
  readonly interval: Interval | null;
}

const RESAMPLES = 500;

/** Krippendorff's alpha of people's first and second labels of a criterion; adjudications follow from those. */
export function amongPeople(labels: readonly Label[], criterion: string): PeopleAmongThemselves {
  const byItem = new Map<string, Label[]>();
  for (const label of labels) {
    if (label.criterion !== criterion || label.value === null || label.round === 'adjudication') continue;
    byItem.set(label.interactionId, [...(byItem.get(label.interactionId) ?? []), label]);
  }
  const items = [...byItem.values()].filter((given) => given.length > 1);
  const raters = [...new Set(items.flat().map(({ rater }) => rater))];
  const ratings = raters.map((rater) =>
    items.map((given) => {
      const value = given.find((label) => label.rater === rater)?.value ?? null;
      return value === null ? null : Number(value >= 0.5);
    }),
  );
  if (items.length === 0) return { criterion, items: 0, alpha: null, interval: null };
  const alpha = krippendorffAlpha(ratings, 2, 'nominal');
  const interval = items.length < FEWEST_ITEMS ? null : alphaInterval(ratings, items.length);
  return { criterion, items: items.length, alpha, interval };
}

/** Source: STATISTICS 5.1; Krippendorff 2011 (the bootstrap of alpha). */
function alphaInterval(ratings: readonly (readonly (number | null)[])[], items: number): Interval | null {
  const resamples = resampleIndices(items, RESAMPLES, createRandom(1));
  const alphas = resamples.flatMap((indices) => {
    const rows = ratings.map((row) => indices.map((i) => row[i] ?? null));
    return krippendorffAlpha(rows, 2, 'nominal') ?? [];
  });
  const [low, high] = quantiles(alphas, [0.025, 0.975]);
  return low === undefined || high === undefined ? null : [low, high];
}
