import { metricName, type MetricKey } from '../../src/outputs/metric-catalogue';

/**
 * Annotations that tell what happened beyond the labels: looked up by Prometheus when the alert fires, since an alert's labels must
 * not change while it lasts. Each is empty where nothing is known, so that a message shows no line for it.
 */
export const STORY = {
  change: lookUp(
    'alert_info',
    ['kind', 'segment', 'criterion'],
    'from {{ (first .).Labels.before }} to {{ (first .).Labels.after }}, since {{ (first .).Labels.began }} in event time',
  ),
  interval: `${lookUp('quality_lower', ['segment', 'criterion'], 'now between {{ first . | value | printf "%.3f" }}')}${lookUp(
    'quality_upper',
    ['segment', 'criterion'],
    ' and {{ first . | value | printf "%.3f" }} (95 %)',
  )}`,
  users: lookUp(
    'recovery_ratio',
    ['segment'],
    'users recover from {{ first . | value | humanizePercentage }} of bad turns in this segment',
  ),
  also: lookUp(
    'alert_active',
    [],
    'also firing: {{ range . }}{{ .Labels.kind }} in {{ .Labels.segment }}; {{ end }}',
    'state="firing",kind=~"judge_drift|rater_drift|traffic_mix_shift|failover_quality|judged_ratio_low|judge_unavailable"',
    'no alert on judges, raters, routes or the mix of traffic is firing',
  ),
} as const;

/** `then` is a template over the series found, `otherwise` what is said where there is none. */
function lookUp(key: MetricKey, same: readonly string[], then: string, matchers = '', otherwise = ''): string {
  const labels = ['namespace', 'monitor', ...same];
  const selector = [...labels.map((label) => `${label}=%q`), ...(matchers === '' ? [] : [matchers])].join(',');
  const values = labels.map((label) => `$labels.${label}`).join(' ');
  const query = `printf \`${metricName(key)}{${selector}}\` ${values} | query`;
  return `{{ with ${query} }}${then}{{ ${otherwise === '' ? '' : `else }}${otherwise}{{ `}end }}`;
}
