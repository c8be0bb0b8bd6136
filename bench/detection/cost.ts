import { createEDetector, designEDetector, stepEDetector } from '../../src/detectors/e-detector';
import { createGrowing, stepGrowing } from '../../src/detectors/growing-detector';
import { UNIT_SEQUENCE } from '../../src/stats/confidence-sequence';
import { createHedged, recordHedged } from '../../src/stats/hedged-sequence';
import { createRandom } from '../../src/stats/seeded-random';

/** Processor time of one update in nanoseconds, the best of five rounds: other work on the machine only adds. */
export function updateCosts(): { known: number; learned: number; sequence: number; learned_cells: number } {
  const random = createRandom(3);
  const xs = Array.from({ length: 20_000 }, () => (random() < 0.85 ? 1 : 0));
  const design = designEDetector({ baseline: 0.85, variance: 0.1275 });
  const state = createEDetector(design);
  const growing = createGrowing(xs.slice(0, 2000), { threshold: 10_000 });
  const hedgedDesign = { ...UNIT_SEQUENCE, truncation: 0.5, steps: 200 };
  const hedged = createHedged(hedgedDesign);
  return {
    known: best(xs, 20, (x) => stepEDetector(design, state, x)),
    learned: best(xs, 1, (x) => stepGrowing(growing.design, growing.state, x)),
    sequence: best(xs.slice(0, 5000), 1, (x) => recordHedged(hedgedDesign, hedged, x)),
    learned_cells: growing.design.baseline.edges.length,
  };
}

function best(xs: readonly number[], rounds: number, step: (x: number) => unknown): number {
  let shortest = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) for (const x of xs) step(x);
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, ((user + system) * 1000) / (rounds * xs.length));
  }
  return Math.round(shortest);
}
