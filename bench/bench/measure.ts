/** Repeated measurements of one thing. */
export interface Spread {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly repetitions: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    repetitions: sorted.length,
  };
}

/** The spread of `numerators[i] / denominators[i]`: both taken side by side, so that what slows the machine cancels. */
export function ratioSpread(numerators: readonly number[], denominators: readonly number[]): Spread {
  return spreadOf(numerators.map((value, index) => value / (denominators[index] ?? NaN)));
}

/** Linear between the neighbours; NaN for nothing. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Runs each of `runs` once in turn, `warmUps` times unseen, then `repetitions` times: A B C, A B C. */
export async function interleaved<K extends string, R>(
  runs: Readonly<Record<K, () => Promise<R>>>,
  { warmUps, repetitions }: { readonly warmUps: number; readonly repetitions: number },
): Promise<Record<K, R[]>> {
  const names = Object.keys(runs) as K[];
  const readings = Object.fromEntries(names.map((name): [K, R[]] => [name, []])) as Record<K, R[]>;
  for (let round = -warmUps; round < repetitions; round++) {
    for (const name of names) {
      const reading = await runs[name]();
      if (round >= 0) readings[name].push(reading);
    }
  }
  return readings;
}

/** User and system time of this process in µs while `work` runs, all threads of it: collector, compression, crypto. */
export function cpuMicros(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Repetitions of a small piece of synchronous work, µs of CPU per call; `calls` per repetition. */
export function cpuPerCall(work: (index: number) => void, calls: number, repetitions: number): Spread {
  const once = (): number =>
    cpuMicros(() => {
      for (let index = 0; index < calls; index++) work(index);
    }) / calls;
  once();
  collectGarbage();
  return spreadOf(Array.from({ length: repetitions }, once));
}

/** What earlier work has left is not to be paid for by what comes next; needs `--expose-gc`, else does nothing. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
