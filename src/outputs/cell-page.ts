import type { CellTable } from './cells';
import { METRIC_CATALOGUE, metricName } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';

/** The cells of one metric; several tables when its children are kept in several places. */
export type CellMetric = readonly [MetricKey, ...CellTable[]];

/** Counters and gauges as OpenMetrics text, without the end mark. */
export function renderCells(metrics: readonly CellMetric[]): string {
  const lines: string[] = [];
  for (const [key, ...tables] of metrics) {
    const { type, help } = METRIC_CATALOGUE[key];
    const name = metricName(key);
    // OpenMetrics names the family without the suffix that its samples have.
    const family = type === 'counter' ? name.replace(/_total$/, '') : name;
    lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`);
    for (const table of tables) for (const cell of table.all()) lines.push(`${name}${cell.labels} ${cell.value}`);
  }
  return `${lines.join('\n')}\n`;
}
