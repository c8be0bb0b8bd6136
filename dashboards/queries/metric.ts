import type { MetricDefinition } from '../../src/outputs/catalogue/definition';
import { METRIC_CATALOGUE, METRIC_PREFIX, type PROCESS_METRICS } from '../../src/outputs/metric-catalogue';
import { CONFIG } from '../config';

type Metrics = typeof METRIC_CATALOGUE;

/** A name that the catalogue does not have does not compile. */
export type MetricName = keyof Metrics;
export type LabelOf<K extends MetricName> = Metrics[K]['labels'][number];
type NameOfType<T extends MetricDefinition['type']> = {
  [K in MetricName]: Metrics[K]['type'] extends T ? K : never;
}[MetricName];
export type CounterName = NameOfType<'counter'>;
export type GaugeName = NameOfType<'gauge'>;
export type HistogramName = NameOfType<'histogram'>;

/** `'pass'` is `="pass"`, `'$segment'` a variable of the board, a list any of several, `not` none of them. */
export type Match = string | readonly string[] | { readonly not: readonly string[] };
export type Matchers<K extends MetricName> = Partial<Record<LabelOf<K>, Match>>;
type By<K extends MetricName> = readonly (LabelOf<K> | 'namespace' | 'monitor' | 'pod')[];

export interface Queries {
  /** `plumbline_x{…}`, with the matchers of the scope added. */
  select<K extends MetricName>(key: K, matchers?: Matchers<K>, suffix?: '_bucket' | '_sum' | '_count'): string;
  /** Rate of a counter per second. Figures of the fold may come from two owners for a moment: those are not added up. */
  rate<K extends CounterName>(key: K, by: By<K>, matchers?: Matchers<K>, window?: string): string;
  increase<K extends CounterName>(key: K, by: By<K>, matchers?: Matchers<K>, window?: string): string;
  max<K extends GaugeName>(key: K, by: By<K>, matchers?: Matchers<K>): string;
  min<K extends GaugeName>(key: K, by: By<K>, matchers?: Matchers<K>): string;
  sum<K extends GaugeName>(key: K, by: By<K>, matchers?: Matchers<K>): string;
  quantile<K extends HistogramName>(key: K, q: number, by: By<K>, matchers?: Matchers<K>, window?: string): string;
  /** Observations per second of at most `le`, a bound of the histogram. */
  histogramRate<K extends HistogramName>(key: K, by: By<K>, le: string, window?: string): string;
  /** Share of the increase per bucket, for heat maps. */
  buckets<K extends HistogramName>(key: K, matchers?: Matchers<K>, window?: string): string;
}

/** A metric of the runtime, within the scope of a board. */
export function processMetric(name: (typeof PROCESS_METRICS)[number]): string {
  return `${METRIC_PREFIX}${name}{${BOARD_SCOPE}}`;
}

const BOARD_SCOPE = 'namespace=~"$namespace",monitor=~"$monitor"';

/** Queries of boards take `scope` from variables, those of rules cover every monitor. */
export function createQueries(scope: string, usualWindow: string): Queries {
  const select: Queries['select'] = (key, matchers, suffix) => {
    const inner = [scope, ...Object.entries(matchers ?? {}).map(([label, match]) => matcher(label, match as Match))];
    const text = inner.filter((part) => part !== '').join(',');
    return `${METRIC_PREFIX}${key}${suffix ?? ''}${text === '' ? '' : `{${text}}`}`;
  };
  const counted =
    (operation: 'rate' | 'increase'): Queries['rate'] =>
    (key, by, matchers, window = usualWindow) => {
      const inner = `${operation}(${select(key, matchers)}[${window}])`;
      const definition: Pick<MetricDefinition, 'labels' | 'origin'> = METRIC_CATALOGUE[key];
      const once =
        definition.origin === 'fold'
          ? `max by (${[...CONFIG.scope, ...definition.labels].join(', ')}) (${inner})`
          : inner;
      return `sum ${byClause(by)}(${once})`;
    };
  const gauge =
    (operation: 'max' | 'min' | 'sum') =>
    <K extends GaugeName>(key: K, by: By<K>, matchers?: Matchers<K>): string =>
      `${operation} ${byClause(by)}(${select(key, matchers)})`;
  return {
    select,
    rate: counted('rate'),
    increase: counted('increase'),
    max: gauge('max'),
    min: gauge('min'),
    sum: gauge('sum'),
    quantile: (key, q, by, matchers, window = usualWindow) =>
      `histogram_quantile(${q}, sum ${byClause([...by, 'le'])}(rate(${select(key, matchers, '_bucket')}[${window}])))`,
    histogramRate: (key, by, le, window = usualWindow) =>
      `sum ${byClause(by)}(rate(${bound(select(key, {}, '_bucket'), le)}[${window}]))`,
    buckets: (key, matchers, window = usualWindow) =>
      `sum by (le) (increase(${select(key, matchers, '_bucket')}[${window}]))`,
  };
}

export const boardQueries = createQueries(BOARD_SCOPE, '$__rate_interval');
export const ruleQueries = createQueries('', '5m');

/** `x_bucket{a="b"}` to `x_bucket{a="b",le="60"}`. */
function bound(selector: string, le: string): string {
  const inner = selector.endsWith('}') ? `${selector.slice(0, -1)},` : `${selector}{`;
  return `${inner}le="${le}"}`;
}

function byClause(by: readonly string[]): string {
  return by.length === 0 ? '' : `by (${by.join(', ')}) `;
}

function matcher(label: string, match: Match): string {
  if (typeof match === 'string') return match.startsWith('$') ? `${label}=~"${match}"` : `${label}="${match}"`;
  if ('not' in match) return `${label}!~"${match.not.join('|')}"`;
  return `${label}=~"${match.join('|')}"`;
}
