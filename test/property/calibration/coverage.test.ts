import { auditAgainstPeople, type AuditRow } from '../../../src/calibration/human-audit';
import { auditJudge, type JudgeAudit } from '../../../src/calibration/judge-audit';
import type { Label } from '../../../src/domain/label';
import type { Interval } from '../../../src/stats/interval';
import { createRandom } from '../../../src/stats/seeded-random';
import { buildLabel } from '../../support/builders/keyed-record';

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

describe('intervals of an audit beside people, in seeded simulation', () => {
  /** Score, and how often people pass what gets it. */
  const LEVELS = [0.1, 0.3, 0.5, 0.7, 0.9];

  it.each<[string, number, (score: number) => number]>([
    ['a calibrated judge', 200, (score) => score],
    ['an overconfident judge', 150, (score) => 0.5 + 0.5 * (score - 0.5)],
    ['a judge too generous', 400, (score) => 0.8 * score],
  ])('cover balanced accuracy, weighted kappa, Brier and ECE: %s', (_name, items, passRate) => {
    const random = createRandom(5);
    const sample = (n: number): Label[] =>
      Array.from({ length: n }, (_, i) => {
        const score = LEVELS[Math.floor(random() * LEVELS.length)]!;
        const value = Number(random() < passRate(score));
        return buildLabel({ interactionId: `i-${i}`, score, value, judges: [], segments: {}, producerFamily: null });
      });
    const auditOf = (labels: readonly Label[]): AuditRow => auditAgainstPeople(labels).rows[0]!;
    const truth = auditOf(sample(20_000));
    const exactEce = LEVELS.reduce((sum, score) => sum + Math.abs(passRate(score) - score) / LEVELS.length, 0);
    const covered = { balanced: 0, weighted: 0, brier: 0, ece: 0 };
    const holds = (interval: Interval | null, value: number | null): number =>
      Number(interval !== null && value !== null && interval[0] <= value && value <= interval[1]);
    const runs = 250;
    for (let run = 0; run < runs; run++) {
      const row = auditOf(sample(items));
      covered.balanced += holds(row.balancedAccuracyInterval, truth.balancedAccuracy);
      covered.weighted += holds(row.weightedKappaInterval, truth.weightedKappa);
      covered.brier += holds(row.brierInterval, truth.brier);
      covered.ece += holds(row.eceInterval, exactEce);
    }
    // Three standard errors of a share of 95 % in 250 runs are 4.1 points; that of ECE covers at least as often.
    for (const name of ['balanced', 'weighted', 'brier'] as const) {
      expect([name, covered[name] / runs > 0.909]).toEqual([name, true]);
      expect([name, covered[name] / runs < 0.991]).toEqual([name, true]);
    }
    expect(covered.ece / runs).toBeGreaterThan(0.909);
  });
});
