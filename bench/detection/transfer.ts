import { createRandom } from '../../src/stats/seeded-random';
import { FAMILIES, type Family } from './streams';
import { simulated } from './summary';
import { adwin, CALIBRATED, known, pageHinkley, type Watcher, windowBelow } from './watcher';

const NOMINAL = 10_000;

/** Streams without any change; the last two give the detector a variance that is wrong by half and by double. */
const STREAMS: readonly (readonly [name: string, family: Family, mean: number, varianceFactor: number])[] = [
  ['Bernoulli .85', 'bernoulli', 0.85, 1],
  ['Bernoulli .60', 'bernoulli', 0.6, 1],
  ['Bernoulli .70', 'bernoulli', 0.7, 1],
  ['Bernoulli .95', 'bernoulli', 0.95, 1],
  ['rubric5 .85', 'rubric5', 0.85, 1],
  ['beta10 .85', 'beta10', 0.85, 1],
  ['Bernoulli .85, variance halved', 'bernoulli', 0.85, 0.5],
  ['Bernoulli .85, variance doubled', 'bernoulli', 0.85, 2],
];

interface TransferFigure {
  readonly arl: number | null;
  readonly nominal: number;
  readonly se: number | null;
  readonly runs: number;
  /** The comparators with the settings that give 10,000 on Bernoulli .85; runs are cut at ten times the nominal. */
  readonly page_hinkley_025: number | null;
  readonly window_200: number | null;
  readonly adwin: number | null;
}

/** Items between false alarms of the same settings on every stream. */
export function transfer(runs: number, comparatorRuns: number, seed: number): Record<string, TransferFigure> {
  const figures: Record<string, TransferFigure> = {};
  const settings = CALIBRATED.bernoulli;
  const [size, level] = settings.windows[1]!;
  const [delta, threshold] = settings.hinkley[1]!;
  for (const [name, family, mean, factor] of STREAMS) {
    const ours = simulated(lengths(() => known(family, mean, NOMINAL, factor), family, mean, runs, seed, Infinity));
    const cut = (make: () => Watcher): number | null =>
      factor === 1 ? censoredMean(lengths(make, family, mean, comparatorRuns, seed, 10 * NOMINAL)) : null;
    figures[name] = {
      arl: ours.mean,
      nominal: NOMINAL,
      se: ours.se,
      runs: ours.runs,
      page_hinkley_025: cut(() => pageHinkley(delta, threshold)),
      window_200: cut(() => windowBelow(size, level + mean - 0.85)),
      adwin: cut(() => adwin(settings.adwin)),
    };
  }
  return figures;
}

function lengths(
  make: () => Watcher,
  family: Family,
  mean: number,
  runs: number,
  seed: number,
  most: number,
): number[] {
  const draw = FAMILIES[family];
  const random = createRandom(seed);
  return Array.from({ length: runs }, () => {
    const { step } = make();
    let t = 1;
    while (!step(draw(mean, random)) && t < most) t += 1;
    return t;
  });
}

/** Total time over alarms seen: the estimate of a mean interval under cutting; null when no alarm was seen. */
function censoredMean(values: readonly number[]): number | null {
  const alarms = values.filter((value) => value < 10 * NOMINAL).length;
  return alarms === 0 ? null : Math.round(values.reduce((a, b) => a + b, 0) / alarms);
}
