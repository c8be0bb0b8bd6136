import type { MetricDefinition } from '../src/outputs/metric-catalogue';

type Planned = Pick<MetricDefinition, 'type' | 'labels' | 'origin'>;

/**
 * Metrics whose names and labels are settled but which no version exports yet. Panels on them are listed as empty by the
 * live test. An entry is without effect once the catalogue has the name; delete it then.
 */
export const PLANNED_METRICS = {
  judge_user_divergence: { type: 'gauge', labels: ['segment', 'signal'], origin: 'fold' },
  ensemble_effective_judges: { type: 'gauge', labels: ['criterion'], origin: 'fold' },
} as const satisfies Readonly<Record<string, Planned>>;
