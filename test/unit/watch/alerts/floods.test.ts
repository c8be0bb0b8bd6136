import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import { createRandom } from '../../../../src/stats/seeded-random';
import { type AlertEngine, createAlertEngine, createAlertsState } from '../../../../src/watch/alerts/engine';
import { decodeAlerts, type EncodedAlerts, encodeAlerts } from '../../../../src/watch/alerts/encode';
import { nextEpisode } from '../../../../src/watch/alerts/episodes';
import { forgetResolved } from '../../../../src/watch/alerts/forget-resolved';
import type { SegmentKey } from '../../../../src/domain/segment';
import { createPlaces, placesOf } from '../../../../src/watch/alerts/places';
import { membersKept } from '../../../../src/watch/alerts/incidents';
import type { AlertsState, OpenEpisode } from '../../../../src/watch/alerts/state';
import { buildOutcomeItem } from '../../../support/builders/ledger-record';
import { outcome } from '../../sessions/outcomes';
import { ALL, createFeed, type Feed, MINUTE, PANEL, paramsOf, START } from './feed';

const MOST_FIRST_SEEN = 250;
const quiet = paramsOf(
  {},
  { severities: { traffic_absent: 'off', golden_set_stale: 'off', traffic_mix_shift: 'off' } },
);

const release = (value: string): SegmentKey => ({ dimension: 'release', value });
const pass = (): Partial<OutcomeItem> => ({ sampled: false });

/** One session of one judged value in a segment. */
function scoreIn(
  engine: AlertEngine,
  state: AlertsState,
  segment: SegmentKey,
  value: number,
  at: number,
  panel = PANEL,
): void {
  const one = { criterion: 'correct', panel, turns: 1, value, lowest: value, highest: value };
  engine.addSessionValues(state, segment, [one], outcome({ ending: 'open', lastActivityAt: at }));
}

/** As a restart reads it. */
const restarted = (state: AlertsState, params = quiet): AlertsState =>
  decodeAlerts(JSON.parse(JSON.stringify(encodeAlerts(state))) as EncodedAlerts, params);

const seenOf = ({ firstSeen }: AlertsState): ReadonlyMap<string, unknown> =>
  firstSeen.get('release')?.values ?? new Map();

/** A producer that puts an id into a segment makes a new value with every conversation, for months. */
describe('a flood of segment values', () => {
  it('leaves ways to some of them only', () => {
    const places = createPlaces();
    for (let i = 0; i < 100_000; i++) placesOf(places, { dimension: 'product', value: `value-${i}` }, '__other__');
    expect(places.segments.get('product')?.size).toBeLessThanOrEqual(20_000);
  });

  it('forgets no series that was watched before', () => {
    const checked = (): Partial<OutcomeItem> => ({ checks: [{ check: 'truncated', result: 'pass' }] });
    const known = { dimension: 'product', value: 'known' };
    const params = paramsOf({ maxSeries: 60, reference: 100 });
    const [flooded, calm] = [createFeed(params), createFeed(params)];
    for (const feed of [flooded, calm]) feed.items(150, checked, [known]);
    const before = new Map(flooded.state.series);
    for (let i = 0; i < 20_100; i++) flooded.items(1, checked, [{ dimension: 'product', value: `value-${i}` }]);
    for (const feed of [flooded, calm]) feed.items(150, checked, [known]);
    for (const [key, series] of before) expect(flooded.state.series.get(key)).toBe(series);
    const ofKnown = [...calm.state.series].filter(([, { id }]) => {
      // A share of the traffic is told of by every conversation.
      return id.segment.value === known.value && id.kind !== 'traffic_mix_shift';
    });
    expect(ofKnown.length).toBeGreaterThan(0);
    for (const [key, { n }] of ofKnown) expect(flooded.state.series.get(key)?.n).toBe(n);
  });
});

describe('forgetting what is resolved', () => {
  it('takes the oldest first and never what fires', () => {
    const all = new Map(
      Array.from({ length: 2_000 }, (_, i) => [`${i}`, { state: i % 100 === 0 ? 'firing' : 'resolved' }] as const),
    );
    forgetResolved(all, 500);
    expect(all.size).toBe(500);
    expect([...all.values()].filter(({ state }) => state === 'firing')).toHaveLength(20);
    expect(all.has('1999')).toBe(true);
    expect(all.has('1')).toBe(false);
  });

  it('keeps more than asked for where all fire', () => {
    const all = new Map([1, 2, 3].map((i) => [`${i}`, { state: 'firing' }] as const));
    forgetResolved(all, 2);
    expect(all.size).toBe(3);
  });
});

