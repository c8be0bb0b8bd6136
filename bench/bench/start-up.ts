import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually';
import { freeLoopbackPorts } from '../../test/support/kafka/free-ports';
import { freshName } from '../../test/support/kafka/test-kafka';
import type { BenchBroker } from './broker';
import { ALLOCATOR, ENTRY_OPTIONS } from '../support/container';
import { monitorConfig } from './consumers/monitor';
import { spreadOf } from './measure';
import type { RowResult } from './row';
import { makeTraffic } from './traffic';

export interface StartUpFigures {
  /** From the start of the process until `/readyz` says ready, joining the group included. */
  readonly startup_seconds: number;
  readonly idle_mb: number;
}

const MAIN = join(__dirname, '..', '..', 'src', 'main.js');
const SETTLE_MS = 5_000;

/** `plumbline run`, all roles, as the image starts it, against a broker with nothing left to read. */
export async function benchStartUp(
  broker: BenchBroker,
  { quick, seed }: { readonly quick: boolean; readonly seed: number },
): Promise<RowResult<StartUpFigures>> {
  const topic = await broker.fill(makeTraffic(seed, 10, 500, 'json'));
  // Not those that other parts have filled: an idle monitor has nothing to catch up with.
  const topics = { topic, outputPrefix: await broker.emptyOutputs(topic) };
  // Readiness waits until something listens where a judge should be.
  const judge = createServer((socket) => socket.destroy());
  judge.listen(0, '127.0.0.1');
  await once(judge, 'listening');
  const judgeUrl = `http://127.0.0.1:${(judge.address() as AddressInfo).port}/v1`;
  const starts: Start[] = [];
  try {
    // The first one warms the file cache.
    for (let round = quick ? 1 : -1; round < 3; round++) {
      const start = await startOnce(broker, topics, judgeUrl);
      if (quick || round >= 0) starts.push(start);
    }
  } finally {
    judge.close();
  }
  const seconds = spreadOf(starts.map((start) => start.seconds));
  const megabytes = spreadOf(starts.map((start) => start.residentMb));
  return {
    figures: { startup_seconds: seconds.median, idle_mb: megabytes.median },
    rows: [
      {
        name: 'start until ready, joining the group included',
        unit: 's of wall time',
        value: seconds,
        reference: null,
        goal: { of: 'value', atMost: 2 },
      },
      {
        name: 'resident memory, idle',
        unit: 'MB',
        value: megabytes,
        reference: null,
        goal: { of: 'value', atMost: 140 },
      },
    ],
  };
}

interface Start {
  readonly seconds: number;
  readonly residentMb: number;
}

async function startOnce(
  { kafka, registry }: BenchBroker,
  { topic, outputPrefix }: { readonly topic: string; readonly outputPrefix: string },
  judgeUrl: string,
): Promise<Start> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const [port = 0, apiPort = 0] = await freeLoopbackPorts(2);
  const names = { brokers: kafka.brokers, topic, outputPrefix, groupId: freshName('start') };
  const text = monitorConfig({ ...names, registryUrl: registry.url }, judgeUrl);
  const config = join(folder, 'plumbline.yaml');
  await writeFile(config, `${text}server: { host: 127.0.0.1, port: ${port}, apiPort: ${apiPort} }\n`);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...ENTRY_OPTIONS, MAIN, 'run', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...ALLOCATOR },
  });
  const exited = once(child, 'exit');
  try {
    const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
    await eventually(isReady, { timeoutMs: 60_000, intervalMs: 20 });
    const seconds = (performance.now() - startedAt) / 1000;
    await pause(SETTLE_MS);
    return { seconds, residentMb: residentBytes(child.pid ?? 0) / 1e6 };
  } finally {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
}

/** NaN where there is no /proc. */
function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return NaN;
  }
}
