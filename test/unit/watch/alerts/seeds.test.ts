import { seedsOf } from '../../../../src/watch/alerts/seeds';
import { standingsOf } from '../../../../src/watch/alerts/view';
import { seededBaseline } from '../../../../src/watch/options-alerts';
import { createFeed, paramsOf } from './feed';

describe('seeds', () => {
  it('hold what was learned, and arm the same series elsewhere from the first value on', () => {
    const params = paramsOf();
    const feed = createFeed(params);
    feed.scores(700, 0.85);
    const seeds = seedsOf(feed.state);
    const score = seeds.find(({ kind }) => kind === 'score_regression');
    expect(score).toMatchObject({ segment: 'all', criterion: 'correct' });
    expect(score?.values.map(([value]) => value)).toEqual([0, 1]);
    const elsewhere = createFeed(paramsOf({ baselines: seeds.map((seed) => seededBaseline.parse(seed)) }));
    elsewhere.scores(1, 0.85);
    expect(standingsOf(elsewhere.state, params)[0]).toMatchObject({ learned: 1, baseline: { source: 'seeded' } });
    elsewhere.scores(150, 0.4);
    expect(elsewhere.firing()).toContain('score_regression');
  });

  it('are not made of a few values', () => {
    const feed = createFeed(paramsOf());
    feed.scores(200, 0.85);
    expect(seedsOf(feed.state)).toEqual([]);
  });
});

describe('a series that learns', () => {
  it('tells when it will be ready at its pace', () => {
    const params = paramsOf({ reference: 500, referenceDays: 7 });
    const feed = createFeed(params);
    feed.scores(101, 0.85);
    const [standing] = standingsOf(feed.state, params);
    const days = ((standing?.readyAt ?? 0) - (feed.state.eventTime ?? 0)) / 86_400_000;
    expect(standing).toMatchObject({ state: 'learning', baseline: null });
    expect(days).toBeGreaterThan(0);
  });
});