const serve = (feed: Feed, value: string, count: number, quality: number): void => {
  feed.items(1, pass, [ALL, release(value)]);
  feed.scores(count, quality, [release(value)]);
};

describe('a flood of releases', () => {
  const flood = (feed: Feed, count: number): void => {
    for (let i = 0; i < count; i++) feed.items(1, pass, [ALL, release(`flood-${i}`)]);
  };
  it('still lets the newest be held against the one before it', () => {
    const feed = createFeed(quiet);
    flood(feed, 5_000);
    serve(feed, '1.0', 700, 0.9);
    serve(feed, '1.1', 100, 0.5);
    expect(feed.firing()).toEqual(['quality_dip_after_release']);
    expect(feed.told[0]?.series.segment.value).toBe('1.1');
  });

  it('raises nothing where the newest is as good', () => {
    const feed = createFeed(quiet);
    flood(feed, 5_000);
    serve(feed, '1.0', 700, 0.85);
    serve(feed, '1.1', 250, 0.85);
    expect(feed.told).toEqual([]);
  });

  it('does not make one new again that serves beside it', () => {
    const feed = createFeed(quiet);
    feed.items(1, pass, [ALL, release('stable')]);
    const { firstSeen } = feed.state;
    const firstAt = firstSeen.get('release')?.values.get('stable')?.firstAt;
    for (let i = 0; i < 5_000; i++) {
      feed.items(1, pass, [ALL, release(i % 100 === 0 ? 'stable' : `flood-${i}`)]);
    }
    expect(firstAt).toBeDefined();
    expect(firstSeen.get('release')?.values.get('stable')?.firstAt).toBe(firstAt);
  });

  it('keeps the latest of each dimension, and leaves the others alone', () => {
    const feed = createFeed(quiet);
    feed.items(1, pass, [ALL, { dimension: 'model', value: 'one' }]);
    flood(feed, 5_000);
    const releases = [...seenOf(feed.state).keys()];
    expect(releases).toEqual(Array.from({ length: MOST_FIRST_SEEN }, (_, i) => `flood-${5_000 - MOST_FIRST_SEEN + i}`));
    expect(feed.state.firstSeen.get('model')?.values.has('one')).toBe(true);
  });

  it('leaves the same after restarts as without', () => {
    const run = (isCut: (i: number) => boolean): AlertsState => {
      let state = createAlertsState();
      const engine = createAlertEngine(quiet);
      // Returns to one of 400 releases now and then, so that some are forgotten and come again, and one comes late.
      for (let i = 0; i < 3_000; i++) {
        const at = START + (i % 7 === 0 ? i - 40 : i) * MINUTE;
        engine.begin(state, START + i * MINUTE);
        const value = i % 3 === 0 ? `old-${(i * 7) % 400}` : `new-${i}`;
        engine.addItem(state, buildOutcomeItem({ occurredAt: at, sampled: false }), [ALL, release(value)]);
        engine.advance(state, () => null);
        if (isCut(i)) state = restarted(state);
      }
      return state;
    };
    const whole = run(() => false);
    const cut = run((i) => i % 97 === 0);
    expect(seenOf(whole).size).toBe(MOST_FIRST_SEEN);
    expect(encodeAlerts(cut)).toEqual(encodeAlerts(whole));
  });

  it('reads what an older version kept', () => {
    const feed = createFeed(quiet);
    feed.items(1, pass, [ALL, release('1.0')]);
    const encoded = encodeAlerts(feed.state);
    const older = { ...encoded, firstSeen: encoded.firstSeen.map(([label, at]) => [label, at] as const) };
    expect(encodeAlerts(decodeAlerts(older, quiet)).firstSeen).toEqual(encoded.firstSeen);
  });
});

