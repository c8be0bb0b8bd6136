import { decodeAlerts, type EncodedAlerts, encodeAlerts } from '../../../../src/watch/alerts/encode';
import { standingsOf } from '../../../../src/watch/alerts/view';
import { outcome } from '../../sessions/outcomes';
import { buildOutcomeCriterion } from '../../../support/builders/ledger-record';
import { ALL, createFeed, MINUTE, PANEL, paramsOf } from './feed';

const params = paramsOf();
const SEGMENTS = [ALL, { dimension: 'product', value: 'a' }, { dimension: 'product+locale', value: 'a+de' }];

describe('a series that learns', () => {
  it('watches for a week of days, which one record of years back does not bring', () => {
    const stateAfter = (values: number, years: number): string | undefined => {
      const feed = createFeed(paramsOf({ reference: 100, referenceDays: 7 }));
      feed.scores(1, 0.85);
      feed.pause(years * 365 * 24 * 60 * MINUTE);
      feed.scores(values, 0.85);
      return standingsOf(feed.state, params)[0]?.state;
    };
    // 144 a day.
    expect([stateAfter(800, 0), stateAfter(800, 3)]).toEqual(['learning', 'learning']);
    expect([stateAfter(1_100, 0), stateAfter(1_100, 3)]).not.toContain('learning');
  });
});

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

  it('leaves no incident open for a slice that is no more, once the others are back', () => {
    const feed = createFeed(paramsOf({}, { noDataMinutes: 600 }));
    const release = { dimension: 'release', value: '2' };
    feed.scores(600, 0.85, [ALL, release]);
    feed.scores(200, 0.4, [ALL, release]);
    const stateOf = (): readonly string[] => [...feed.state.incidents.values()].map(({ state }) => state);
    expect(feed.state.alerts.size).toBe(2);
    expect(stateOf()).toEqual(['firing']);
    feed.scores(300, 0.9);
    expect([...feed.state.alerts.values()].map(({ state }) => state).sort()).toEqual(['no_data', 'resolved']);
    expect(stateOf()).toEqual(['resolved']);
  });

  it('keeps the incident open when nothing comes at all', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85);
    feed.scores(200, 0.4);
    feed.pause(61 * MINUTE);
    expect([...feed.state.incidents.values()]).toMatchObject([{ state: 'firing' }]);
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
    expect(other.state.series.get([...other.state.series.keys()][0] ?? '')?.reference?.seen).toBe(1);
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
    const scores = [...feed.state.series.values()].filter(({ id }) => id.kind === 'score_regression');
    expect(scores).toHaveLength(2);
    expect(feed.state.left).toBeGreaterThan(0);
  });

  it('of what comes seldom find room after those of what comes all the time', () => {
    const feed = createFeed(paramsOf({ maxSeries: 40 }));
    const criteria = Array.from({ length: 6 }, (_, i) => buildOutcomeCriterion({ criterion: `c${i}` }));
    feed.items(1, () => ({ criteria }));
    feed.sessions(
      1,
      () => ({ pass: true }),
      Array.from({ length: 20 }, (_, i) => ({ dimension: 'product', value: `p${i}` })),
    );
    expect(feed.state.left).toBeGreaterThan(0);
    feed.label({ value: 1, score: 1 });
    feed.sessions(1, () => ({ pass: true, recovery: { ...outcome().recovery, badTurns: 1 } }));
    const kinds = new Set([...feed.state.series.values()].map(({ id }) => id.kind));
    expect(kinds).toContain('judge_human_disagreement');
    expect(kinds).toContain('recovery_regression');
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
    const baselines = [{ kind: 'score_regression', segment: 'all', criterion: 'correct', panel: PANEL, values }];
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

describe('a baseline', () => {
  it('spans whole weeks: as many values as wanted are not enough', () => {
    const feed = createFeed(paramsOf({ referenceDays: 7 }));
    feed.scores(900, 0.85);
    expect(standingsOf(feed.state, params)[0]?.state).toBe('learning');
    feed.scores(200, 0.85);
    expect(standingsOf(feed.state, params)[0]?.state).toBe('idle');
  });

  it('allows for weekdays that differ: a weekend as low as ever is no drop', () => {
    const told = (referenceDays: number): number => {
      const feed = createFeed(paramsOf({ referenceDays, reference: 600 }));
      for (let day = 0; day < 60; day++) feed.scores(144, day % 7 < 5 ? 0.95 : 0.65);
      return feed.told.filter(({ severity }) => severity === 'page').length;
    };
    expect(told(14)).toBe(0);
    expect(told(0)).toBeGreaterThan(0);
  });

  it('is left alone by holidays, which are neither learned from nor tested', () => {
    const holidays = Array.from({ length: 10 }, (_, i) => `2026-01-${String(13 + i)}`);
    const feed = createFeed(paramsOf({ holidays }));
    feed.scores(1_152, 0.85);
    feed.scores(1_200, 0.2);
    expect(feed.told).toEqual([]);
  });

  it('is borrowed from the whole stream while a segment learns, and then raises tickets only', () => {
    const feed = createFeed(paramsOf({ borrow: true }));
    feed.scores(700, 0.9);
    feed.scores(120, 0.4, [{ dimension: 'product', value: 'new' }]);
    expect(feed.told.map(({ severity }) => severity)).toEqual(['ticket']);
    expect(feed.told[0]?.text).toContain('borrowed baseline');
  });

  it('is accepted at its new level by a person, with a reason: the alert ends and the level is learned anew', () => {
    const feed = createFeed(params);
    feed.scores(600, 0.85);
    feed.scores(200, 0.5);
    feed.acknowledge({ alertId: feed.told[0]?.id ?? '', action: 'acknowledge' });
    expect(feed.firing()).toEqual(['score_regression']);
    feed.acknowledge({ alertId: feed.told[0]?.id ?? '', action: 'accept', reason: 'cheaper model, as planned' });
    expect(feed.told.at(-1)).toMatchObject({ state: 'resolved' });
    feed.scores(900, 0.5);
    expect(feed.firing()).toEqual([]);
    expect(feed.state.decisions.at(-1)).toMatchObject({ action: 'accept', reason: 'cheaper model, as planned' });
  });

  it('is not waited for where the criterion has an objective', () => {
    const feed = createFeed({ ...params, objectives: { correct: 0.8 } });
    feed.scores(150, 0.5);
    expect(feed.told).toMatchObject([{ severity: 'page', state: 'firing' }]);
    expect(feed.told[0]?.text).toContain('below its objective');
    const kept = createFeed({ ...params, objectives: { correct: 0.8 } });
    kept.scores(450, 0.85);
    expect(kept.told).toEqual([]);
  });
});

describe('a drop of the whole stream that the mix explains', () => {
  const hard = { dimension: 'product', value: 'hard' };
  const easy = { dimension: 'product', value: 'easy' };

  const mixed = (hardOfTen: number, hardPass: number): ReturnType<typeof createFeed> => {
    const feed = createFeed(params, 4);
    const serve = (rounds: number, hards: number, pass: number): void => {
      for (let i = 0; i < rounds; i++) {
        const isHard = i % 10 < hards;
        const segments = [ALL, isHard ? hard : easy];
        feed.items(1, () => ({ sampled: false }), segments);
        feed.scores(1, isHard ? pass : 0.95, segments);
      }
    };
    serve(700, 5, 0.5);
    serve(500, hardOfTen, hardPass);
    return feed;
  };

  it('is the ticket traffic_mix_shift and not a page', () => {
    const feed = mixed(9, 0.5);
    const scores = feed.told.filter(({ series }) => series.criterion === 'correct');
    expect(scores.map(({ series, severity }) => [series.kind, severity])).toEqual([['traffic_mix_shift', 'ticket']]);
    expect(scores[0]?.text).toContain('Explained by the mix');
  });

  it('pages when a segment itself fell', () => {
    const feed = mixed(5, 0);
    expect(feed.told.map(({ series }) => series.kind)).toContain('score_regression');
    expect(feed.told.map(({ series }) => series.kind)).not.toContain('traffic_mix_shift');
  });
});
