import { isKept, predictedPass, tuneOperatingPoint, type TuneItem } from '../../src/calibration/tune';
import { clopperPearsonLower } from '../../src/stats/binomial-intervals';
import { mean } from '../../src/stats/moments';
import { createRandom } from '../../src/stats/seeded-random';
import type { PanelSet } from '../eval-weights/panels';
import { shuffled } from '../support/shuffle';
import { AUDIT, DELTA, type Draws } from './draws';

interface TuneCase {
  readonly set: string;
  readonly alpha: number;
  /** The cheap stage and its price; the ensemble's price is that of asking all of it (data/README.md). */
  readonly cheap: readonly string[];
  readonly cheapCost: number;
  readonly ensembleCost: number;
}

const TRIVIA = { set: 'triviaqa_judges/1', cheap: ['Mistral-7B', 'Contains'], cheapCost: 1, ensembleCost: 41 };
export const TUNE_CASES: readonly TuneCase[] = [
  { ...TRIVIA, alpha: 0.1 },
  { ...TRIVIA, alpha: 0.08 },
  {
    set: 'realmistake',
    alpha: 0.3,
    cheap: ['gpt-3.5-turbo-0125/p1', 'gpt-3.5-turbo-0125/p2'],
    cheapCost: 6,
    ensembleCost: 63,
  },
];

interface TuneFigures {
  readonly halves: number;
  readonly violation: number;
  readonly refused: number;
  /** Means over the draws that were tuned. */
  readonly saving: number | null;
  readonly kept: number | null;
  readonly risk: number | null;
}

/** Tunes on one random half and looks at the other; null where the set has not these judges. */
export function tuneHalves(
  set: PanelSet,
  { alpha, cheap, cheapCost, ensembleCost }: TuneCase,
  { seed, halves }: Draws,
): TuneFigures | null {
  const columns = cheap.map((name) => set.members.indexOf(name));
  if (columns.some((column) => column < 0)) return null;
  const items = set.labels.map((label, i): TuneItem => {
    return { scores: columns.map((column) => set.scores[i]![column] ?? null), label: label === 1 ? 1 : 0 };
  });
  const random = createRandom(seed);
  let [violations, refused] = [0, 0];
  const savings: number[] = [];
  const shares: number[] = [];
  const risks: number[] = [];
  for (let half = 0; half < halves; half++) {
    const order = shuffled(items.length, random).map((i) => items[i]!);
    const middle = Math.floor(order.length / 2);
    const options = { members: cheap, alpha, delta: DELTA, cheapCost, ensembleCost, auditProbability: AUDIT };
    const tuned = tuneOperatingPoint(order.slice(0, middle), options);
    if (tuned.kind === 'refused') {
      refused += 1;
      continue;
    }
    const others = order.slice(middle);
    const kept = others.filter(({ scores }) => isKept(tuned, scores));
    const wrong = kept.filter(({ scores, label }) => predictedPass(tuned, scores) >= 0.5 !== (label === 1)).length;
    if (clopperPearsonLower(wrong, kept.length, 0.05) > alpha) violations += 1;
    savings.push(tuned.saving);
    shares.push(kept.length / others.length);
    if (kept.length > 0) risks.push(wrong / kept.length);
  }
  return {
    halves,
    violation: violations / halves,
    refused: refused / halves,
    saving: mean(savings),
    kept: mean(shares),
    risk: mean(risks),
  };
}
