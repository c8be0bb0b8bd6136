import type { GoldenRunSummary } from '../../../../src/domain/golden-standing';
import { buildGoldenScore } from '../../../support/builders/keyed-record';
import { createFeed, type Feed, MINUTE, paramsOf } from './feed';

const quiet = { severities: { traffic_absent: 'off', golden_set_stale: 'off' } } as const;
const params = paramsOf({}, quiet);

/** The judge became stricter by so many points on 500 items. */
function moved(points: number): Partial<GoldenRunSummary> {
  const down = Math.round(500 * points);
  return {
    drift: { n: 500, mean: -points, lower: -points - 0.02, upper: -points + 0.02 },
    changed: { pairs: 500, up: 2, down },
  };
}

describe('judge_drift', () => {
  it('fires when verdicts on the golden set change in one direction, and is over when they are back', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', moved(0.1));
    expect(feed.told).toMatchObject([{ state: 'firing', series: { kind: 'judge_drift', criterion: 'correct' } }]);
    expect(feed.told[0]?.text).toContain('The judge moved, not the product.');
    feed.goldenRun('big', {});
    expect(feed.told.at(-1)).toMatchObject({ state: 'resolved' });
  });

  it('stays silent over a judge that is merely noisy, run after run', () => {
    const feed = createFeed(params);
    for (let i = 0; i < 50; i++) feed.goldenRun('big', { changed: { pairs: 500, up: 30, down: 32 } });
    expect(feed.told).toEqual([]);
  });
});

describe('a page on a score', () => {
  const fall = (feed: Feed, values = 60): void => {
    feed.scores(600, 0.9);
    feed.scores(values, 0.4);
  };

  it('waits for the golden set and then says that the judge is ruled out', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', {});
    fall(feed, 20);
    while (feed.told.length === 0 && [...feed.state.series.values()].every(({ heldSince }) => heldSince === null)) {
      feed.scores(1, 0.4);
    }
    expect(feed.told).toEqual([]);
    feed.goldenRun('big', { trigger: 'suspicion' });
    expect(feed.told.at(-1)).toMatchObject({ state: 'firing', series: { kind: 'score_regression' } });
    expect(feed.told.at(-1)?.text).toContain('Judge ruled out: re-run on 500 golden items');
  });

  it('leaves after fifteen minutes all the same', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', {});
    fall(feed, 80);
    feed.pause(16 * MINUTE);
    expect(feed.told.at(-1)?.text).toContain('the golden set was not re-run within 15 minutes');
  });

  it('says that few items cannot rule the judge out', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', { items: 50, scored: 50 });
    fall(feed, 15);
    while ([...feed.state.series.values()].every(({ heldSince }) => heldSince === null)) feed.scores(1, 0.4);
    feed.goldenRun('big', { items: 50, scored: 50, trigger: 'suspicion' });
    expect(feed.told.at(-1)?.text).toContain('Judge not ruled out: 50 golden items are too few');
  });

  it('does not leave when it was the judge: judge_drift is told, and the scores go on corrected', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', {});
    feed.scores(600, 0.9);
    feed.scores(40, 0.6);
    feed.goldenRun('big', { ...moved(0.3), trigger: 'suspicion' });
    feed.scores(600, 0.6);
    expect(new Set(feed.told.map(({ series }) => series.kind))).toEqual(new Set(['judge_drift']));
  });

  it('leaves for a real drop under a judge that has moved', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', {});
    feed.scores(600, 0.9);
    feed.goldenRun('big', { ...moved(0.1), trigger: 'change' });
    feed.scores(200, 0.3);
    feed.end();
    expect(feed.firing()).toContain('score_regression');
    expect(feed.told.find(({ series }) => series.kind === 'score_regression')?.text).toContain('Judge moved as well');
  });

  it('is told at the end of a stream without waiting', () => {
    const feed = createFeed(paramsOf({}, { goldenWaitMinutes: 120 }));
    feed.goldenRun('big', {});
    feed.scores(600, 0.9);
    while ([...feed.state.series.values()].every(({ heldSince }) => heldSince === null)) feed.scores(1, 0.3);
    feed.end();
    expect(feed.firing()).toContain('score_regression');
  });
});

describe('judge_family_bias', () => {
  const biased = (own: number): Partial<GoldenRunSummary> => ({
    byProducer: {
      other: { n: 200, mean: own, lower: own - 0.03, upper: own + 0.03 },
      acme: { n: 300, mean: 0.01, lower: -0.02, upper: 0.04 },
    },
  });

  it('fires when a judge favours answers of its own family against people', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', biased(0.2));
    expect(feed.firing()).toEqual(['judge_family_bias']);
    expect(feed.told[0]?.text).toContain('favours answers of its own family (other)');
  });

  it('stays silent when it errs alike on all families, and on few items', () => {
    const feed = createFeed(params);
    feed.goldenRun('big', biased(0.03));
    feed.goldenRun('big', { byProducer: { other: { n: 5, mean: 0.5, lower: 0.4, upper: 0.6 } } });
    expect(feed.told).toEqual([]);
  });
});

