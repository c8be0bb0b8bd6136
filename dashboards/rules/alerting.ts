import { alertName, type AlertKind, type RuleAlert } from '../alerts/alert';
import { ENGINE_ALERTS } from '../alerts/engine-alerts';
import { monitorAlerts } from '../alerts/monitor-alerts';
import type { MixinConfig } from '../config';
import { ruleQueries as q } from '../queries/metric';
import { recordingRules } from './recording';
import type { Rule, RuleFile } from './rule';
import { INCIDENT_STORY, STORY } from './story';

const DECIDED_BY_ENGINE =
  'Decided by the monitor with its configured tolerance and false-alarm budget. Segment {{ $labels.segment }}, criterion {{ $labels.criterion }}.';

/** All rules, recording first. `config` is checked: a burn rate that can never fire is refused. */
export function buildRules(config: MixinConfig): RuleFile {
  return {
    groups: [
      { name: 'plumbline-recording', rules: recordingRules(config) },
      { name: 'plumbline-quality', rules: ENGINE_ALERTS.map((kind) => engineRule(kind, config)) },
      { name: 'plumbline-monitor', rules: monitorAlerts(config).map((alert) => monitorRule(alert, config)) },
    ],
  };
}

/**
 * The engine decides, with its own waiting and its own budget of false alarms, so nothing is waited for here. Series are
 * kept through `keep_firing_for`, so that a restart or a new owner of the ledger causes no second notification.
 */
function engineRule(kind: AlertKind, config: MixinConfig): Rule {
  const incident = kind.kind === 'incident';
  const expr = incident
    ? q.max('incident_active', ['namespace', 'monitor', 'kind', 'scope', 'severity'])
    : q.max('alert_active', ['namespace', 'monitor', 'kind', 'segment', 'criterion', 'severity', 'owner'], {
        kind: kind.kind,
        state: 'firing',
      });
  return {
    alert: alertName(kind.kind),
    expr: `${expr} > 0`,
    for: '0m',
    keep_firing_for: config.keepFiringFor,
    labels: {
      severity: `{{ with $labels.severity }}{{ . }}{{ else }}${kind.severity}{{ end }}`,
      // Owners come from the configuration; an empty label is no label, so shipped rules name no team.
      ...(incident ? {} : { team: '{{ $labels.owner }}' }),
    },
    annotations: {
      ...annotations(kind, incident ? 'Scope {{ $labels.scope }}.' : DECIDED_BY_ENGINE, config),
      ...(incident ? INCIDENT_STORY : STORY),
      ...(incident ? { kind_runbook_url: `${config.runbookBase}/{{ $labels.kind }}.md` } : {}),
    },
  };
}

function monitorRule(alert: RuleAlert, config: MixinConfig): Rule {
  return {
    alert: alertName(alert.kind),
    expr: alert.expr,
    for: alert.for,
    ...(alert.keepFiringFor === undefined ? {} : { keep_firing_for: alert.keepFiringFor }),
    labels: { severity: alert.severity, kind: alert.kind },
    annotations: annotations(alert, alert.description, config),
  };
}

function annotations(kind: AlertKind, description: string, config: MixinConfig): Record<string, string> {
  const variables = ['segment', 'criterion', 'judge', 'kind'].map(
    (label) => `{{ with $labels.${label} }}&var-${label}={{ . | urlquery }}{{ end }}`,
  );
  const scope = config.scope.map((label) => `{{ with $labels.${label} }}&var-${label}={{ . }}{{ end }}`);
  return {
    summary: kind.summary,
    description: `${description} ${kind.runbook.meaning}`,
    first_look: kind.runbook.next[0] ?? '',
    runbook_url: `${config.runbookBase}/${kind.kind}.md`,
    dashboard: `${config.grafanaBase}/d/${kind.board}?from=now-24h${[...scope, ...variables].join('')}`,
  };
}
