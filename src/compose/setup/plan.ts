import type { LoadedConfig } from '../../config/load';
import { smallestVisibleDrop } from '../../detectors/detection-delay';
import type { Interaction } from '../../domain/interaction';
import { createItemCost, TYPICAL_RATES } from '../../judge/item-cost';
import { type BudgetPlan, DAYS_PER_MONTH, planBudget, type SegmentDay, type SegmentPlan } from '../../policy/plan';
import { createFileDecoder, createReplaySource } from '../inputs';
import { readInteractions } from '../replay/read-interactions';

export interface PlanRequest {
  readonly loaded: LoadedConfig;
  readonly inputs: readonly string[];
  readonly monthlyUsd: number;
  /** Expected share of judged items that reach the ensemble, in [0, 1]. */
  readonly escalation: number;
  /** Days that the inputs stand for; null = from their first to their last event time. */
  readonly days: number | null;
}

export interface SegmentOutlook extends SegmentPlan {
  /** Until a baseline is learned, days; null when nothing is judged. */
  readonly daysToBaseline: number | null;
  /** Drop of the mean score that a page would show within so many days, on average; null = none would. */
  readonly visibleDrop: Readonly<Record<'1d' | '7d' | '30d', number | null>>;
}

export interface PlanReport {
  readonly dimension: string;
  readonly records: number;
  readonly days: number;
  readonly monthlyUsd: number;
  readonly trafficUsdPerDay: number;
  readonly plannedUsdPerDay: number;
  readonly fullUsdPerDay: number;
  readonly escalation: number;
  readonly segments: readonly SegmentOutlook[];
  /** Goes into the configuration as it is. */
  readonly sampling: string;
}

const DAY_MS = 86_400_000;
/** Scores of a healthy product: mostly passes, made somewhat wider by selective escalation. */
const ASSUMED = { mean: 0.85, variance: 0.19 };

/** What a budget buys, from counts and lengths of recorded traffic alone: no judge is called. */
export async function planFromFiles(request: PlanRequest): Promise<PlanReport> {
  const { loaded, inputs, monthlyUsd, escalation } = request;
  const { config } = loaded;
  const dimension = config.segments.dimensions[0] ?? 'product';
  const tally = createTally(loaded, dimension);
  const source = createReplaySource(inputs, 'max', config);
  const { records } = await readInteractions(source, createFileDecoder(config), (one) => tally.add(one));
  const days = request.days ?? tally.days();
  const trafficUsdPerDay = (monthlyUsd * (1 - config.budget.goldenShare)) / DAYS_PER_MONTH;
  const plan = planBudget(tally.segmentDays(days), { dailyUsd: trafficUsdPerDay, escalation });
  return {
    dimension,
    records,
    days,
    monthlyUsd,
    trafficUsdPerDay,
    plannedUsdPerDay: plan.costUsd,
    fullUsdPerDay: plan.fullUsd,
    escalation,
    segments: plan.segments.map((segment) => outlook(segment, loaded)),
    sampling: samplingBlock(plan, dimension),
  };
}

interface Tally {
  add(interaction: Interaction): void;
  /** At least one: less traffic than that says nothing about a day. */
  days(): number;
  segmentDays(days: number): SegmentDay[];
}

function createTally({ config: { criteria, cascade, judges } }: LoadedConfig, dimension: string): Tally {
  const costOf = createItemCost(criteria, cascade, judges, TYPICAL_RATES);
  const bySegment = new Map<string, { items: number; cheap: number; ensemble: number; conversations: Set<string> }>();
  let [first, last] = [Infinity, -Infinity];
  return {
    add(interaction) {
      const value = interaction.segments[dimension] ?? '';
      const found = bySegment.get(value) ?? { items: 0, cheap: 0, ensemble: 0, conversations: new Set<string>() };
      bySegment.set(value, found);
      const { cheapUsd, ensembleUsd } = costOf(interaction);
      found.items += 1;
      found.cheap += cheapUsd;
      found.ensemble += ensembleUsd;
      found.conversations.add(interaction.conversationId);
      first = Math.min(first, interaction.occurredAt);
      last = Math.max(last, interaction.occurredAt);
    },
    days: () => Math.max(1, (last - first) / DAY_MS || 0),
    segmentDays: (days) =>
      [...bySegment]
        .map(([value, { items, cheap, ensemble, conversations }]) => ({
          segment: value === '' ? '(none)' : value,
          interactions: items / days,
          conversations: conversations.size / days,
          cheapUsd: cheap / conversations.size,
          ensembleUsd: ensemble / conversations.size,
        }))
        .sort((a, b) => b.interactions - a.interactions || (a.segment < b.segment ? -1 : 1)),
  };
}

function outlook(segment: SegmentPlan, { config: { detectors } }: LoadedConfig): SegmentOutlook {
  const perDay = segment.judgedConversations;
  const { days, tolerance } = detectors.page;
  const within = (span: number): number | null => {
    const drop = smallestVisibleDrop({
      ...ASSUMED,
      threshold: days * detectors.maxSeries * perDay,
      items: span * perDay,
      referenceSize: detectors.reference,
    });
    return drop === null ? null : Math.min(ASSUMED.mean, drop + tolerance);
  };
  return {
    ...segment,
    daysToBaseline: perDay > 0 ? detectors.reference / perDay : null,
    visibleDrop: { '1d': within(1), '7d': within(7), '30d': within(30) },
  };
}

function samplingBlock({ segments }: BudgetPlan, dimension: string): string {
  const named = segments.filter(({ segment }) => segment !== '(none)');
  const rest = segments.find(({ segment }) => segment === '(none)');
  const smallest = Math.min(1, ...named.map(({ rate }) => rate));
  const cells = named.map(
    ({ segment, rate }) => `    - { where: { ${dimension}: ${JSON.stringify(segment)} }, rate: ${rate} }`,
  );
  return ['sampling:', `  rate: ${rest?.rate ?? smallest}`, ...(cells.length > 0 ? ['  cells:', ...cells] : [])].join(
    '\n',
  );
}
