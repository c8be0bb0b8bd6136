import type { Alert } from '../../../src/domain/alert';
import { createRandom } from '../../../src/stats/seeded-random';
import { createFold, type Fold } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { type AlertParams } from '../../../src/watch/options-alerts';
import { createAlertsState } from '../../../src/watch/alerts/engine';
import { reviewSeats } from '../../../src/watch/alerts/seats';
import type { Tier } from '../../../src/watch/alerts/tier';
import { decodeState, encodeState, type FoldOptions, type FoldState } from '../../../src/watch/state';
import { at, buildMarker, buildOutcome, buildOutcomeCriterion } from '../../support/builders/ledger-record';
import { paramsOf } from './alerts/feed';

const DAY = 86_400_000;
/** Three places for scores. */
const SMALL = { reference: 100, referenceDays: 0, maxSeries: 8 };

function optionsOf(alerting: AlertParams, pinned: readonly string[] = []): FoldOptions {
  return {
    segments: segmentOptions.parse({ producer: [], pinned }),
    watch: watchOptions.parse({ idWindow: 1000 }),
    criteria: ['helpful'],
    alerting,
  };
}

/** One day: one-turn sessions of each product that score 1 with this probability, then a marker. */
interface Day {
  readonly traffic: Readonly<Record<string, number>>;
  readonly pass?: (product: string) => number;
}

const template = buildOutcome(at(0));
if (template.item === null) throw new Error('no item');
const { item: usual } = template;

function feedDay(fold: Fold, state: FoldState, day: number, { traffic, pass = () => 0.9 }: Day): void {
  const random = createRandom(day + 1);
  for (const [product, count] of Object.entries(traffic)) {
    for (let k = 0; k < count; k++) {
      const source = { ...template.source, offset: state.position };
      const id = `${product}-${state.position}`;
      const occurredAt = day * DAY + Math.floor((k / count) * DAY);
      const score = random() < pass(product) ? 1 : 0;
      const criterion = buildOutcomeCriterion({ cheapScore: score, escalationProbability: 1, estimatorValue: score });
      const item = {
        ...usual,
        interactionId: id,
        conversationId: id,
        segments: { product },
        occurredAt,
        criteria: [{ ...criterion, escalated: true, ensembleScore: score, escalationReason: 'audit' as const }],
      };
      fold.applyEntry(state, {
        position: state.position,
        record: { ...template, recordedAt: occurredAt, source, item },
      });
    }
  }
  const recordedAt = (day + 1) * DAY;
  const positions = [{ ...at(Number(state.position)), eventTime: recordedAt, idle: false }];
  fold.applyEntry(state, { position: state.position, record: { ...buildMarker([], { recordedAt }), positions } });
}

function scoresOn(state: FoldState, isLight: boolean): string[] {
  return [...state.alerts.series.values()]
    .filter((one) => one.id.kind === 'score_regression' && one.isLight === isLight)
    .map(({ id }) => id.segment.value)
    .sort();
}

const FIRST = { a: 4, b: 4, c: 4 };

describe('the full tier', () => {
  const options = optionsOf(paramsOf(SMALL));

  it('goes to the segments with most traffic, whichever came first', () => {
    const fold = createFold(options);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: FIRST });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'b']);
    for (let day = 1; day < 5; day++) feedDay(fold, state, day, { traffic: { ...FIRST, a: 20, late: 60 } });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'late']);
  });

  it('is not lost to a segment with less than twice the traffic', () => {
    const fold = createFold(options);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: FIRST });
    for (let day = 1; day < 9; day++) feedDay(fold, state, day, { traffic: { a: 20, b: 20, c: 38 } });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'b']);
  });

  it('is not lost by a segment that is pinned', () => {
    const pinned = optionsOf(paramsOf(SMALL), ['product=a', 'product=b']);
    const fold = createFold(pinned);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: FIRST });
    for (let day = 1; day < 5; day++) feedDay(fold, state, day, { traffic: { a: 1, b: 1, c: 90 } });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'b']);
  });

  it('is not lost while an alert fires', () => {
    const fold = createFold(options);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: { a: 200, b: 200 } });
    feedDay(fold, state, 1, { traffic: { a: 200, b: 200 } });
    feedDay(fold, state, 2, { traffic: { a: 400, b: 200 }, pass: (product) => (product === 'a' ? 0.1 : 0.9) });
    const fires = [...state.alerts.series.values()].filter(({ open }) => open !== null);
    expect(fires.map(({ id }) => id.segment.value)).toContain('a');
    for (let day = 3; day < 9; day++)
      feedDay(fold, state, day, { traffic: { a: 1, b: 200, c: 900 }, pass: (product) => (product === 'a' ? 0 : 0.9) });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'c']);
  });

  it('leaves a stub of what was learned, which a segment that comes back is held against', () => {
    const fold = createFold(options);
    const state = fold.initial();
    for (let day = 0; day < 3; day++) feedDay(fold, state, day, { traffic: { a: 60, b: 60 } });
    for (let day = 3; day < 20; day++) feedDay(fold, state, day, { traffic: { a: 200, c: 200, b: 1 } });
    expect(scoresOn(state, false)).toEqual(['', 'a', 'c']);
    for (let day = 20; day < 50; day++) feedDay(fold, state, day, { traffic: { a: 200, c: 1, b: 40 } });
    const back = [...state.alerts.series.values()].find(
      ({ id }) => id.kind === 'score_regression' && id.segment.value === 'b',
    );
    expect(back?.isLight).toBe(false);
    expect(back?.ticket).not.toBeNull();
  });

  it('is given to the same series, to the bit, wherever the log is cut', () => {
    const withObjective = optionsOf({ ...paramsOf(SMALL), objectives: { helpful: 0.8 } });
    const days: readonly Day[] = [
      { traffic: FIRST },
      { traffic: { ...FIRST, d: 30 } },
      { traffic: { d: 40, e: 90, c: 4 } },
      { traffic: { ...FIRST, e: 90 } },
      { traffic: { b: 200, e: 9 } },
      { traffic: { b: 200, c: 3 } },
    ];
    const uncut = createFold(withObjective);
    const whole = uncut.initial();
    days.forEach((day, i) => feedDay(uncut, whole, i, day));
    for (let cut = 1; cut < days.length; cut++) {
      let fold = createFold(withObjective);
      let state = fold.initial();
      days.forEach((day, i) => {
        if (i === cut) {
          fold = createFold(withObjective);
          state = decodeState(JSON.parse(JSON.stringify(encodeState(state))) as never, withObjective);
        }
        feedDay(fold, state, i, day);
      });
      expect(JSON.stringify(encodeState(state))).toBe(JSON.stringify(encodeState(whole)));
    }
  });

  it('is asked about only where series wait', () => {
    expect(reviewSeats(createAlertsState(), new Map([['product=a', 1e6]]), paramsOf(SMALL))).toBe(false);
  });
});

