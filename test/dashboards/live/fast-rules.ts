import { CONFIG } from '../../../dashboards/config';
import { buildRules } from '../../../dashboards/rules/alerting';
import type { RuleFile } from '../../../dashboards/rules/rule';

/** The shipped rules with minutes as seconds: `[30m]` is `[30s]`, `for: 5m` is `5s`. Names keep their windows. */
export function fastRules(): RuleFile {
  const { groups } = buildRules({ ...CONFIG, stalledSeconds: CONFIG.stalledSeconds / 60 });
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({
        ...rule,
        expr: rule.expr
          .replaceAll(/\[(\w+)\]/g, (_, window: string) => `[${fast(window)}]`)
          .replaceAll(/offset (\w+)/g, (_, window: string) => `offset ${fast(window)}`),
        ...(rule.for === undefined ? {} : { for: fast(rule.for) }),
        ...(rule.keep_firing_for === undefined ? {} : { keep_firing_for: fast(rule.keep_firing_for) }),
      })),
    })),
  };
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };

function fast(duration: string): string {
  const [, amount = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (amount === '') throw new Error(`not a duration: ${duration}`);
  return `${Math.ceil((Number(amount) * SECONDS[unit as keyof typeof SECONDS]) / 60)}s`;
}
