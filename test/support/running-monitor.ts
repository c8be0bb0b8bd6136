import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MonitorStatus } from '../../src/compose/on-call/status';
import { freeLoopbackPorts } from './kafka/free-ports';
import { type CliResult, runCli, startCli } from './run-cli';

export interface RunningMonitor {
  readonly configPath: string;
  /** Where its API and console are, as `--server` takes it. */
  readonly url: string;
  /** What `/readyz` says; rejects while nothing listens. */
  readiness(): Promise<{ readonly ready: boolean; readonly reasons: readonly string[] }>;
  /** What `/api/v1/status` says; rejects while nothing listens. */
  status(): Promise<MonitorStatus>;
  /** What the API answers to a GET below `/api/v1`, or to a POST of a body. */
  read<T>(target: string, body?: object): Promise<T>;
  /** The page of `/metrics`. */
  metrics(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, then the exit. */
  stop(): Promise<CliResult>;
  /** Resolves when the process ends by itself. */
  readonly exited: Promise<CliResult>;
}

export interface MonitorSetup {
  /** YAML without `server`, which is filled in. */
  readonly config: string;
  /** Whether `topics create` is run first. Default true. */
  readonly createTopics?: boolean;
  /** Where it kills itself, as in PLUMBLINE_FAILPOINT. */
  readonly failpoint?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The main file of another build. Default: this one's. */
  readonly main?: string;
}

const children = new Set<ChildProcess>();

/** For `afterEach`: a test that failed half-way leaves no monitor behind. */
export function killMonitors(): void {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
}

/** `plumbline run` as a process of its own on free ports. */
export async function startMonitor({
  config,
  createTopics = true,
  failpoint = '',
  env = {},
  main,
}: MonitorSetup): Promise<RunningMonitor> {
  const directory = await mkdtemp(join(tmpdir(), 'plumbline-monitor-'));
  const configPath = join(directory, 'plumbline.yaml');
  const [port, apiPort] = await freeLoopbackPorts(2);
  await writeFile(configPath, `${config}\nserver: { host: 127.0.0.1, port: ${port}, apiPort: ${apiPort} }\n`);
  if (createTopics) {
    const created = await runCli(['topics', 'create', '--config', configPath]);
    if (created.code !== 0) throw new Error(`topics create: ${created.stderr}`);
  }
  const running = startCli(['run', '--config', configPath], { ...env, PLUMBLINE_FAILPOINT: failpoint }, main);
  children.add(running.child);
  const exited = running.exited.then(async (result) => {
    children.delete(running.child);
    await rm(directory, { recursive: true, force: true });
    return result;
  });
  const readJson = async <T>(url: string, init: RequestInit = {}): Promise<T> =>
    (await (await fetch(url, init)).json()) as T;
  const url = `http://127.0.0.1:${apiPort}`;
  const api = `${url}/api/v1`;
  const posting = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    configPath,
    url,
    readiness: () => readJson(`http://127.0.0.1:${port}/readyz`),
    status: () => readJson(`${api}/status`),
    read: (target, body) => readJson(`${api}${target}`, body && posting(body)),
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    signal: (name) => void running.child.kill(name),
    stop: () => {
      running.child.kill('SIGTERM');
      return exited;
    },
    exited,
  };
}
