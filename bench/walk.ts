import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { getJson } from '../test/dashboards/live/http-api';
import { eventually } from '../test/support/eventually';
import { freeLoopbackPorts } from '../test/support/kafka/free-ports';
import { stopChild } from '../test/support/stop-child';
import { TOOLS_FOLDER, toolPath } from '../test/support/tools';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s walk -- [--json]
 *
 * The way of a new operator, from the README to a firing alert: what there is to read, and how long the compose wiring
 * takes to tell of its story's bad release. The services run as the compose file starts them, from their real programs:
 * the same commands and mounted files, on free ports of the loopback instead of containers.
 */

const ROOT = resolve(__dirname, '..');
const COMPOSE = join(ROOT, 'examples', 'compose');
/** Careful reading of technical text. */
const WORDS_PER_MINUTE = 200;
const GOAL_MINUTES = 10;
/** The story's bad release comes after three minutes. */
const LONGEST_MS = 15 * 60_000;

/** What a new operator reads on the way, in this order. */
const READ = ['README.md', 'docs/first-day.md', 'examples/compose/docker-compose.yaml', 'docs/on-call.md'];

interface Service {
  readonly command: readonly string[];
  readonly volumes?: readonly string[];
}

interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

async function main(): Promise<void> {
  const flags = scriptFlags();
  const { services } = parse(readFileSync(join(COMPOSE, 'docker-compose.yaml'), 'utf8')) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const [demo = 0, prometheus = 0, alertmanager = 0] = await freeLoopbackPorts(3);
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-walk-'));
  const moved = { 'localhost:9464': `127.0.0.1:${demo}`, 'alertmanager:9093': `127.0.0.1:${alertmanager}` };
  const children: ChildProcess[] = [];
  const start = (name: string, program: string, args: readonly string[]): void => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    children.push(spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] }));
  };
  try {
    const startedAt = performance.now();
    const demoCommand = services['demo']!.command.map((word) => (word === '9464' ? String(demo) : word));
    start('demo', process.execPath, [join(ROOT, 'dist', 'main.js'), ...demoCommand]);
    start('alertmanager', toolPath('alertmanager'), [
      ...mountedCommand('alertmanager', services['alertmanager']!, folder, moved),
      `--web.listen-address=127.0.0.1:${alertmanager}`,
      `--storage.path=${join(folder, 'alertmanager-data')}`,
      '--cluster.listen-address=',
    ]);
    start('prometheus', toolPath('prometheus'), [
      ...mountedCommand('prometheus', services['prometheus']!, folder, moved),
      `--web.listen-address=127.0.0.1:${prometheus}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      `--web.console.templates=${folder}`,
      `--web.console.libraries=${folder}`,
    ]);
    const alert = await firstPage(`http://127.0.0.1:${alertmanager}`);
    const minutesToAlert = (performance.now() - startedAt) / 60_000;
    const command = firstCommandOf(alert);
    const answer = await runAsPrinted(command, `http://127.0.0.1:${prometheus}`);
    const words = Object.fromEntries(READ.map((page) => [page, wordsOf(readFileSync(join(ROOT, page), 'utf8'))]));
    const minutesOfReading = Object.values(words).reduce((sum, n) => sum + n, 0) / WORDS_PER_MINUTE;
    const figures = {
      words,
      minutes_of_reading: minutesOfReading,
      minutes_to_alert: minutesToAlert,
      alert: { ...alert.labels, summary: alert.annotations['summary'] ?? null },
      first_command: command,
      first_command_answered: answer !== '',
    };
    const verdict = minutesOfReading < GOAL_MINUTES ? 'met' : 'missed';
    finish(
      flags,
      `${Object.entries(words)
        .map(([page, n]) => `${page}: ${n} words`)
        .join('\n')}
${minutesOfReading.toFixed(1)} minutes of reading at ${WORDS_PER_MINUTE} words a minute (goal under ${GOAL_MINUTES}: ${verdict})
${minutesToAlert.toFixed(1)} minutes from starting the services to the first page in Alertmanager:
  ${alert.annotations['summary'] ?? alert.labels['alertname']}
its runbook's first command, as printed:
  ${command}
${answer.trim()}
`,
      figures,
    );
    if (verdict === 'missed' || answer === '') process.exitCode = 1;
  } catch (error) {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    const tail = logs.map((name) => `${name}:\n${readFileSync(join(folder, name), 'utf8').slice(-800)}`).join('\n');
    throw new Error(`the walk did not end at an alert\n${tail}`, { cause: error });
  } finally {
    await Promise.all(children.map(stopChild));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The service's command, with its mounts copied to where paths and hosts are those of this machine. */
function mountedCommand(
  name: string,
  { command, volumes = [] }: Service,
  folder: string,
  moved: Readonly<Record<string, string>>,
): string[] {
  const root = join(folder, name);
  const here = (text: string): string =>
    Object.entries(moved).reduce(
      (all, [from, to]) => all.replaceAll(from, to),
      text.replaceAll('/etc/', `${root}/etc/`),
    );
  for (const volume of volumes) {
    const [from = '', to = ''] = volume.split(':');
    const source = join(COMPOSE, from);
    const target = join(root, to);
    cpSync(source, target, { recursive: true });
    if (statSync(source).isFile() && dirname(to) === `/etc/${name}`)
      writeFileSync(target, here(readFileSync(target, 'utf8')));
  }
  return command.map(here);
}

/** Resolves with the first alert that would wake somebody; rejects when none came. */
async function firstPage(alertmanager: string): Promise<HeldAlert> {
  return eventually(
    async () => {
      const held = await getJson<readonly HeldAlert[]>(`${alertmanager}/api/v2/alerts`);
      const page = held.find(({ labels, status }) => labels['severity'] === 'page' && status.state === 'active');
      if (page === undefined) throw new Error(`${held.length} alerts, none of them a page`);
      return page;
    },
    { timeoutMs: LONGEST_MS, intervalMs: 1_000 },
  );
}

/** Of the runbook that the alert names. */
function firstCommandOf({ annotations }: HeldAlert): string {
  const page = basename(annotations['runbook_url'] ?? '');
  const text = readFileSync(join(ROOT, 'docs', 'runbooks', page), 'utf8');
  return /```(?:sh)?\n(.+?)\n```/s.exec(text)?.[1] ?? '';
}

async function runAsPrinted(command: string, prometheus: string): Promise<string> {
  const env = { ...process.env, PROMETHEUS_URL: prometheus, PATH: `${TOOLS_FOLDER}/bin:${process.env['PATH'] ?? ''}` };
  return (await promisify(execFile)('bash', ['-c', command], { env })).stdout;
}

/** Words a reader reads: no pictures, no addresses of links, no lines of tables' rulers. */
function wordsOf(text: string): number {
  const read = text.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[|#`*─-]+/g, ' ');
  return read.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

runScript(main);
