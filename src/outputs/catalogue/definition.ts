export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly unit: 'records' | 'items' | 'seconds' | 'bytes' | 'usd' | 'tokens' | 'ratio' | 'score' | 'none';
  /** Upper bounds; histograms only. */
  readonly buckets?: readonly number[];
  /**
   * `fold`: exact, set from the state of the role that owns the ledger, so it survives restarts.
   * `process`: counted by this process since it started.
   */
  readonly origin: 'fold' | 'process';
}

/** Metrics of one theme by their name without the prefix, in the order of docs/metrics.md. */
export type Catalogue = Readonly<Record<string, MetricDefinition>>;

/** Both ends of the 95 % interval round an estimate that the fold makes, under its labels and in its unit. */
export function intervalEnds<
  const K extends string,
  const L extends readonly string[],
  const U extends MetricDefinition['unit'],
>(key: K, labels: L, unit: U): IntervalEnds<K, L, U> {
  const end = (side: string): MetricDefinition => ({
    type: 'gauge',
    help: `${side} end of the 95 % interval round ${key}.`,
    labels,
    unit,
    origin: 'fold',
  });
  // A computed key loses its name to the compiler.
  return { [`${key}_lower`]: end('Lower'), [`${key}_upper`]: end('Upper') } as IntervalEnds<K, L, U>;
}

type IntervalEnds<K extends string, L extends readonly string[], U extends MetricDefinition['unit']> = {
  readonly [End in `${K}_lower` | `${K}_upper`]: {
    readonly type: 'gauge';
    readonly help: string;
    readonly labels: L;
    readonly unit: U;
    readonly origin: 'fold';
  };
};

/** The GenAI conventions' buckets for a client operation. */
export const CALL_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
