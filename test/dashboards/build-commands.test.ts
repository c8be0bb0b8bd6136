import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { generatedFiles } from '../../dashboards/build';
import { CONFIG } from '../../dashboards/config';
import { runCommandLine } from '../../src/cli/program';
import { NO_FAILPOINT } from '../../src/platform/failpoint';

async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const io = {
    stdout: (text: string) => void (stdout += text),
    stderr: (text: string) => void (stderr += text),
    env: {},
    interactive: false,
    onStopSignal: () => undefined,
    onReloadSignal: () => undefined,
    failpoint: NO_FAILPOINT,
    exitNow: () => undefined,
  };
  const code = await runCommandLine(io, args);
  return { code, stdout, stderr };
}

interface RuleGroups {
  readonly groups: readonly {
    readonly rules: readonly { readonly annotations?: Readonly<Record<string, string>> }[];
  }[];
}

describe('rules build', () => {
  it('prints the shipped rules with the addresses of this installation', async () => {
    const addresses = ['--runbook-url', 'https://wiki.example/plumbline/', '--grafana-url', 'https://g.example'];
    const { code, stdout, stderr } = await run(['rules', 'build', ...addresses]);
    expect([code, stderr]).toEqual([0, '']);
    for (const placeholder of [CONFIG.runbookBase, CONFIG.grafanaBase]) {
      expect(generatedFiles().get('dashboards/generated/rules.yaml')).toContain(placeholder);
      expect(stdout).not.toContain(placeholder);
    }
    const rules = (parse(stdout) as RuleGroups).groups.flatMap((group) => group.rules);
    expect(rules.map(({ annotations }) => annotations?.['runbook_url'])).toContain(
      'https://wiki.example/plumbline/score_regression.md',
    );
  });

  it('says that links are placeholders where no addresses are given, and makes a PrometheusRule where asked', async () => {
    const { stdout, stderr } = await run(['rules', 'build', '--operator']);
    expect(parse(stdout)).toMatchObject({ kind: 'PrometheusRule' });
    expect(stderr).toContain('--runbook-url');
  });
});

describe('dashboards build', () => {
  it('writes boards, data source and provider for a Grafana that reads folders', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-grafana-'));
    try {
      const { code } = await run(['dashboards', 'build', '--out', folder, '--prometheus', 'http://prom:9090']);
      expect(code).toBe(0);
      expect(readdirSync(join(folder, 'dashboards'))).toHaveLength(5);
      const read = (name: string): unknown => parse(readFileSync(join(folder, 'provisioning', name), 'utf8'));
      expect(read('datasources/plumbline.yaml')).toMatchObject({
        datasources: [{ type: 'prometheus', url: 'http://prom:9090' }],
      });
      expect(read('dashboards/plumbline.yaml')).toMatchObject({
        providers: [{ options: { path: '/var/lib/grafana/dashboards' } }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
