import type { SegmentKey } from '../../../../src/domain/segment';
import type { SessionOutcome } from '../../../../src/domain/session-outcome';
import { outcome } from '../../sessions/outcomes';
import { ALL, createFeed, type Feed, paramsOf } from './feed';

const params = paramsOf({ maxSeries: 60 }, { severities: { traffic_absent: 'off' } });
const SUPPORT: SegmentKey = { dimension: 'product', value: 'support' };

/** A session with one bad turn, recovered from or not. */
function troubled(recovered: boolean): Partial<SessionOutcome> {
  const { recovery } = outcome();
  return {
    turns: 3,
    badTurns: 1,
    recovery: { ...recovery, badTurns: 1, followed: 1, within: recovered ? 1 : 0 },
    ending: recovered ? 'ended' : 'abandoned',
  };
}

/** Sessions of which some run into trouble and some of those recover; the judge passes what users can live with, or all. */
function live(feed: Feed, count: number, recovers: number, judge: 'sees it' | 'sees nothing'): void {
  feed.sessions(
    count,
    (draw) => {
      const isTroubled = draw() < 0.6;
      const recovered = draw() < recovers;
      const pass = judge === 'sees nothing' ? draw() < 0.9 : draw() < (isTroubled && !recovered ? 0.1 : 0.95);
      return { pass, ...(isTroubled ? troubled(recovered) : {}) };
    },
    [ALL, SUPPORT],
  );
}

describe('recovery_regression', () => {
  it('fires as a page when users recover less often, whatever the judges say', () => {
    const feed = createFeed(params);
    live(feed, 1_200, 0.8, 'sees nothing');
    live(feed, 300, 0.4, 'sees nothing');
    const fired = feed.told.filter(({ series }) => series.kind === 'recovery_regression');
    expect(fired.map(({ severity }) => severity)).toContain('page');
    expect(fired[0]?.text).toContain('share of bad turns that users recover from');
  });

  it('stays silent while they recover as ever, and when there is less to recover from', () => {
    const feed = createFeed(params);
    live(feed, 1_500, 0.8, 'sees it');
    feed.sessions(300, (draw) => ({ pass: draw() < 0.9 }));
    expect(feed.told).toEqual([]);
  });
});

describe('engagement_regression', () => {
  const leaving = (feed: Feed, count: number, share: number): void =>
    feed.sessions(count, (draw) => ({ pass: draw() < 0.85, ending: draw() < share ? 'abandoned' : 'ended' }));

  it('fires when more sessions are given up', () => {
    const feed = createFeed(params);
    leaving(feed, 700, 0.1);
    leaving(feed, 200, 0.4);
    expect(feed.firing()).toContain('engagement_regression');
  });

  it('stays silent while as many are given up as ever', () => {
    const feed = createFeed(params);
    leaving(feed, 1_500, 0.1);
    expect(feed.told).toEqual([]);
  });

  it('does not count sessions whose end was not seen', () => {
    const feed = createFeed(params);
    leaving(feed, 700, 0.1);
    feed.sessions(400, (draw) => ({ pass: draw() < 0.85, ending: 'open' }));
    expect(feed.told).toEqual([]);
  });
});

describe('judge_user_divergence', () => {
  it('fires when users fare worse and the judge goes on passing', () => {
    const feed = createFeed(params);
    live(feed, 900, 0.8, 'sees nothing');
    live(feed, 300, 0.3, 'sees nothing');
    expect(feed.firing()).toContain('judge_user_divergence');
  });

  it('stays silent when the judge sees it too', () => {
    const feed = createFeed(params);
    live(feed, 900, 0.8, 'sees it');
    live(feed, 300, 0.3, 'sees it');
    expect(feed.firing()).toContain('score_regression');
    expect(feed.firing()).not.toContain('judge_user_divergence');
  });

  it('fires when the judge no longer tells who fares well from who does not', () => {
    const feed = createFeed(paramsOf({ maxSeries: 60, reference: 300 }));
    live(feed, 1_500, 0.5, 'sees it');
    // As many pass as before, only other ones.
    feed.sessions(900, (draw) => {
      const recovered = draw() < 0.5;
      const isTroubled = draw() < 0.6;
      return { pass: draw() < 0.7, ...(isTroubled ? troubled(recovered) : {}) };
    });
    expect(feed.told.map(({ series }) => series.criterion)).toContain('correct:association');
  });
});

