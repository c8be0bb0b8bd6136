import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';
import { isReached } from '../../src/watch/alerts/tier';
import { createWatched, observe } from '../../src/watch/alerts/watched';
import { ALL_SEGMENTS } from '../../src/watch/segments';
import { alertOptions, type AlertParams, detectorOptions } from '../../src/watch/options-alerts';

const CRITERIA = 5;
const BEFORE = 0.85;
/** Until alerts on what was learned are told (`alerts.observeDays`), and then the drop comes. */
const RUNNING_DAYS = 14;
const MOST_DAYS = 120;
/** Days of what did not come within those watched: more than any that did. */
const BEYOND = 2 * MOST_DAYS;
const DAY_MS = 86_400_000;
/** Values of sessions of which all are judged by the ensemble, and of the shipped cascade, which audits one in ten. */
const UNIT = [0, 1] as const;
const CASCADE = [-9, 10] as const;

export interface DefaultDelays {
  readonly days_to_page_10: number | null;
  readonly days_to_ticket_10: number | null;
  readonly days_to_page_05: number | null;
  readonly days_to_ticket_05: number | null;
  /** The same where a value may be as large as one over the least probability of escalation. */
  readonly days_to_page_10_cascade: number | null;
  readonly days_to_ticket_10_cascade: number | null;
  /** Days until the reference is complete. */
  readonly days_to_baseline: number;
}

/**
 * Median days from a drop of a pass/fail series to its page and ticket by the product's own series and options. As
 * shipped 500 series share the budgets, however few there are; for more than that `maxSeries` is set to their number.
 * Null beyond 120 days.
 */
export function defaultDelays(runs: number, seed: number): Record<string, DefaultDelays> {
  const found: Record<string, DefaultDelays> = {};
  for (const segments of [1, 40, 500]) {
    for (const perDay of [30, 100, 500]) {
      const shipped = detectorOptions.parse({});
      const maxSeries = Math.max(shipped.maxSeries, segments * CRITERIA);
      const params = paramsOf({ ...shipped, maxSeries });
      const ten = mediansOf(params, { perDay, drop: 0.1, range: UNIT }, runs, seed);
      const five = mediansOf(params, { perDay, drop: 0.05, range: UNIT }, runs, seed);
      const cascade = mediansOf(params, { perDay, drop: 0.1, range: CASCADE }, runs, seed);
      found[`${segments}x${CRITERIA}/${perDay}`] = {
        days_to_page_10: ten.page,
        days_to_ticket_10: ten.ticket,
        days_to_page_05: five.page,
        days_to_ticket_05: five.ticket,
        days_to_page_10_cascade: cascade.page,
        days_to_ticket_10_cascade: cascade.ticket,
        days_to_baseline: ten.baseline,
      };
    }
  }
  return found;
}

/** What makes a drop of 5 points page sooner: options of detectors, and the criterion's objective. */
const SETTINGS = {
  'as shipped': { detectors: {}, objective: null },
  'detectors.page.tolerance: 0': { detectors: { page: { days: 30, tolerance: 0 } }, objective: null },
  'the same, detectors.reference: 4000': {
    detectors: { page: { days: 30, tolerance: 0 }, reference: 4000 },
    objective: null,
  },
  'objective 1 point below': { detectors: {}, objective: BEFORE - 0.01 },
  'objective 2 points below': { detectors: {}, objective: BEFORE - 0.02 },
} as const;

/** Median days from a drop of 5 points to its page under each setting, by judged sessions a day; null beyond 120. */
export function fivePoints(runs: number, seed: number): Record<string, Record<string, number | null>> {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { detectors, objective }]) => {
      const params = paramsOf(detectorOptions.parse(detectors));
      const days = [100, 500].map((perDay) => {
        const { page } = mediansOf(params, { perDay, drop: 0.05, range: UNIT, objective }, runs, seed);
        return [perDay, page] as const;
      });
      return [name, Object.fromEntries(days)];
    }),
  );
}

function paramsOf(detectors: AlertParams['detectors']): AlertParams {
  return { detectors, alerts: alertOptions.parse({}), scores: { largest: 1, floor: 1 }, objectives: {} };
}

interface Drop {
  readonly perDay: number;
  readonly drop: number;
  readonly range: readonly [number, number];
  readonly objective?: number | null;
}

interface Medians {
  readonly page: number | null;
  readonly ticket: number | null;
  readonly baseline: number;
}

function mediansOf(params: AlertParams, drop: Drop, runs: number, seed: number): Medians {
  const random = createRandom(seed);
  const all = Array.from({ length: runs }, () => daysOf(params, drop, random));
  const median = (values: readonly number[]): number | null => {
    const value = quantile(values, 0.5);
    return value === null || value > MOST_DAYS ? null : Math.round(10 * value) / 10;
  };
  return {
    page: median(all.map(({ page }) => page)),
    ticket: median(all.map(({ ticket }) => ticket)),
    baseline: median(all.map(({ baseline }) => baseline)) ?? 0,
  };
}

/** One series from its first session to its page; `BEYOND` for what did not come. */
function daysOf(
  params: AlertParams,
  { perDay, drop, range, objective = null }: Drop,
  random: () => number,
): { page: number; ticket: number; baseline: number } {
  const id = { kind: 'score_regression', segment: ALL_SEGMENTS, criterion: 'helpful', panel: '' } as const;
  const nothing = { target: null, objective, seeded: null, borrowed: null, hasHistory: false };
  const series = createWatched({ id, range, ...nothing }, params);
  let t = 0;
  const step = (mean: number): void => {
    const at = (t++ * DAY_MS) / perDay;
    observe(series, random() < mean ? 1 : 0, at, at, params);
  };
  while (series.ticket === null) step(BEFORE);
  const baseline = t / perDay;
  for (let i = 0; i < RUNNING_DAYS * perDay; i++) step(BEFORE);
  const found = { page: BEYOND, ticket: BEYOND, baseline };
  for (let i = 1; i <= MOST_DAYS * perDay && found.page === BEYOND; i++) {
    step(BEFORE - drop);
    const { page, ticket, objective: agreed } = series;
    if (found.ticket === BEYOND && ticket !== null && isReached(ticket)) found.ticket = i / perDay;
    if ([page, agreed].some((tier) => tier !== null && isReached(tier))) found.page = i / perDay;
  }
  return found;
}
