import type { MetricDefinition } from '../src/outputs/metric-catalogue';

type Planned = Pick<MetricDefinition, 'type' | 'labels' | 'origin'>;

/**
 * Metrics whose names and labels are settled but which no version exports yet. Panels on them are listed as empty by the
 * live test. An entry is without effect once the catalogue has the name; delete it then.
 */
export const PLANNED_METRICS = {} as const satisfies Readonly<Record<string, Planned>>;