describe('more releases than there are places to compare them', () => {
  /** Three places for comparisons. */
  const roll = (feed: Feed, count: number): void => {
    for (let i = 0; i < count; i++) serve(feed, `1.${i}`, 600, 0.9);
  };

  it('lets the oldest go, so that the newest is still held against the one before it', () => {
    const feed = createFeed(quiet);
    roll(feed, 8);
    serve(feed, '2.0', 100, 0.5);
    expect(feed.firing()).toEqual(['quality_dip_after_release']);
    expect(feed.told[0]?.series.segment.value).toBe('2.0');
  });

  it('raises nothing where each is as good', () => {
    const feed = createFeed(quiet);
    roll(feed, 10);
    expect(feed.told).toEqual([]);
  });

  /** A release is learned within the week that it is new. */
  const brief = paramsOf({ reference: 100 }, { ...quiet.alerts, noDataMinutes: 120 });

  const compared = ({ series }: AlertsState): string[] =>
    [...series.values()].flatMap(({ id }) => (id.kind === 'quality_dip_after_release' ? [id.segment.value] : []));

  it('ends the alerts of releases that were rolled back long ago, for each further one to be told of', () => {
    const feed = createFeed(quiet);
    for (let i = 0; i < 6; i++) {
      serve(feed, `good-${i}`, 600, 0.9);
      serve(feed, `bad-${i}`, 100, 0.5);
    }
    const firedFor = feed.told.filter(({ state }) => state === 'firing').map(({ series }) => series.segment.value);
    expect(new Set(firedFor)).toEqual(new Set(Array.from({ length: 6 }, (_, i) => `bad-${i}`)));
    const isOver = feed.told.filter(({ state }) => state === 'resolved').map(({ series }) => series.segment.value);
    expect(isOver).toEqual(['bad-0', 'bad-1', 'bad-2']);
    expect(compared(feed.state)).toEqual(['bad-3', 'bad-4', 'bad-5']);
  });

  it('never ends the alert of one that still serves', () => {
    const feed = createFeed(brief);
    serve(feed, 'good', 600, 0.9);
    serve(feed, 'bad', 100, 0.5);
    expect(feed.firing()).toEqual(['quality_dip_after_release']);
    for (let i = 0; i < 7; i++) {
      feed.items(1, pass, [ALL, release(`next-${i}`)]);
      for (let k = 0; k < 25; k++) {
        feed.scores(4, 0.9, [release(`next-${i}`)]);
        feed.scores(1, 0.5, [release('bad')]);
      }
    }
    expect(compared(feed.state)).toContain('bad');
    expect(feed.told.filter(({ state }) => state === 'resolved')).toEqual([]);
  });

  it('leaves the same after restarts as without', () => {
    const run = (isCut: (i: number) => boolean): AlertsState => {
      const random = createRandom(5);
      let state = createAlertsState();
      const engine = createAlertEngine(brief);
      for (let i = 0; i < 4_500; i++) {
        const at = START + i * 10 * MINUTE;
        engine.begin(state, at);
        // A new one every 300, beside which the three before it serve on.
        const newest = Math.floor(i / 300);
        const segment = release(`1.${i % 2 === 0 ? newest : Math.max(0, newest - (i % 4))}`);
        engine.addItem(state, buildOutcomeItem({ occurredAt: at, sampled: false }), [ALL, segment]);
        scoreIn(engine, state, segment, random() < (newest % 3 === 2 ? 0.6 : 0.9) ? 1 : 0, at);
        engine.advance(state, () => null);
        if (isCut(i)) state = restarted(state, brief);
      }
      return state;
    };
    const whole = run(() => false);
    expect(compared(whole)).toHaveLength(3);
    expect(encodeAlerts(run((i) => i % 97 === 0))).toEqual(encodeAlerts(whole));
  });
});

