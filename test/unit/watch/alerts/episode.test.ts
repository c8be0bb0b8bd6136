import { createRandom } from '../../../../src/stats/seeded-random';
import { openEpisode, stepEpisode } from '../../../../src/watch/alerts/episode';
import { createWatched, observe } from '../../../../src/watch/alerts/watched';
import { ALL, MINUTE, PANEL, paramsOf, START } from './feed';

const params = paramsOf();
const HELD = 0.8;

interface Story {
  readonly down: number;
  /** Values at 0.8 between the fall and the alert. */
  readonly late: number;
}

/** Values at the old level from the alert on until the episode is over; 5,000 = it is not. 200 values in two hours. */
function valuesUntilOver({ down, late }: Story, seed: number): number {
  const random = createRandom(seed);
  const seeded = {
    kind: 'score_regression',
    segment: 'all',
    criterion: 'correct',
    panel: PANEL,
    values: [[0, 200] as [number, number], [1, 800] as [number, number]],
  } as const;
  const id = { kind: 'score_regression', segment: ALL, criterion: 'correct', panel: PANEL } as const;
  const setup = { id, range: [0, 1] as const, objective: null, target: null, seeded, borrowed: null, hasHistory: true };
  const series = createWatched(setup, params);
  let at = START;
  const see = (count: number, mean: number): number => {
    let x = 0;
    for (let i = 0; i < count; i++) {
      at += 0.6 * MINUTE;
      observe(series, (x = random() < mean ? 1 : 0), at, at, params);
    }
    return x;
  };
  see(500, HELD);
  see(300, down);
  see(late, HELD);
  const open = openEpisode(series, { id: 'e', episode: 1, kind: id.kind, severity: 'page', findings: [] });
  for (let values = 1; values < 5_000; values++) {
    if (stepEpisode(series, open, see(1, HELD), false, params)) return values;
  }
  return 5_000;
}

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

function median(story: Story): number {
  const all = SEEDS.map((seed) => valuesUntilOver(story, seed));
  return all.sort((a, b) => a - b)[12]!;
}

describe('an episode told while the level is still down', () => {
  it('is over two hours after it is back, or some hours where the fall was small', () => {
    expect(median({ down: 0.4, late: 0 })).toBeLessThan(300);
    expect(median({ down: 0.65, late: 0 })).toBeLessThan(600);
  });
});

describe('an episode told late, when the level is back already', () => {
  it.each([0.4, 0.65])('is over about as soon as one told in time, after a fall to %f', (down) => {
    const inTime = median({ down, late: 0 });
    expect(median({ down, late: 1_000 })).toBeLessThan(3 * inTime);
  });

  it('is over within hours where nothing is to be seen of the fall any more', () => {
    expect(median({ down: 0.79, late: 2_000 })).toBeLessThan(1_000);
  });
});
