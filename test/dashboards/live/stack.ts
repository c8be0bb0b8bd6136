import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../../support/eventually';
import { freeLoopbackPorts } from '../../support/kafka/free-ports';
import { stopChild } from '../../support/stop-child';
import { toolPath } from '../../support/tools';
import { fastRules } from './fast-rules';
import { ALONE, INHIBITING, startSyntheticMonitors, type SyntheticMonitors, TWIN } from './synthetic-metrics';
import { startWebhook, type Webhook } from './webhook';

const ROOT = resolve(__dirname, '..', '..', '..');

/** The program on a story in which the product changes, and on one in which judges and records fail. */
export const DEMO = 'demo';
export const OUTAGE = 'outage';

/** Two real demos, Prometheus and Alertmanager, and doubles of monitors and of a receiver, all on loopback. */
export interface Stack {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly synthetic: SyntheticMonitors;
  readonly webhook: Webhook;
  /** Ends the monitor `OUTAGE`, as a crash does. */
  stopOutage(): Promise<void>;
  /** Starts it again, on a story in which nothing happens. */
  restartOutage(): void;
  close(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-live-'));
  const [demoPort = 0, outagePort = 0, promPort = 0, amPort = 0, syntheticPort = 0, webhookPort = 0] =
    await freeLoopbackPorts(6);
  const synthetic = await startSyntheticMonitors(syntheticPort);
  const webhook = await startWebhook(webhookPort);
  const children: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]): ChildProcess => {
    const log = openSync(join(folder, `${children.length}.log`), 'a');
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
    children.push(child);
    return child;
  };
  const startDemo = (scenario: string, port: number, story: Story): ChildProcess => {
    const flags = { scenario, port, ...story };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return start(process.execPath, [join(ROOT, 'dist', 'main.js'), 'demo', '--keep', ...args]);
  };
  const close = async (): Promise<void> => {
    await Promise.all(children.map(stopChild));
    await Promise.all([synthetic.close(), webhook.close()]);
    rmSync(folder, { recursive: true, force: true });
  };

  writeFileSync(join(folder, 'rules.yaml'), stringify(fastRules()));
  writeFileSync(join(folder, 'prometheus.yaml'), prometheusConfig({ demoPort, outagePort, amPort, syntheticPort }));
  writeFileSync(join(folder, 'alertmanager.yaml'), alertmanagerConfig(webhookPort));
  // So long that the level is back for a while even where the alert is told late, on a busy machine.
  startDemo('rollback', demoPort, { rate: 160, interactions: 16_000 });
  const outage = startDemo('outage', outagePort, { rate: 30, interactions: 3_000 });
  start(toolPath('alertmanager'), [
    `--config.file=${folder}/alertmanager.yaml`,
    `--storage.path=${folder}/alertmanager`,
    `--web.listen-address=127.0.0.1:${amPort}`,
    '--cluster.listen-address=',
  ]);
  start(toolPath('prometheus'), [
    `--config.file=${folder}/prometheus.yaml`,
    `--storage.tsdb.path=${folder}/tsdb`,
    `--web.listen-address=127.0.0.1:${promPort}`,
    '--enable-feature=exemplar-storage',
    // Debian's own page templates are not unpacked with the program.
    `--web.console.templates=${folder}`,
    `--web.console.libraries=${folder}`,
  ]);
  const prometheus = `http://127.0.0.1:${promPort}`;
  const alertmanager = `http://127.0.0.1:${amPort}`;
  try {
    const monitors = [demoPort, outagePort].map((port) => `http://127.0.0.1:${port}/healthz`);
    for (const url of [`${prometheus}/-/ready`, `${alertmanager}/-/ready`, ...monitors]) {
      await eventually(async () => (await fetch(url)).ok, { timeoutMs: 30_000, intervalMs: 200 });
    }
  } catch (error) {
    const logs = children
      .map((_, index) => readFileSync(join(folder, `${index}.log`), 'utf8').slice(-800))
      .join('\n---\n');
    await close();
    throw new Error(`a part did not start:\n${logs}`, { cause: error });
  }
  return {
    prometheus,
    alertmanager,
    synthetic,
    webhook,
    stopOutage: () => stopChild(outage),
    restartOutage: () => void startDemo('steady', outagePort, { rate: 10, interactions: 3_000 }),
    close,
  };
}

/** Records per second, and the length of the story in interactions. */
interface Story {
  readonly rate: number;
  readonly interactions: number;
}

interface Ports {
  readonly demoPort: number;
  readonly outagePort: number;
  readonly amPort: number;
  readonly syntheticPort: number;
}

function prometheusConfig({ demoPort, outagePort, amPort, syntheticPort }: Ports): string {
  const job = (monitor: string, port: number, pod: string, path = '/metrics'): object => ({
    job_name: `plumbline-${pod}`,
    metrics_path: path,
    static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { monitor, pod } }],
  });
  return stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${amPort}`] }] }] },
    scrape_configs: [
      job(DEMO, demoPort, 'demo-0'),
      job(OUTAGE, outagePort, 'outage-0'),
      job(ALONE, syntheticPort, 'alone-0', `/${ALONE}`),
      job(ALONE, syntheticPort, 'alone-1', `/${TWIN}`),
      job(INHIBITING, syntheticPort, 'inhibiting-0', `/${INHIBITING}`),
    ],
  });
}

interface AlertmanagerConfig {
  readonly route: { readonly routes: readonly object[] };
  readonly receivers: readonly { readonly name: string }[];
}

/** The shipped example, with our receiver behind every name and nothing waited for. */
function alertmanagerConfig(webhookPort: number): string {
  const text = readFileSync(join(ROOT, 'examples', 'compose', 'alertmanager.yaml'), 'utf8');
  const shipped = parse(
    text.replace('/etc/alertmanager/templates', join(ROOT, 'examples', 'compose', 'alertmanager-templates')),
  ) as AlertmanagerConfig;
  return stringify({
    ...shipped,
    route: { ...shipped.route, group_wait: '2s', group_interval: '2s', repeat_interval: '1h' },
    receivers: shipped.receivers.map(({ name }) => ({
      name,
      webhook_configs: [{ url: `http://127.0.0.1:${webhookPort}/${name}`, send_resolved: true }],
    })),
  });
}