describe('golden_set_stale', () => {
  const watched = paramsOf({}, { severities: { traffic_absent: 'off' } });

  it('fires two days after the last complete run and is over with the next', () => {
    const feed = createFeed(watched);
    feed.goldenRun('big', {});
    feed.pause(49 * 60 * MINUTE);
    expect(feed.firing()).toEqual(['golden_set_stale']);
    feed.goldenRun('big', {});
    expect(feed.told.at(-1)).toMatchObject({ state: 'resolved' });
  });

  it('stays silent without a golden set, and while runs come', () => {
    const feed = createFeed(watched);
    feed.pause(90 * 60 * MINUTE);
    for (let day = 0; day < 5; day++) {
      feed.goldenRun('big', {});
      feed.pause(24 * 60 * MINUTE);
    }
    expect(feed.told).toEqual([]);
  });
});

describe('control_item_missed', () => {
  const control = (feed: Feed, count: number, missed: number): void => {
    feed.items(1, () => ({ sampled: false }));
    for (let i = 0; i < count; i++) {
      const score = i % 10 < missed ? 0 : 1;
      feed.goldenAnswer({ trigger: 'control', item: `c-${i}`, scores: [buildGoldenScore({ score, human: 1 })] });
      feed.items(1, () => ({ sampled: false }));
    }
  };

  it('fires when a judge misses four in ten', () => {
    const feed = createFeed(params);
    control(feed, 120, 4);
    expect(feed.firing()).toEqual(['control_item_missed']);
  });

  it('stays silent at none in ten', () => {
    const feed = createFeed(params);
    control(feed, 300, 0);
    expect(feed.told).toEqual([]);
  });
});

describe('judge_human_disagreement', () => {
  const review = (feed: Feed, count: number, humanPasses: number): void => {
    for (let i = 0; i < count; i++) {
      const value = (i * 7) % 100 < 100 * humanPasses ? 1 : 0;
      feed.label({ interactionId: `i-${feed.state.clock}`, value, score: 0.9 });
    }
  };

  it('fires when people come to think less of what the judge passes', () => {
    const feed = createFeed(params);
    review(feed, 250, 0.85);
    review(feed, 150, 0.4);
    expect(feed.firing()).toEqual(['judge_human_disagreement']);
  });

  it('stays silent while they differ as ever', () => {
    const feed = createFeed(params);
    review(feed, 600, 0.7);
    expect(feed.told).toEqual([]);
  });

  it('counts only reviews that were drawn by chance', () => {
    const feed = createFeed(params);
    review(feed, 250, 0.85);
    for (let i = 0; i < 200; i++) feed.label({ value: 0, score: 0.9, probability: null, reason: 'disagreement' });
    expect(feed.told).toEqual([]);
  });
});

describe('rater_drift', () => {
  const seal = (feed: Feed, items: number): void => {
    for (let i = 0; i < items; i++) {
      feed.goldenAnswer({ item: `g-${i}`, scores: [buildGoldenScore({ criterion: 'correct', human: 1 })] });
    }
  };
  const again = (feed: Feed, items: number, stricter: number): void => {
    for (let i = 0; i < items; i++) {
      feed.label({ interactionId: `g-${i}`, reason: 'golden', value: i < stricter ? 0 : 1 });
    }
  };

  it('fires when golden items, labelled again, change in one direction', () => {
    const feed = createFeed(params);
    seal(feed, 40);
    again(feed, 40, 12);
    expect(feed.firing()).toEqual(['rater_drift']);
  });

  /** 21,000 labels of sets that were frozen before. */
  const flood = (feed: Feed): void => {
    for (let i = 0; i < 105; i++) {
      const scores = Array.from({ length: 200 }, (_, k) => buildGoldenScore({ criterion: `criterion-${k}`, human: 1 }));
      feed.goldenAnswer({ item: `old-${i}`, scores });
    }
  };

  it('fires for the latest set however many items were frozen before it', () => {
    const feed = createFeed(params);
    flood(feed);
    seal(feed, 40);
    again(feed, 40, 12);
    expect(feed.firing()).toEqual(['rater_drift']);
    expect(feed.state.golden.humans.size).toBeLessThanOrEqual(20_000);
  });

  it('stays silent when hardly any label changes', () => {
    const feed = createFeed(params);
    flood(feed);
    seal(feed, 40);
    again(feed, 40, 2);
    expect(feed.told).toEqual([]);
  });
});
