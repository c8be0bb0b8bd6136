import type { RuleFile } from './rule';

/** The same rules for the Prometheus Operator. */
export function prometheusRule(rules: RuleFile): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'plumbline', labels: { 'app.kubernetes.io/name': 'plumbline' } },
    spec: rules,
  };
}
