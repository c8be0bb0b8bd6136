import { decodeAlerts, type EncodedAlerts, encodeAlerts } from '../../../../src/watch/alerts/encode';
import { standingsOf } from '../../../../src/watch/alerts/view';
import { ALL, createFeed, MINUTE, paramsOf } from './feed';

const params = paramsOf();
const SEGMENTS = [ALL, { dimension: 'product', value: 'a' }, { dimension: 'product+locale', value: 'a+de' }];

describe('an episode', () => {
  it('fires once, however long the change lasts, and resolves when the level is back for two hours', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85);
    feed.scores(400, 0.5);
    expect(feed.firing()).toEqual(['score_regression']);
    feed.scores(300, 0.87);
    expect(new Set(feed.told.map(({ id }) => id)).size).toBe(1);
    expect(feed.told.at(-1)).toMatchObject({ state: 'resolved' });
    expect(feed.told.at(-1)?.resolvedAt).toBeGreaterThan(feed.told[0]?.firedAt ?? 0);
  });

  it('has the same id on every replay, and another one the next time', () => {
    const story = (): string[] => {
      const feed = createFeed(params);
      feed.scores(600, 0.85);
      feed.scores(200, 0.5);
      feed.scores(300, 0.87);
      feed.scores(200, 0.5);
      return [...new Set(feed.told.map(({ id }) => id))];
    };
    expect(story()).toEqual(story());
    expect(story()).toHaveLength(2);
  });

  it('becomes no_data when nothing comes any more', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85);
    feed.scores(200, 0.4);
    feed.pause(61 * MINUTE);
    expect(feed.told.at(-1)).toMatchObject({ state: 'no_data' });
  });

  it('is a ticket at most where the mode says so, and off where the kind is off', () => {
    const run = (alerts: Parameters<typeof paramsOf>[1]): string[] => {
      const feed = createFeed(paramsOf({}, alerts));
      feed.scores(600, 0.85);
      feed.scores(200, 0.4);
      return [...feed.state.alerts.values()].map(({ severity }) => severity);
    };
    expect(run({ mode: 'ticket' })).toEqual(['ticket']);
    expect(run({ severities: { score_regression: 'off' } })).toEqual([]);
  });

  it('is resolved, and its number not used again, when parameters change', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85);
    feed.scores(200, 0.4);
    const other = createFeed(paramsOf({ reference: 400 }), 2, feed.state);
    other.scores(1, 1);
    expect(other.told).toMatchObject([{ state: 'resolved' }]);
    expect(other.state.series.get([...other.state.series.keys()][0] ?? '')?.reference).toHaveLength(1);
    other.scores(500, 0.85);
    other.scores(200, 0.4);
    expect(other.told.at(-1)).toMatchObject({ episode: 2, state: 'firing' });
  });
});

describe('series', () => {
  it('are capped, first come first kept, and share the budget by the cap', () => {
    const feed = createFeed(paramsOf({ maxSeries: 5 }));
    const many = Array.from({ length: 9 }, (_, i) => ({ dimension: 'product', value: `p${i}` }));
    feed.scores(3, 1, many);
    expect(feed.state.series.size).toBe(3);
    expect(feed.state.left).toBe(18);
  });

  it('say how much they have learned, then how small a drop they would see', () => {
    const feed = createFeed(params);
    feed.scores(250, 0.85);
    expect(standingsOf(feed.state, params)[0]).toMatchObject({ state: 'learning', learned: 0.5, thresholdRatio: null });
    feed.scores(400, 0.85);
    const [standing] = standingsOf(feed.state, params);
    expect(standing).toMatchObject({ state: 'idle', learned: 1 });
    const drops = standing?.detectableDrop;
    expect(drops?.['7d']).toBeGreaterThan(0.02);
    expect(drops?.['30d']).toBeLessThan(drops?.['7d'] ?? 0);
  });

  it('with a seeded baseline are watched from the first value on', () => {
    const values: [number, number][] = [
      [0, 300],
      [1, 1_700],
    ];
    const baselines = [{ kind: 'score_regression', segment: 'all', criterion: 'correct', panel: 'p', values }];
    const feed = createFeed(paramsOf({ baselines }));
    feed.scores(150, 0.5);
    expect(feed.firing()).toEqual(['score_regression']);
    expect(feed.told[0]?.text).toContain('seeded baseline');
  });
});

describe('an incident', () => {
  it('holds all that changed at once; its scope is the narrowest segment that carries it', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85, SEGMENTS);
    // Half of the traffic is elsewhere and stays as it was.
    for (let i = 0; i < 150; i++) {
      feed.scores(1, 0.4, SEGMENTS);
      feed.scores(1, 0.85, [ALL]);
    }
    const incidents = [...feed.state.incidents.values()];
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ state: 'firing', severity: 'page', scope: SEGMENTS[2] });
    expect(incidents[0]?.alerts.length).toBeGreaterThan(1);
  });
});

describe('the state', () => {
  it.each([300, 640, 700])('goes on to the same bits from plain JSON after %i values', (cut) => {
    const whole = createFeed(params, 9);
    whole.scores(600, 0.85, SEGMENTS);
    whole.scores(200, 0.4, SEGMENTS);
    const half = createFeed(params, 9);
    half.scores(Math.min(cut, 600), 0.85, SEGMENTS);
    half.scores(Math.max(0, cut - 600), 0.4, SEGMENTS);
    const stored = JSON.parse(JSON.stringify(encodeAlerts(half.state))) as EncodedAlerts;
    Object.assign(half.state, decodeAlerts(stored, params));
    half.scores(Math.max(0, 600 - cut), 0.85, SEGMENTS);
    half.scores(Math.min(200, 800 - cut), 0.4, SEGMENTS);
    expect(encodeAlerts(half.state)).toEqual(encodeAlerts(whole.state));
  });
});
