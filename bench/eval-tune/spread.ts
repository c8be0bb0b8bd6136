import { planSpread, type SpreadItem } from '../../src/calibration/spread';
import { pseudoOutcome } from '../../src/stats/aipw';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { applyCalibrationMap } from '../../src/stats/isotonic';
import { createRandom } from '../../src/stats/seeded-random';
import type { PanelSet } from '../eval-weights/panels';
import { shuffled } from '../support/shuffle';
import { AUDIT, type Draws } from './draws';

/** Three cheap judges whose mean is the cheap score; the ensemble is the mean of all other judges of the set. */
export const SPREAD_CASES = [
  { set: 'triviaqa_judges/1', cheap: ['Mistral-7B', 'Llama-7B', 'Contains'] },
  { set: 'triviaqa_judges/2', cheap: ['Mistral-7B', 'Llama-7B', 'Llama3-8B'] },
  { set: 'realmistake', cheap: ['gpt-3.5-turbo-0125/p1', 'gpt-3.5-turbo-0125/p2', 'Mixtral-8x7B-Instruct-v0.1/p1'] },
] as const;
const SHARE = 0.35;

interface SpreadFigures {
  /** Escalated on the other half; 0.35 was asked for. */
  readonly share: number;
  /** Of the interval of spending the same share evenly. */
  readonly width: number;
  /** The default band and audit, against spending its own share evenly. */
  readonly band_width: number;
  readonly band_share: number;
  readonly bias: number;
  readonly bias_se: number;
  readonly draws: number;
}

interface Scored {
  readonly cheap: number;
  readonly ensemble: number;
}

/** Plans probabilities on one random half and spends them on the other; null where the set has not these judges. */
export function spreading(set: PanelSet, cheap: readonly string[], { seed, halves }: Draws): SpreadFigures | null {
  const columns = cheap.map((name) => set.members.indexOf(name));
  if (columns.some((column) => column < 0)) return null;
  const others = set.judges.flatMap((name) => (cheap.includes(name) ? [] : [set.members.indexOf(name)]));
  const items = set.scores.flatMap((row): Scored[] => {
    const meanOf = (of: readonly number[]): number | null => mean(of.flatMap((column) => row[column] ?? []));
    const [score, ensemble] = [meanOf(columns), meanOf(others)];
    return score === null || ensemble === null ? [] : [{ cheap: score, ensemble }];
  });
  const random = createRandom(seed);
  const found: { share: number; width: number; bandWidth: number; bandShare: number; error: number }[] = [];
  for (let half = 0; half < halves; half++) {
    const order = shuffled(items.length, random).map((i) => items[i]!);
    const middle = Math.floor(order.length / 2);
    const plan = planSpread(
      order.slice(0, middle).map(({ cheap: score, ensemble }): SpreadItem => {
        return { readings: [{ criterion: 'right', cheap: score, ensemble, weight: 1 }], least: AUDIT };
      }),
      SHARE,
    );
    if (plan.kind !== 'planned') return null;
    const { upTo, probability } = plan.rules[0]!;
    const rest = order.slice(middle);
    const pi = rest.map(({ cheap: score }) =>
      Math.max(AUDIT, applyCalibrationMap({ upTo, value: probability, weight: [] }, score)),
    );
    const band = rest.map(({ cheap: score }) => (score >= 0.25 && score <= 0.75 ? 1 : AUDIT));
    const errors = rest.map(({ cheap: score, ensemble }, i) => {
      return pseudoOutcome(score, random() < pi[i]! ? ensemble : null, pi[i]!) - ensemble;
    });
    found.push({
      share: mean(pi) ?? 0,
      width: againstEven(rest, pi),
      bandWidth: againstEven(rest, band),
      bandShare: mean(band) ?? 0,
      error: mean(errors) ?? 0,
    });
  }
  const meanOf = (name: 'share' | 'width' | 'bandWidth' | 'bandShare' | 'error'): number =>
    mean(found.map((one) => one[name])) ?? 0;
  return {
    share: meanOf('share'),
    width: meanOf('width'),
    band_width: meanOf('bandWidth'),
    band_share: meanOf('bandShare'),
    bias: meanOf('error'),
    bias_se: standardErrorOfMean(found.map(({ error }) => error)) ?? 0,
    draws: found.length,
  };
}

/** Width of the interval by these probabilities over that of the same share spent evenly; exact, no draw is made. */
function againstEven(items: readonly Scored[], pi: readonly number[]): number {
  const share = mean(pi) ?? 1;
  const centre = mean(items.map(({ ensemble }) => ensemble)) ?? 0;
  const varianceBy = (piOf: (i: number) => number): number =>
    mean(
      items.map(({ cheap, ensemble }, i) => (ensemble - centre) ** 2 + (1 / piOf(i) - 1) * (ensemble - cheap) ** 2),
    ) ?? 0;
  return Math.sqrt(varianceBy((i) => pi[i]!) / varianceBy(() => share));
}
