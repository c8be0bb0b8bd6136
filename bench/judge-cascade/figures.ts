import { cohenKappa, confusionMatrix } from '../../src/stats/agreement';
import type { Interval } from '../../src/stats/interval';
import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';

/** Cohen's kappa of two lists of verdicts; pairs where either is null are left out. */
export function kappaOf(
  human: readonly number[],
  verdicts: readonly (number | null)[],
  scale: readonly number[],
): number | null {
  const kept = human.flatMap((label, i) => {
    const verdict = verdicts[i] ?? null;
    return verdict === null ? [] : [[scale.indexOf(label), scale.indexOf(verdict)] as const];
  });
  const matrix = confusionMatrix(
    kept.map(([label]) => label),
    kept.map(([, verdict]) => verdict),
    scale.length,
  );
  return cohenKappa(matrix).kappa;
}

/** Percentile bootstrap over items, 95 %, of any number of figures at once; null where a draw has no figure. */
export function bootstrap(
  items: number,
  draws: number,
  seed: number,
  figures: (indices: readonly number[]) => readonly (number | null)[],
): (Interval | null)[] {
  const random = createRandom(seed);
  const samples: number[][] = [];
  for (let draw = 0; draw < draws; draw++) {
    const indices = Array.from({ length: items }, () => Math.floor(random() * items));
    figures(indices).forEach((value, i) => {
      if (value !== null) (samples[i] ??= []).push(value);
    });
  }
  return samples.map((values) => {
    const [low, high] = [quantile(values, 0.025), quantile(values, 0.975)];
    return low === null || high === null ? null : [low, high];
  });
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