describe('the mix of the traffic, flooded with values', () => {
  const DAY_MS = 1_440 * MINUTE;
  const flooded = (): { readonly state: AlertsState; readonly count: (segment: SegmentKey, day: number) => number } => {
    const state = createAlertsState();
    const engine = createAlertEngine(quiet);
    const count = (segment: SegmentKey, day: number): number => {
      const at = START + day * DAY_MS;
      engine.begin(state, at);
      engine.addItem(state, buildOutcomeItem({ occurredAt: at, sampled: false }), [ALL, segment]);
      engine.review(state, Math.floor(at / DAY_MS), () => new Map());
      engine.advance(state, () => null);
      return (state.mix.get(`${segment.dimension}=${segment.value}`) ?? []).reduce((sum, { n }) => sum + n, 0);
    };
    for (let i = 0; i < 3_000; i++) count({ dimension: 'product', value: `value-${i}` }, 0);
    return { state, count };
  };

  it('still counts what serves the answers', () => {
    const { state, count } = flooded();
    const failover = { dimension: 'route', value: 'failover' };
    count(failover, 1);
    expect(count(failover, 1)).toBe(2);
    expect(state.mix.size).toBeLessThanOrEqual(1_200);
  });

  it('counts new values once those of the flood were silent for longer than is looked back', () => {
    const { state, count } = flooded();
    const fresh = { dimension: 'product', value: 'fresh' };
    for (let day = 1; day <= 35; day++) expect(count(fresh, day)).toBe(0);
    // The day's review comes after its first conversation.
    count(fresh, 36);
    expect(count(fresh, 36)).toBe(1);
    expect(count(fresh, 37)).toBe(2);
    expect(state.mix.size).toBeLessThan(5);
  });
});

describe('panels that judge no more', () => {
  /** Three places for scores. */
  const params = paramsOf({ maxSeries: 8 }, { severities: { traffic_absent: 'off', judge_user_divergence: 'off' } });
  const DAY = 1_440;

  /** The old panels fill the places for scores; a month later, which they may have gone on for, another comes. */
  const panelsAfter = (isHeardOf: (minute: number) => boolean): string[] => {
    const state = createAlertsState();
    const engine = createAlertEngine(params);
    for (let minute = 0; minute < 36 * DAY; minute += DAY / 4) {
      const at = START + minute * MINUTE;
      engine.begin(state, at);
      engine.addItem(state, buildOutcomeItem({ occurredAt: at, sampled: false }), [ALL]);
      const panels = minute < DAY || isHeardOf(minute) ? ['a', 'b', 'c'] : [];
      if (minute > 30 * DAY) panels.push('new');
      for (const panel of panels) scoreIn(engine, state, ALL, 1, at, panel);
      engine.review(state, Math.floor(at / (DAY * MINUTE)), () => new Map([['all', Infinity]]));
      engine.advance(state, () => null);
    }
    return [...state.series.values()].flatMap(({ id }) => (id.kind === 'score_regression' ? [id.panel] : [])).sort();
  };

  it('leave their places to one that does', () => {
    expect(panelsAfter(() => false)).toContain('new');
  });

  it('keep them while they are heard of now and then', () => {
    expect(panelsAfter((minute) => minute % (10 * DAY) === 0)).toEqual(['a', 'b', 'c']);
  });
});

describe('an incident that stays open while its members come and go', () => {
  it('keeps all that fire, and of those that do not a bounded number', () => {
    let alerts: readonly string[] = [];
    for (let i = 0; i < 20_000; i++) {
      const firing = ['alert-0', 'alert-77', `alert-${i - 1}`].map((id) => ({ open: { id } as OpenEpisode }));
      alerts = [...membersKept({ alerts }, firing), `alert-${i}`];
      expect(alerts.length).toBeLessThanOrEqual(1_000);
    }
    expect(alerts).toEqual(expect.arrayContaining(['alert-0', 'alert-77', 'alert-19998', 'alert-19999']));
  });
});

describe('a flood of series that raise alerts', () => {
  it('never gives the number of a series twice, however many are forgotten in between, nor across a restart', () => {
    let state = createAlertsState();
    const given = new Set<string>();
    let count = 0;
    for (let i = 0; i < 20_000; i++) {
      // A few series come again and again; the rest now and then, or never.
      const key = i % 5 === 0 ? `often-${i % 40}` : i % 5 === 1 ? `again-${i % 4_500}` : `once-${i}`;
      given.add(`${key}/${nextEpisode(state, key)}`);
      count += 1;
      if (i % 1_999 === 0) state = restarted(state);
    }
    expect(given.size).toBe(count);
    expect(state.episodes.size).toBeLessThanOrEqual(2_000);
  });

  it('counts on from where a series was while its number is kept', () => {
    const state = createAlertsState();
    const numbers = Array.from({ length: 100 }, (_, i) => nextEpisode(state, `series-${i % 10}`));
    expect(numbers.slice(-10)).toEqual(new Array(10).fill(10));
    expect(state.episodeFloor).toBe(0);
  });
});
