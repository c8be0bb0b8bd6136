import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { createTables, type TablesOf } from './cells';
import { toLabelValue } from './label-guard';
import { METRIC_PREFIX, type MetricKey, PROCESS_METRICS } from './metric-catalogue';

/** What became of a configuration that was read while running. */
export const RELOAD_RESULTS = ['ok', 'unchanged', 'invalid', 'needs_restart', 'too_many_resets'] as const;
export type ReloadResult = (typeof RELOAD_RESULTS)[number];

const GAUGES = [
  'consumer_lag',
  'review_queue_depth',
  'evidence_store_stalled',
  'inflight_bytes',
  'inflight_records',
  'last_progress_timestamp_seconds',
  'scrape_render_seconds',
  'config_info',
  'quality_objective',
  'config_reload_total',
  'build_info',
] as const satisfies readonly MetricKey[];

type GaugeTables = TablesOf<(typeof GAUGES)[number]>;

/** What this process says of itself. */
export function createGaugeTables({
  version,
  configHash,
  objectives = {},
}: {
  readonly version: string;
  readonly configHash: string;
  readonly objectives?: Readonly<Record<string, number>>;
}): GaugeTables {
  const tables = createTables(GAUGES);
  for (const result of RELOAD_RESULTS) tables.config_reload_total.at(result);
  tables.build_info.at(toLabelValue(version)).value = 1;
  fillConfig(tables, configHash, objectives);
  return tables;
}

/** The configuration in force, and its objectives by criterion. */
export function fillConfig(
  { config_info: info, quality_objective: table }: GaugeTables,
  hash: string,
  objectives: Readonly<Record<string, number>>,
): void {
  info.clear();
  info.at(toLabelValue(hash)).value = 1;
  table.clear();
  for (const [criterion, objective] of Object.entries(objectives)) table.at(toLabelValue(criterion)).value = objective;
}

/** Memory, CPU, event loop lag, by the metrics library; resolves with OpenMetrics text without the end mark. */
export function createProcessMetrics(): () => Promise<string> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry, prefix: METRIC_PREFIX });
  const kept = new Set<string>(PROCESS_METRICS.map((name) => `${METRIC_PREFIX}${name}`));
  for (const { name } of registry.getMetricsAsArray()) if (!kept.has(name)) registry.removeSingleMetric(name);
  return async () => (await registry.metrics()).replace(/# EOF\n$/, '');
}
