import type { MetricDefinition } from '../src/outputs/metric-catalogue';

type Planned = Pick<MetricDefinition, 'type' | 'labels' | 'origin'>;

/**
 * Metrics whose names and labels are settled but which no version exports yet. Panels on them are listed as empty by the
 * live test. An entry is without effect once the catalogue has the name; delete it then.
 */
export const PLANNED_METRICS = {
  alert_active: {
    type: 'gauge',
    labels: ['kind', 'segment', 'criterion', 'severity', 'owner', 'state'],
    origin: 'fold',
  },
  detector_threshold_ratio: { type: 'gauge', labels: ['kind', 'segment', 'criterion'], origin: 'fold' },
  incident_active: { type: 'gauge', labels: ['kind', 'scope', 'severity'], origin: 'fold' },
  detectable_drop: { type: 'gauge', labels: ['segment', 'criterion', 'within'], origin: 'fold' },
  session_outcomes_total: { type: 'counter', labels: ['segment', 'outcome'], origin: 'fold' },
  recovery_ratio: { type: 'gauge', labels: ['segment'], origin: 'fold' },
  recovery_ratio_lower: { type: 'gauge', labels: ['segment'], origin: 'fold' },
  recovery_ratio_upper: { type: 'gauge', labels: ['segment'], origin: 'fold' },
  abandonment_ratio: { type: 'gauge', labels: ['segment'], origin: 'fold' },
  judge_user_divergence: { type: 'gauge', labels: ['segment', 'signal'], origin: 'fold' },
  ensemble_effective_judges: { type: 'gauge', labels: ['criterion'], origin: 'fold' },
  control_items_total: { type: 'counter', labels: ['kind', 'result'], origin: 'fold' },
  judge_budget_remaining_ratio: { type: 'gauge', labels: ['scope', 'period'], origin: 'fold' },
} as const satisfies Readonly<Record<string, Planned>>;
