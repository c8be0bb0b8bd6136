import type { Label } from '../domain/label';
import { cohenKappa, confusionMatrix } from '../stats/agreement';
import type { Interval } from '../stats/interval';
import { tInterval } from '../stats/mean-intervals';
import { mean } from '../stats/moments';

/** How far one group of people has moved on items whose first labels are known: golden items labelled again, blind. */
export interface RaterDrift {
  readonly cohort: string;
  readonly criterion: string;
  readonly items: number;
  /** Now minus first label: above 0 people have grown more lenient. */
  readonly mean: number;
  readonly interval: Interval | null;
  /** People then and now beyond chance. */
  readonly kappa: number | null;
}

/**
 * The latest label of each golden item beside what people said of it first, by cohort and criterion.
 * @param firsts by `item\ncriterion`, in [0, 1].
 */
export function raterDrift(labels: readonly Label[], firsts: ReadonlyMap<string, number>): RaterDrift[] {
  const groups = new Map<string, { cohort: string; criterion: string; latest: Map<string, Label> }>();
  for (const label of [...labels].sort((a, b) => a.labelledAt - b.labelledAt)) {
    if (label.reason !== 'golden' || label.value === null) continue;
    const { cohort, criterion } = label;
    const key = `${cohort}\n${criterion}`;
    const group = groups.get(key) ?? { cohort, criterion, latest: new Map<string, Label>() };
    groups.set(key, group);
    group.latest.set(label.interactionId, label);
  }
  return [...groups.values()].flatMap(({ cohort, criterion, latest }) => {
    const pairs = [...latest].flatMap(([item, { value }]) => {
      const first = firsts.get(`${item}\n${criterion}`);
      return first === undefined || value === null ? [] : [{ first, last: value }];
    });
    const differences = pairs.map(({ first, last }) => last - first);
    const shift = mean(differences);
    if (shift === null) return [];
    const passes = (value: number): number => Number(value >= 0.5);
    const matrix = confusionMatrix(
      pairs.map(({ first }) => passes(first)),
      pairs.map(({ last }) => passes(last)),
      2,
    );
    const { kappa } = cohenKappa(matrix);
    return [{ cohort, criterion, items: pairs.length, mean: shift, interval: tInterval(differences), kappa }];
  });
}