describe('failover_quality', () => {
  const PRIMARY: SegmentKey = { dimension: 'route', value: 'primary' };
  const FAILOVER: SegmentKey = { dimension: 'route', value: 'failover' };

  it('fires when the failover route scores lower than the primary one ever did, without learning its own level', () => {
    const feed = createFeed(params);
    feed.scores(700, 0.9, [ALL, PRIMARY]);
    feed.scores(100, 0.5, [FAILOVER]);
    expect(feed.firing()).toEqual(['failover_quality']);
    expect(feed.told[0]?.text).toContain('below that of the primary route');
  });

  it('stays silent when it is as good', () => {
    const feed = createFeed(params);
    feed.scores(700, 0.9, [ALL, PRIMARY]);
    feed.scores(400, 0.9, [FAILOVER]);
    expect(feed.told).toEqual([]);
  });
});

describe('quality_dip_after_release', () => {
  const release = (value: string): SegmentKey => ({ dimension: 'release', value });
  const serve = (feed: Feed, value: string, count: number, pass: number): void => {
    feed.items(1, () => ({ sampled: false }), [ALL, release(value)]);
    feed.scores(count, pass, [release(value)]);
  };

  it('fires when a new release scores lower than the one before', () => {
    const feed = createFeed(params);
    serve(feed, '1.0', 700, 0.9);
    serve(feed, '1.1', 100, 0.5);
    expect(feed.firing()).toEqual(['quality_dip_after_release']);
    expect(feed.told[0]?.series.segment.value).toBe('1.1');
  });

  it('stays silent when it scores alike, or higher', () => {
    const feed = createFeed(params);
    serve(feed, '1.0', 700, 0.85);
    serve(feed, '1.1', 250, 0.85);
    serve(feed, '1.2', 250, 0.95);
    expect(feed.told).toEqual([]);
  });
});

describe('a failover over forty segments', () => {
  // The products are watched for three weeks: with the usual ticket in 3 days a false one or two would be within the budget.
  const params = paramsOf(
    { reference: 100, maxSeries: 120, ticket: { days: 60, tolerance: 0 } },
    { severities: { traffic_absent: 'off' } },
  );
  const serve = (
    feed: Feed,
    rounds: number,
    failsOver: (i: number) => boolean,
    quality: number,
    primary = 0.9,
  ): void => {
    for (let i = 0; i < rounds; i++) {
      const route = failsOver(i) ? 'failover' : 'primary';
      const segments = [ALL, { dimension: 'product', value: `p${i % 40}` }, { dimension: 'route', value: route }];
      feed.items(1, () => ({ sampled: false }), segments);
      feed.scores(1, route === 'failover' ? quality : primary, segments);
    }
  };

  it.each([
    // Every product on both routes in turn.
    ['half', (i: number) => (i + Math.floor(i / 40)) % 2 === 0],
    ['all', () => true],
  ])('of %s of the traffic is one incident that names the route, and no page', (_, failsOver) => {
    const feed = createFeed(params);
    serve(feed, 4_400, () => false, 0.3);
    serve(feed, 1_200, failsOver, 0.3);
    expect([...feed.state.series.values()].filter(({ id }) => id.kind === 'score_regression')).toHaveLength(43);
    expect(feed.told.filter(({ severity }) => severity === 'page')).toEqual([]);
    expect(feed.firing()).toContain('failover_quality');
    expect([...feed.state.incidents.values()]).toMatchObject([
      { kind: 'failover_quality', scope: { dimension: 'route', value: 'failover' }, severity: 'ticket' },
    ]);
  });

  it('is a page where the primary route fell as well: that the failover does not explain', () => {
    const feed = createFeed(params);
    serve(feed, 4_400, () => false, 0.3);
    serve(feed, 1_200, (i) => (i + Math.floor(i / 40)) % 2 === 0, 0.3, 0.3);
    expect(feed.told.filter(({ severity }) => severity === 'page')).not.toEqual([]);
  });

  it('stays silent where the other route is as good', () => {
    const feed = createFeed(params);
    serve(feed, 4_400, () => false, 0.9);
    serve(feed, 1_200, () => true, 0.9);
    expect(feed.told).toEqual([]);
  });
});
