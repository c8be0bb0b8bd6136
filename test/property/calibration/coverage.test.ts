import { auditJudge, type JudgeAudit } from '../../../src/calibration/judge-audit';
import type { Interval } from '../../../src/stats/interval';
import { createRandom } from '../../../src/stats/seeded-random';

/** Probabilities of (label, verdict): [0, 0], [0, 1], [1, 0], [1, 1]. */
type Cells = readonly [number, number, number, number];

const RUNS = 1500;

function draw(cells: Cells, items: number, random: () => number): JudgeAudit {
  const labels: number[] = [];
  const verdicts: number[] = [];
  for (let i = 0; i < items; i++) {
    let u = random();
    const cell = cells.findIndex((p) => (u -= p) < 0);
    labels.push(cell >> 1);
    verdicts.push(cell & 1);
  }
  return auditJudge(labels, verdicts, { classes: 2, positive: 0 });
}

function trueKappa([a, b, c, d]: Cells): number {
  const chance = (a + b) * (a + c) + (c + d) * (b + d);
  return (a + d - chance) / (1 - chance);
}

describe('intervals of an audit, in seeded simulation', () => {
  it.each<[string, Cells, number]>([
    ['a fair judge on even labels', [0.4, 0.1, 0.08, 0.42], 150],
    ['a good judge on uneven labels', [0.22, 0.03, 0.05, 0.7], 400],
    ['a poor judge', [0.3, 0.2, 0.2, 0.3], 100],
  ])('cover kappa, accuracy and F1 at their stated rate: %s', (_name, cells, items) => {
    const random = createRandom(17);
    const truth = {
      kappa: trueKappa(cells),
      accuracy: cells[0] + cells[3],
      f1: (2 * cells[0]) / (2 * cells[0] + cells[1] + cells[2]),
    };
    const covered = { kappa: 0, accuracy: 0, f1: 0 };
    const holds = (interval: Interval | null, value: number): boolean =>
      interval !== null && interval[0] <= value && value <= interval[1];
    for (let run = 0; run < RUNS; run++) {
      const audit = draw(cells, items, random);
      if (holds(audit.kappaInterval, truth.kappa)) covered.kappa += 1;
      if (holds(audit.accuracyInterval, truth.accuracy)) covered.accuracy += 1;
      if (holds(audit.f1Interval, truth.f1)) covered.f1 += 1;
    }
    // Three standard errors of a share of 95 % in 1,500 runs are 1.7 points.
    for (const count of Object.values(covered)) {
      expect(count / RUNS).toBeGreaterThan(0.93);
      expect(count / RUNS).toBeLessThan(0.97);
    }
  });
});
