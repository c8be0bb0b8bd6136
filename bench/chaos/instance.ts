import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually';
import { freeLoopbackPorts } from '../../test/support/kafka/free-ports';
import { type RunningCli, startCli } from '../../test/support/run-cli';

/** One `plumbline run` that can be started, killed and started again under the same configuration. */
export interface Instance {
  readonly name: string;
  readonly configPath: string;
  /** Resolves when the process is ready; `failpoint` as in PLUMBLINE_FAILPOINT. */
  start(failpoint?: string): Promise<void>;
  /** Resolves with the time of the process's end by SIGKILL. Rejects when it ends otherwise or not in time. */
  killed(timeoutMs: number): Promise<number>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM; resolves with the exit code and the milliseconds it took. */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
  isRunning(): boolean;
  stderr(): string;
  /** Null while it does not run. */
  pid(): number | null;
  /** The page of `/metrics`. */
  readonly metrics: () => Promise<string>;
}

/** The drain's own 25 s and what closing connections takes. */
const STOPPED_WITHIN_MS = 60_000;

export interface InstanceSetup {
  /** YAML without `server` and `store`. */
  readonly config: string;
  /** How much its evidence store may hold, MB; default: the program's. */
  readonly storeMb?: number;
  /** A folder that keeps what each life of the instance logged. */
  readonly logs?: string;
}

export async function createInstance(
  name: string,
  folder: string,
  { config, storeMb, logs }: InstanceSetup,
): Promise<Instance> {
  const [port, apiPort] = await freeLoopbackPorts(2);
  const configPath = join(folder, name, 'plumbline.yaml');
  await mkdir(join(folder, name), { recursive: true });
  const own = [
    `server: { host: 127.0.0.1, port: ${port}, apiPort: ${apiPort} }`,
    `store: { path: ${JSON.stringify(join(folder, name, 'evidence.db'))}${storeMb === undefined ? '' : `, maxMegabytes: ${storeMb}`} }`,
  ];
  await writeFile(configPath, [config, ...own, ''].join('\n'));
  let running: RunningCli | null = null;
  let endedAt = 0;
  const isRunning = (): boolean =>
    running !== null && running.child.exitCode === null && running.child.signalCode === null;

  return {
    name,
    configPath,
    isRunning,
    stderr: () => running?.stderr() ?? '',
    pid: () => (isRunning() ? (running?.child.pid ?? null) : null),
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    async start(failpoint = '') {
      const child = startCli(['run', '--config', configPath], { PLUMBLINE_FAILPOINT: failpoint });
      running = child;
      child.child.once('exit', () => {
        endedAt = Date.now();
        if (logs !== undefined) appendFileSync(join(logs, `${name}.log`), child.stderr());
      });
      await eventually(
        async () => {
          // One that has come to its failpoint already was ready enough.
          if (!isRunning() && child.child.signalCode === 'SIGKILL') return;
          if (!isRunning()) throw new Error(`${name} ended: ${child.stderr()}`);
          const { ready, reasons } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
            ready: boolean;
            reasons: string[];
          };
          if (!ready) throw new Error(`${name}: ${reasons.join('; ')}`);
        },
        { timeoutMs: 90_000, intervalMs: 100 },
      );
    },
    async killed(timeoutMs) {
      const child = running?.child;
      if (child === undefined) throw new Error(`${name} was never started`);
      await eventually(() => !isRunning(), { timeoutMs, intervalMs: 20 });
      if (child.signalCode !== 'SIGKILL')
        throw new Error(`${name} ended with code ${child.exitCode}: ${running?.stderr()}`);
      return endedAt;
    },
    signal: (signal) => void running?.child.kill(signal),
    async stop() {
      const child = running?.child;
      if (child === undefined || !isRunning()) return { code: null, ms: 0 };
      const startedAt = Date.now();
      child.kill('SIGTERM');
      await eventually(() => !isRunning(), { timeoutMs: STOPPED_WITHIN_MS, intervalMs: 20 }).catch((cause: unknown) => {
        throw new Error(`${name} does not stop: ${running?.stderr().slice(-3000)}`, { cause });
      });
      return { code: child.exitCode, ms: Date.now() - startedAt };
    },
  };
}
