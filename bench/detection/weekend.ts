import { createRandom } from '../../src/stats/seeded-random';
import { isReached, restartTier } from '../../src/watch/alerts/tier';
import { createWatched, observe } from '../../src/watch/alerts/watched';
import { alertOptions, type AlertParams, detectorOptions } from '../../src/watch/options-alerts';
import { ALL_SEGMENTS } from '../../src/watch/segments';
import { type Simulated, simulated } from './summary';

const SERIES = 200;
const PER_DAY = 100;
const WATCHED_DAYS = 30;
const WEEKDAY = 0.88;
const WEEKEND = 0.78;
const DAY_MS = 86_400_000;

export interface WeekendFigures extends Simulated {
  readonly nominal: number;
  readonly tickets_mean: number | null;
  readonly tickets_se: number | null;
  readonly tickets_nominal: number;
  readonly tolerance_mean: number;
}

/**
 * Weekends are 10 points lower and nothing changes: false pages and tickets of 200 of the product's own series, options as
 * shipped but for `maxSeries`, in the first 30 days after each has learned its baseline. Series begin on all days of the week.
 */
export function weekend(fleets: number, seed: number): WeekendFigures {
  const random = createRandom(seed);
  const detectors = { ...detectorOptions.parse({}), maxSeries: SERIES };
  const params: AlertParams = {
    detectors,
    alerts: alertOptions.parse({}),
    scores: { largest: 1, floor: 1 },
    objectives: {},
  };
  const tolerances: number[] = [];
  const counts = Array.from({ length: fleets }, () => {
    const found = { page: 0, ticket: 0 };
    for (let k = 0; k < SERIES; k++) tolerances.push(watchSeries(k % 7, params, random, found));
    return found;
  });
  const tickets = simulated(counts.map(({ ticket }) => ticket));
  return {
    ...simulated(counts.map(({ page }) => page)),
    nominal: WATCHED_DAYS / detectors.page.days,
    tickets_mean: tickets.mean,
    tickets_se: tickets.se,
    tickets_nominal: WATCHED_DAYS / detectors.ticket.days,
    tolerance_mean: tolerances.reduce((a, b) => a + b, 0) / tolerances.length,
  };
}

/** Adds the alarms of one series to `found`; returns the tolerance that its baseline brought about. */
function watchSeries(
  firstDay: number,
  params: AlertParams,
  random: () => number,
  found: { page: number; ticket: number },
): number {
  const id = { kind: 'score_regression', segment: ALL_SEGMENTS, criterion: 'helpful', panel: '' } as const;
  const nothing = { target: null, objective: null, seeded: null, borrowed: null, hasHistory: false };
  const series = createWatched({ id, range: [0, 1], ...nothing }, params);
  let t = 0;
  const step = (): void => {
    const day = firstDay + Math.floor(t / PER_DAY);
    const at = (firstDay + t / PER_DAY) * DAY_MS;
    t += 1;
    observe(series, random() < (day % 7 < 5 ? WEEKDAY : WEEKEND) ? 1 : 0, at, at, params);
  };
  while (series.ticket === null) step();
  for (let i = 0; i < WATCHED_DAYS * PER_DAY; i++) {
    step();
    for (const tier of ['page', 'ticket'] as const) {
      const one = series[tier];
      if (one === null || !isReached(one)) continue;
      found[tier] += 1;
      restartTier(one);
    }
  }
  return series.page?.tolerance ?? 0;
}
