import { ALERT_METRICS } from './catalogue/alerts';
import { ANSWER_METRICS, FAILOVER_METRICS } from './catalogue/answers';
import type { Catalogue } from './catalogue/definition';
import { GOLDEN_METRICS } from './catalogue/golden';
import { BUDGET_METRICS, JUDGE_METRICS } from './catalogue/judging';
import { BUILD_METRICS, FLOW_METRICS, STORE_METRICS } from './catalogue/process';
import { QUALITY_METRICS } from './catalogue/quality';
import { RESULT_METRICS } from './catalogue/results';
import { COHORT_METRICS, SESSION_FOLD_METRICS, SESSION_METRICS } from './catalogue/sessions';
import { TRUST_METRICS } from './catalogue/trust';

export const METRIC_PREFIX = 'plumbline_';

/** Label value that stands for all values beyond the cap. */
export const OTHER = '__other__';

/**
 * Every metric this version exports, as data: the exporter, the dashboards and docs/metrics.md are made from it. One file
 * per theme under catalogue/, which import nothing else of src, so that dashboards can import it; the order here is that
 * of the page and of the docs.
 */
export const METRIC_CATALOGUE = {
  ...RESULT_METRICS,
  ...JUDGE_METRICS,
  ...ANSWER_METRICS,
  ...QUALITY_METRICS,
  ...SESSION_METRICS,
  ...ALERT_METRICS,
  ...BUDGET_METRICS,
  ...COHORT_METRICS,
  ...FAILOVER_METRICS,
  ...SESSION_FOLD_METRICS,
  ...FLOW_METRICS,
  ...GOLDEN_METRICS,
  ...STORE_METRICS,
  ...TRUST_METRICS,
  ...BUILD_METRICS,
} as const satisfies Catalogue;

export type MetricKey = keyof typeof METRIC_CATALOGUE;

/** `records_total` to `plumbline_records_total`; a name that does not exist does not compile. */
export function metricName<K extends MetricKey>(key: K): `${typeof METRIC_PREFIX}${K}` {
  return `${METRIC_PREFIX}${key}`;
}

/** Process and runtime metrics of the client library that are kept; those left out break the naming rules. */
export const PROCESS_METRICS = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
  'nodejs_version_info',
] as const;
