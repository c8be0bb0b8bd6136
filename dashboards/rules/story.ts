import { metricName, type MetricKey } from '../../src/outputs/metric-catalogue';

/** How a label of the looked-up metric is called on the alert, where the two differ; `kind`, `segment` and so on are alike. */
type Renamed = Readonly<Record<string, string>>;

interface LookUp {
  readonly key: MetricKey;
  /** Labels that the series must share with the alert, besides its scope. */
  readonly same: readonly string[];
  readonly renamed?: Renamed;
  readonly matchers?: string;
  /** A template over the series found. */
  readonly then: string;
  /** What is said where there is none. */
  readonly otherwise?: string;
}

const CHANGE = 'from {{ .Labels.before }} to {{ .Labels.after }}, since {{ .Labels.began }} in event time';

const users = (renamed: Renamed): string =>
  lookUp({
    key: 'recovery_ratio',
    same: ['segment'],
    renamed,
    then: 'users recover from {{ first . | value | humanizePercentage }} of bad turns in this segment',
  });

const ALSO = lookUp({
  key: 'alert_active',
  same: [],
  matchers:
    'state="firing",kind=~"judge_drift|rater_drift|traffic_mix_shift|failover_quality|judged_ratio_low|judge_unavailable"',
  then: 'also firing: {{ range . }}{{ .Labels.kind }} in {{ .Labels.segment }}; {{ end }}',
  otherwise: 'no alert on judges, raters, routes or the mix of traffic is firing',
});

/**
 * Annotations that tell what happened beyond the labels: looked up by Prometheus when the alert fires, since an alert's labels must
 * not change while it lasts. Each is empty where nothing is known, so that a message shows no line for it.
 */
export const STORY = {
  change: lookUp({
    key: 'alert_info',
    same: ['kind', 'segment', 'criterion'],
    then: `{{ with first . }}${CHANGE}{{ end }}`,
  }),
  interval: `${lookUp({
    key: 'quality_lower',
    same: ['segment', 'criterion'],
    then: 'now between {{ first . | value | printf "%.3f" }}',
  })}${lookUp({
    key: 'quality_upper',
    same: ['segment', 'criterion'],
    then: ' and {{ first . | value | printf "%.3f" }} (95 %)',
  })}`,
  users: users({}),
  also: ALSO,
} as const;

const SCOPE: Renamed = { segment: 'scope' };

/** The same of an incident, whose members are held back: every criterion that changed in its scope, and how many series with it. */
export const INCIDENT_STORY = {
  change: lookUp({
    key: 'alert_info',
    same: ['kind', 'segment'],
    renamed: SCOPE,
    then: `{{ range . }}{{ .Labels.criterion }} ${CHANGE}; {{ end }}`,
    // The scope is where it fell furthest; what fires may be a wider series.
    otherwise: lookUp({
      key: 'alert_info',
      same: ['kind'],
      then: `{{ with first . }}{{ .Labels.criterion }} in {{ .Labels.segment }} ${CHANGE}{{ end }}`,
    }),
  }),
  interval: lookUp({
    key: 'quality_lower',
    same: ['segment'],
    renamed: SCOPE,
    then: `now, 95 %: {{ range . }}{{ .Labels.criterion }} {{ .Value | printf "%.3f" }} to {{ with printf \`${metricName('quality_upper')}{namespace=%q,monitor=%q,segment=%q,criterion=%q}\` $labels.namespace $labels.monitor $labels.scope .Labels.criterion | query }}{{ first . | value | printf "%.3f" }}{{ end }}; {{ end }}`,
  }),
  users: users(SCOPE),
  also: ALSO,
} as const;

function lookUp({ key, same, renamed = {}, matchers = '', then, otherwise = '' }: LookUp): string {
  const labels = ['namespace', 'monitor', ...same];
  const selector = [...labels.map((label) => `${label}=%q`), ...(matchers === '' ? [] : [matchers])].join(',');
  const values = labels.map((label) => `$labels.${renamed[label] ?? label}`).join(' ');
  const query = `printf \`${metricName(key)}{${selector}}\` ${values} | query`;
  return `{{ with ${query} }}${then}{{ ${otherwise === '' ? '' : `else }}${otherwise}{{ `}end }}`;
}
