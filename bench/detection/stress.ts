import { createEDetector, designEDetector, stepEDetector } from '../../src/detectors/e-detector';
import { createRandom } from '../../src/stats/seeded-random';
import { pseudoOutcome } from '../../src/stats/aipw';
import { escalationProbability } from '../../src/stats/escalation-probability';
import { gamma, type Random } from './streams';
import { type Simulated, simulated } from './summary';

/** One value and the weight it was announced with. */
interface Arrival {
  readonly x: number;
  readonly weight: number;
}

const THRESHOLD = 10_000;
const MEAN = 0.85;

/** Mean weight between false alarms (items, or days where weights are days) on streams that break naive detectors. Goal: >= 10,000. */
export function stress(runs: number, seed: number): Record<string, Simulated & { nominal: number }> {
  const variance = MEAN * (1 - MEAN);
  const cases: readonly (readonly [string, number, number, () => (random: Random) => Arrival])[] = [
    ['sessions of 5 turns, ICC .3, one value per session', variance, 1, () => clustered],
    ['seasonal traffic, weight = time since the previous item', variance, 1, seasonal],
    ['batches of 50, weight 0 inside a batch', variance, 1, batches],
    ['escalation policy changed in mid-stream', 0.34, 10, policyChange],
  ];
  return Object.fromEntries(
    cases.map(([name, spread, upperBound, stream]) => {
      const design = designEDetector({ baseline: MEAN, variance: spread, upperBound });
      const random = createRandom(seed);
      const lengths = Array.from({ length: runs }, () => {
        const next = stream();
        const state = createEDetector(design);
        let elapsed = 0;
        for (;;) {
          const { x, weight } = next(random);
          elapsed += weight;
          if (stepEDetector(design, state, x, weight) >= THRESHOLD) return elapsed;
        }
      });
      return [name, { ...simulated(lengths), nominal: THRESHOLD }];
    }),
  );
}

/** Five turns share a pass rate drawn per session; ICC = 1 / (concentration + 1). */
function clustered(random: Random): Arrival {
  const concentration = 1 / 0.3 - 1;
  const a = gamma(MEAN * concentration, random);
  const rate = a / (a + gamma((1 - MEAN) * concentration, random));
  let passes = 0;
  for (let turn = 0; turn < 5; turn++) if (random() < rate) passes += 1;
  return { x: passes / 5, weight: 1 };
}

/** Traffic between 0.2 and 1.8 of its mean over a day of 200 items; the mean interval is one unit. */
function seasonal(): (random: Random) => Arrival {
  let clock = 0;
  return (random) => {
    const weight = -Math.log(1 - random()) / (1 + 0.8 * Math.sin((2 * Math.PI * clock) / 200));
    clock += weight;
    return { x: random() < MEAN ? 1 : 0, weight };
  };
}

function batches(): (random: Random) => Arrival {
  let t = 0;
  return (random) => ({ x: random() < MEAN ? 1 : 0, weight: t++ % 50 === 0 ? 50 : 0 });
}

/** Pseudo-outcomes of a cheap judge worth little, with a floor of 0.10; after 3,000 items the policy escalates more. */
function policyChange(): (random: Random) => Arrival {
  let t = 0;
  return (random) => {
    const cheap = random();
    const y = random() < (cheap < 0.3 ? 0.6 : 0.85 + (0.3 * 0.25) / 0.7) ? 1 : 0;
    const prediction = cheap < 0.3 ? 0.6 : 0.9;
    const rule = { floor: 0.1, multiplier: t < 3000 ? 0.4 : 1.2, band: null, bound: t < 3000 ? Infinity : 3 };
    const pi = escalationProbability(rule, cheap, prediction, Math.sqrt(prediction * (1 - prediction)), 1);
    t += 1;
    return { x: pseudoOutcome(prediction, random() < pi ? y : null, pi), weight: 1 };
  };
}
