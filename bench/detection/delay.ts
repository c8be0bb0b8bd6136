import { createRandom } from '../../src/stats/seeded-random';
import { FAMILIES, type Family } from './streams';
import { type Simulated, simulated } from './summary';
import {
  adwin,
  CALIBRATED,
  fixedBaseline,
  growingBaseline,
  known,
  oracleCusum,
  pageHinkley,
  type Watcher,
  windowBelow,
} from './watcher';

const THRESHOLD = 10_000;
const BEFORE = 0.85;
/** Items watched before the change: the detector is running, as it usually is. */
const RUNNING = 2000;
const MOST = 50_000;

export const DROPS = ['0.05', '0.10'] as const;
type DropName = (typeof DROPS)[number];

export interface DelayRuns {
  readonly known: number;
  readonly learned: number;
  readonly learnedLong: number;
  readonly comparators: number;
}

type Delays = Record<string, Record<DropName, Simulated>>;

/** Mean items from the change to the alarm, over runs without an earlier alarm, of each detector on one family. */
export function delays(family: Family, runs: DelayRuns, seed: number): Delays {
  const draw = FAMILIES[family];
  const settings = CALIBRATED[family];
  const reference = (size: number, random: () => number): number[] =>
    Array.from({ length: size }, () => draw(BEFORE, random));
  const both = (make: (random: () => number) => Watcher, count: number): Record<DropName, Simulated> =>
    runBoth(family, make, count, seed);
  const found: Delays = {
    known: both(() => known(family, BEFORE, THRESHOLD), runs.known),
    learned_2000: both((random) => growingBaseline(reference(2000, random), { threshold: THRESHOLD }), runs.learned),
    learned_2000_fixed: both((random) => fixedBaseline(reference(2000, random), THRESHOLD), runs.learned / 2),
    learned_10000: both(
      (random) => growingBaseline(reference(10_000, random), { threshold: THRESHOLD }),
      runs.learnedLong,
    ),
    cusum_080: both(() => oracleCusum(family, BEFORE, 0.8, settings.cusum[0]), runs.comparators),
    cusum_075: both(() => oracleCusum(family, BEFORE, 0.75, settings.cusum[1]), runs.comparators),
    adwin: both(() => adwin(settings.adwin), runs.comparators / 2),
  };
  for (const [size, level] of settings.windows) {
    found[`window_${size}`] = both(() => windowBelow(size, level), runs.comparators);
  }
  for (const [delta, threshold] of settings.hinkley) {
    found[`page_hinkley_${delta}`] = both(() => pageHinkley(delta, threshold), runs.comparators);
  }
  return found;
}

/** The comparator of a kind with the shortest delay for this drop: the choice most favourable to it. */
export function fastest(found: Delays, prefix: string, drop: DropName): number | null {
  const means = Object.entries(found).flatMap(([name, figures]) => {
    const value = figures[drop].mean;
    return name.startsWith(prefix) && value !== null ? [value] : [];
  });
  return means.length === 0 ? null : Math.min(...means);
}

function runBoth(
  family: Family,
  make: (random: () => number) => Watcher,
  runs: number,
  seed: number,
): Record<DropName, Simulated> {
  const draw = FAMILIES[family];
  const seen: Record<DropName, number[]> = { '0.05': [], '0.10': [] };
  const random = createRandom(seed);
  for (let run = 0; run < runs; run++) {
    const watcher = make(random);
    let early = false;
    for (let t = 0; t < RUNNING && !early; t++) early = watcher.step(draw(BEFORE, random));
    if (early) continue;
    for (const drop of DROPS) {
      const { step } = watcher.copy();
      const after = BEFORE - Number(drop);
      let t = 1;
      while (!step(draw(after, random)) && t < MOST) t += 1;
      seen[drop].push(t);
    }
  }
  return { '0.05': simulated(seen['0.05']), '0.10': simulated(seen['0.10']) };
}
