import { Registry } from 'prom-client';
import type { Clock } from '../platform/clock';
import type { MetricDefinition } from './catalogue/definition';
import type { TablesOf } from './cells';
import { toClassicText } from './classic-text';
import type { HistogramKey, HistogramTable } from './histogram-cells';
import { METRIC_CATALOGUE, type MetricKey, metricName } from './metric-catalogue';

/** Tables of some metrics; a metric may be in several, when its children are kept in several places. */
export type CellGroup = Partial<TablesOf<MetricKey>>;

/** The metrics of the catalogue as OpenMetrics text, in its order, without the end mark. */
export function renderCatalogue(
  groups: readonly CellGroup[],
  histograms: Partial<Readonly<Record<HistogramKey, HistogramTable>>> = {},
): string {
  const parts: string[] = [];
  for (const [key, { type, help }] of Object.entries(METRIC_CATALOGUE) as [MetricKey, MetricDefinition][]) {
    const name = metricName(key);
    // OpenMetrics names the family without the suffix that its samples have.
    const family = type === 'counter' ? name.replace(/_total$/, '') : name;
    parts.push(`# HELP ${family} ${help}\n# TYPE ${family} ${type}\n`);
    if (type === 'histogram') {
      for (const cell of histograms[key as HistogramKey]?.all() ?? []) parts.push(cell.lines());
      continue;
    }
    for (const group of groups) {
      for (const { labels, value } of group[key]?.all() ?? []) parts.push(`${name}${labels} ${value}\n`);
    }
  }
  return parts.join('');
}

export interface RenderedMetrics {
  readonly contentType: string;
  readonly body: string;
}

interface Page {
  readonly openMetrics: string;
  /** Made when first asked for. */
  classic?: string;
}

const CACHE_MS = 1000;

/** One page, rendered at most once per second whatever the number of readers, in the format that each accepts. */
export function createRenderer(
  clock: Clock,
  renderPage: () => Promise<string>,
  onRendered: (seconds: number) => void,
): (accept?: string) => Promise<RenderedMetrics> {
  let page: Promise<Page> | null = null;
  let renderedAt = -Infinity;
  const current = (): Promise<Page> => {
    const now = clock.monotonicMs();
    if (page === null || now - renderedAt >= CACHE_MS) {
      renderedAt = now;
      page = renderPage().then((openMetrics) => ({ openMetrics }));
      page.then(
        () => onRendered((clock.monotonicMs() - now) / 1000),
        () => (page = null),
      );
    }
    return page;
  };
  return async (accept = 'application/openmetrics-text') => {
    const known = await current();
    return accept.includes('application/openmetrics-text')
      ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body: known.openMetrics }
      : {
          contentType: Registry.PROMETHEUS_CONTENT_TYPE,
          body: (known.classic ??= toClassicText(known.openMetrics)),
        };
  };
}