/** Pages of the light tier; the few series of the full one, which share the budgets of eight, may alarm by chance. */
function lightPages(state: FoldState): Alert[] {
  const light = new Set(scoresOn(state, true));
  return [...state.alerts.alerts.values()].filter(
    ({ series, severity }) =>
      series.kind === 'score_regression' && severity === 'page' && light.has(series.segment.value),
  );
}

describe('the light tier', () => {
  const objective = optionsOf({ ...paramsOf(SMALL), objectives: { helpful: 0.8 } });
  const wide = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`p${i}`, 60]));

  it('holds series beyond the cap to their objective, and pages where the mean falls below', () => {
    const fold = createFold(objective);
    const state = fold.initial();
    for (let day = 0; day < 6; day++)
      feedDay(fold, state, day, { traffic: wide, pass: (product) => (product === 'p9' ? 0.3 : 0.9) });
    expect(scoresOn(state, true)).toHaveLength(10);
    const fires = lightPages(state);
    expect(fires.map(({ series }) => series.segment.value)).toEqual(['p9']);
    expect(fires[0]?.text).toContain('At most one false page per 750 days over all 10000 series');
  });

  it('stays silent where the objective is met', () => {
    const fold = createFold(objective);
    const state = fold.initial();
    for (let day = 0; day < 12; day++) feedDay(fold, state, day, { traffic: wide, pass: () => 0.85 });
    expect(scoresOn(state, true)).toHaveLength(10);
    expect(lightPages(state)).toEqual([]);
  });

  it('holds series to a seeded baseline where they have no objective', () => {
    const baselines = ['p10', 'p11'].map((product) => ({
      kind: 'score_regression' as const,
      segment: `product=${product}`,
      criterion: 'helpful',
      panel: 'p1',
      values: [[1, 900] as [number, number], [0, 100] as [number, number]],
    }));
    const seeded = optionsOf(paramsOf({ ...SMALL, baselines }));
    const fold = createFold(seeded);
    const state = fold.initial();
    for (let day = 0; day < 8; day++)
      feedDay(fold, state, day, { traffic: wide, pass: (product) => (product === 'p10' ? 0.5 : 0.9) });
    expect(scoresOn(state, true)).toEqual(['p10', 'p11']);
    expect(lightPages(state).map(({ series }) => series.segment.value)).toEqual(['p10']);
  });

  it('watches nothing where there is nothing to hold series to', () => {
    const plain = optionsOf(paramsOf(SMALL));
    const fold = createFold(plain);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: wide });
    expect(scoresOn(state, true)).toEqual([]);
    expect(state.alerts.left).toBeGreaterThan(0);
  });

  it('takes less than a kilobyte a series in a checkpoint', () => {
    const fold = createFold(objective);
    const state = fold.initial();
    feedDay(fold, state, 0, { traffic: wide });
    const light = encodeState(state).alerts.series.filter(([, series]) => series.isLight === true);
    expect(light.length).toBe(10);
    for (const one of light) expect(JSON.stringify(one).length).toBeLessThan(1000);
  });

  it('keeps all parts of the budget of pages together within the whole', () => {
    const params = { ...paramsOf({ ...SMALL, maxSeries: 200, maxLightSeries: 300 }), objectives: { helpful: 0.8 } };
    const options = optionsOf(params);
    const fold = createFold(options);
    const state = fold.initial();
    const many = Object.fromEntries(Array.from({ length: 190 }, (_, i) => [`p${i}`, 1]));
    for (let day = 0; day < 2; day++) feedDay(fold, state, day, { traffic: many });
    const partOf = (tier: Tier | null): number => (tier === null ? 0 : params.detectors.page.days / tier.threshold);
    const series = [...state.alerts.series.values()];
    expect(series.filter(({ isLight }) => isLight).length).toBeGreaterThan(100);
    const parts = series.reduce((sum, { page, objective: one }) => sum + partOf(page) + partOf(one), 0);
    expect(parts).toBeGreaterThan(0);
    expect(parts).toBeLessThanOrEqual(1);
  });
});
