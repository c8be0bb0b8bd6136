import { expectedHalfWidths, planLabels, type PlannedItem } from '../../calibration/label-planner';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import { uniform } from '../../reviews/queue';
import { openRecorded, type RecordedPlace } from '../replay/recorded';

export interface LabelPlanRequest {
  readonly loaded: LoadedConfig;
  readonly place: RecordedPlace;
  readonly criterion: string;
  /** Labels to be spent, on average. */
  readonly labels: number;
}

export interface LabelPlan {
  readonly criterion: string;
  readonly series: readonly PlannedSeries[];
  /** What to label: drawn by hash, each with its chance of being labelled, by whatever way. */
  readonly items: readonly { readonly interactionId: string; readonly probability: number }[];
}

/** Half-widths of the 95 % interval of the mean label, as far as the judges' own doubt is right. */
export interface PlannedSeries {
  readonly series: string;
  readonly judged: number;
  /** Items with a label of people. */
  readonly labelled: number;
  /** Null without labels. */
  readonly now: number | null;
  /** With the labels to be spent drawn by chance alone, and as planned. */
  readonly byChance: number;
  readonly planned: number;
}

/**
 * What so many labels buy, by value of the first segment dimension, and on which items. The chances depend on judges'
 * scores and on how many labels there are, never on what the labels say, so estimates from them stay unbiased. Rejects
 * with USAGE where nothing was judged.
 */
export async function planLabelling(request: LabelPlanRequest): Promise<LabelPlan> {
  const { loaded, place, criterion, labels } = request;
  const recorded = await openRecorded(loaded, place);
  const [dimension] = loaded.config.segments.dimensions;
  const judged = new Map<string, PlannedItem>();
  await recorded.eachVerdict(({ interactionId, interaction, criteria }) => {
    const score = criteria.find((one) => one.criterion === criterion)?.score ?? null;
    if (interaction === null || score === null) return;
    const value = dimension === undefined ? undefined : interaction.segments[dimension];
    judged.set(interactionId, { predicted: score, series: value === undefined ? 'all' : `${dimension}=${value}` });
  });
  if (judged.size === 0) throw new MonitorError('USAGE', `${criterion}: nothing with its text was judged`);
  const known = new Set(
    recorded.labels.flatMap((label) =>
      label.criterion === criterion && label.value !== null ? label.interactionId : [],
    ),
  );
  const ids = [...judged.keys()];
  const items = [...judged.values()];
  const sizes = countBy(items);
  const had = countBy(ids.flatMap((id) => (known.has(id) ? judged.get(id)! : [])));
  // Of so many labels in a series each of its items might as well have been one.
  const chanceSoFar = items.map(({ series }) => (had.get(series) ?? 0) / (sizes.get(series) ?? 1));
  const open = ids.flatMap((id, i) => (known.has(id) ? [] : [i]));
  const plan = planLabels(
    open.map((i) => items[i]!),
    { labels: Math.min(labels, open.length) },
  );
  const share = Math.min(1, labels / Math.max(1, open.length));
  const either = (chance: number, more: number): number => Math.min(1, chance + (1 - chance) * more);
  const byChance = chanceSoFar.map((chance) => either(chance, share));
  // What has its label is as the open items are on average: the plan looked at them alone.
  const planned = [...byChance];
  open.forEach((i, k) => (planned[i] = either(chanceSoFar[i]!, plan.probabilities[k]!)));
  const { salt } = loaded.config.reviews;
  return {
    criterion,
    series: seriesOf(items, sizes, had, { now: chanceSoFar, byChance, planned }),
    items: open.flatMap((i, k) => {
      const interactionId = ids[i]!;
      const isDrawn = uniform(`${salt}|plan|${criterion}|${interactionId}`) < plan.probabilities[k]!;
      return isDrawn ? [{ interactionId, probability: planned[i]! }] : [];
    }),
  };
}

function seriesOf(
  items: readonly PlannedItem[],
  sizes: ReadonlyMap<string, number>,
  had: ReadonlyMap<string, number>,
  chances: Readonly<Record<'now' | 'byChance' | 'planned', readonly number[]>>,
): PlannedSeries[] {
  // A series without labels has no interval yet; a chance of 0 would divide by it.
  const widths = (of: readonly number[]): ReadonlyMap<string, number> =>
    expectedHalfWidths(
      items,
      of.map((chance) => Math.max(chance, Number.EPSILON)),
    );
  const [now, byChance, planned] = [widths(chances.now), widths(chances.byChance), widths(chances.planned)];
  return [...sizes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([series, judged]) => {
      const labelled = had.get(series) ?? 0;
      return {
        series,
        judged,
        labelled,
        now: labelled === 0 ? null : (now.get(series) ?? null),
        byChance: byChance.get(series) ?? 0,
        planned: planned.get(series) ?? 0,
      };
    });
}

function countBy(items: readonly PlannedItem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { series } of items) counts.set(series, (counts.get(series) ?? 0) + 1);
  return counts;
}
