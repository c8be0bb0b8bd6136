import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { alertName } from '../../dashboards/alerts/alert';
import { ENGINE_ALERTS } from '../../dashboards/alerts/engine-alerts';
import { allAlerts } from '../../dashboards/build';
import { CONFIG } from '../../dashboards/config';
import { buildRules } from '../../dashboards/rules/alerting';
import { describeWithTools, toolPath } from '../support/tools';
import { engineCases, MONITOR_CASES, type PromtoolCase } from './promtool-cases';

const RULES = resolve(__dirname, '..', '..', 'dashboards', 'generated', 'rules.yaml');
const rules = buildRules(CONFIG).groups.flatMap((group) => group.rules);
const alerting = rules.filter(({ alert }) => alert !== undefined);

/** The kinds of DESIGN.md and that of ADR 0023, written down a second time so that none goes missing unseen. */
const KINDS =
  'score_regression recovery_regression check_regression consumer_stalled instance_down judge_drift rater_drift judge_user_divergence engagement_regression judge_human_disagreement judge_family_bias judges_converged judge_invalid_output judge_unavailable refusal_shift unsupported_claim_rise unsupported_action_rise failover_quality prompt_injection_rise control_item_missed golden_set_stale judged_ratio_low judge_budget_limited dead_letters_rise offset_gap traffic_mix_shift quality_dip_after_release traffic_absent watchdog evidence_stalled'.split(
    ' ',
  );

const BEYOND = ['incident', 'objective_burn_fast', 'objective_burn_slow', 'monitor_burn'];

const QUALITY_NAMES = new Set(ENGINE_ALERTS.map(({ kind }) => alertName(kind)));

const cases: readonly PromtoolCase[] = [
  ...ENGINE_ALERTS.filter(({ kind }) => kind !== 'incident').flatMap(({ kind }) => engineCases(alertName(kind), kind)),
  ...MONITOR_CASES,
];

function toPromtool({ alert, says, series, at, firing }: PromtoolCase): object {
  const labels = (one: Readonly<Record<string, string>>): string =>
    Object.entries({ ...one, alertname: alert, alertstate: 'firing' })
      .map(([label, value]) => `${label}="${value}"`)
      .join(',');
  return {
    name: `${alert} ${says}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
        eval_time: at,
        exp_samples: firing.map((one) => ({ labels: `ALERTS{${labels(one)}}`, value: 1 })),
      },
    ],
  };
}

describe('alert rules', () => {
  it('has one alert per kind, one for incidents, and those on objectives', () => {
    expect(
      allAlerts()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual([...KINDS, ...BEYOND].sort());
    expect(alerting.map(({ alert }) => alert).sort()).toEqual([...KINDS, ...BEYOND].map(alertName).sort());
  });

  it('has a case that fires and one without data for every alert, and a silent one for all but the watchdog', () => {
    for (const { alert = '' } of alerting) {
      const kinds = new Set(cases.filter((one) => one.alert === alert).map(({ kind }) => kind));
      expect([
        alert,
        kinds.has('fire'),
        kinds.has('silence') || alert === 'PlumblineWatchdog',
        kinds.has('no_data'),
      ]).toEqual([alert, true, true, true]);
    }
  });

  it('carries severity, texts and links on every alert', () => {
    for (const { alert, labels, annotations } of alerting) {
      expect(labels?.['severity']).toMatch(/page|ticket|info/);
      for (const key of ['summary', 'description', 'runbook_url', 'dashboard'])
        expect(`${alert} ${annotations?.[key]}`).toMatch(/ \S/);
    }
  });

  it('aggregates pod and instance away', () => {
    for (const { expr } of rules) expect(expr).toMatch(/by \(|^vector|monitor(_\w+)?:plumbline/);
  });

  it('refuses a burn rate that can never fire', () => {
    const burn = [{ long: '1h', short: '5m', factor: 14.4 }];
    expect(() => buildRules({ ...CONFIG, judgedRatio: { objective: 0.9, burn, minItems: 50 } })).toThrow(
      'can never be exceeded',
    );
    const monitor = { ...CONFIG.monitor, objective: 0.9 };
    expect(() => buildRules({ ...CONFIG, monitor })).toThrow('can never be exceeded');
  });
});

describeWithTools('alert rules in promtool', ['promtool'], () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'plumbline-rules-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are valid', () => {
    expect(execFileSync(toolPath('promtool'), ['check', 'rules', RULES], { encoding: 'utf8' })).toContain('SUCCESS');
  });

  // Apart, since promtool evaluates every rule of the file for every case.
  it.each([
    ['quality', (alert: string) => QUALITY_NAMES.has(alert)],
    ['monitor', (alert: string) => !QUALITY_NAMES.has(alert)],
  ])(
    'fire, stay silent and have no data as the cases say: %s',
    (name, belongs) => {
      const { groups } = buildRules(CONFIG);
      const rulesFile = join(folder, `${name}-rules.yaml`);
      writeFileSync(
        rulesFile,
        stringify({ groups: groups.filter((group) => (group.name === 'plumbline-quality') === (name === 'quality')) }),
      );
      const file = join(folder, `${name}.yaml`);
      const tests = cases.filter(({ alert }) => belongs(alert)).map(toPromtool);
      writeFileSync(file, stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests }));
      const { status, stdout, stderr } = spawnSync(toolPath('promtool'), ['test', 'rules', file], { encoding: 'utf8' });
      expect(`${status}\n${(stdout + stderr).slice(0, 4000)}`).toMatch(/^0\n[\s\S]*SUCCESS/);
    },
    120_000,
  );

  it('would notice a rule that no longer fires', () => {
    const file = join(folder, 'mutant.yaml');
    const mutant = join(folder, 'rules.yaml');
    const text = stringify(buildRules({ ...CONFIG, stalledSeconds: 1e9 }));
    writeFileSync(mutant, text);
    const tests = cases.filter(({ alert }) => alert === 'PlumblineConsumerStalled').map(toPromtool);
    writeFileSync(file, stringify({ rule_files: [mutant], evaluation_interval: '1m', tests }));
    expect(spawnSync(toolPath('promtool'), ['test', 'rules', file]).status).not.toBe(0);
  });
});
