import { CellTable } from './cells';
import { METRIC_CATALOGUE, type MetricKey, metricName } from './metric-catalogue';

/** Metrics of the catalogue that have buckets. */
export type HistogramKey = {
  [K in MetricKey]: (typeof METRIC_CATALOGUE)[K] extends { readonly buckets: readonly number[] } ? K : never;
}[MetricKey];

/** What a sample is linked to: labels as they stand on the page, e.g. `{trace_id="4bf9…"}`, and when it was taken. */
export interface Exemplar {
  readonly labels: string;
  readonly seconds: number;
}

/**
 * One child of a histogram. Its lines are written when its values have changed and kept until then: at a thousand children
 * most have not changed since the last page, and the metrics library takes 60 ms for what is 5 ms so.
 */
export class HistogramCell {
  /** Per bucket, not cumulative; the last is above every bound. */
  private readonly counts: Float64Array;
  private readonly exemplars: ({ readonly value: number; readonly of: Exemplar } | undefined)[] = [];
  private sum = 0;
  private text: string | null = null;

  constructor(
    private readonly bounds: readonly number[],
    private readonly starts: LineStarts,
    private readonly labels: string,
  ) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** What is not finite is left out: a broken clock must not stop the pipeline. */
  observe(value: number, exemplar: Exemplar | null): void {
    if (!Number.isFinite(value)) return;
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket += 1;
    this.counts[bucket]! += 1;
    this.sum += value;
    if (exemplar !== null) this.exemplars[bucket] = { value, of: exemplar };
    this.text = null;
  }

  /** Lines of the page, each with its end. */
  lines(): string {
    return (this.text ??= this.write());
  }

  private write(): string {
    const { labels, starts } = this;
    const rest = labels === '' ? '}' : `,${labels.slice(1)}`;
    let count = 0;
    let text = '';
    for (const [bucket, start] of starts.buckets.entries()) {
      count += this.counts[bucket]!;
      const exemplar = this.exemplars[bucket];
      const link = exemplar === undefined ? '' : ` # ${exemplar.of.labels} ${exemplar.value} ${exemplar.of.seconds}`;
      text += `${start}${rest} ${count}${link}\n`;
    }
    return `${text}${starts.sum}${labels} ${this.sum}\n${starts.count}${labels} ${count}\n`;
  }
}

/** How the lines of every child of a metric begin. */
interface LineStarts {
  readonly buckets: readonly string[];
  readonly sum: string;
  readonly count: string;
}

export type HistogramTable = CellTable<HistogramCell>;

export function createHistogramTable(key: HistogramKey): HistogramTable {
  const { labels, buckets: bounds } = METRIC_CATALOGUE[key];
  const name = metricName(key);
  const starts = {
    buckets: [...bounds, '+Inf'].map((bound) => `${name}_bucket{le="${bound}"`),
    sum: `${name}_sum`,
    count: `${name}_count`,
  };
  return new CellTable(labels, (own) => new HistogramCell(bounds, starts, own));
}
