import { emptyAipw, recordAipw, snapshotAipw } from '../../../src/stats/aipw';
import { mean, standardErrorOfMean } from '../../../src/stats/moments';
import { createRandom } from '../../../src/stats/seeded-random';

const RUNS = 300;
const ITEMS = 400;

interface Run {
  readonly aipw: number;
  readonly naive: number;
  readonly covered: boolean;
}

/** Cheap scores that are too low by a varying amount; the worst always escalated, a tenth of the others. */
function simulate(random: () => number): Run {
  let state = emptyAipw();
  const escalated: number[] = [];
  for (let i = 0; i < ITEMS; i++) {
    const quality = random();
    const ensemble = random() < 0.7 + 0.3 * quality ? 1 : 0;
    const cheap = Math.min(1, Math.max(0, 0.2 + 0.5 * quality + 0.3 * (random() - 0.5)));
    const pi = cheap < 0.45 ? 1 : 0.1;
    const drawn = random() < pi;
    if (drawn) escalated.push(ensemble);
    state = recordAipw(state, cheap, drawn ? ensemble : null, pi);
  }
  const snapshot = snapshotAipw(state);
  const distance = Math.abs(snapshot.mean! - 0.85);
  return { aipw: snapshot.mean!, naive: mean(escalated)!, covered: distance <= 1.96 * snapshot.standardError! };
}

describe('the mean under selective escalation', () => {
  const random = createRandom(20240);
  const runs = Array.from({ length: RUNS }, () => simulate(random));

  it('is unbiased although the cheap score is not', () => {
    const estimates = runs.map((run) => run.aipw);
    expect(Math.abs(mean(estimates)! - 0.85)).toBeLessThan(4 * standardErrorOfMean(estimates)!);
  });

  it('is where the plain mean of escalated items is not', () => {
    const naive = runs.map((run) => run.naive);
    expect(0.85 - mean(naive)!).toBeGreaterThan(8 * standardErrorOfMean(naive)!);
  });

  it('is covered by its fixed-time interval about as often as stated', () => {
    const share = runs.filter((run) => run.covered).length / RUNS;
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.99);
  });
});
