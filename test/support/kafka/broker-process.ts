import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaJars } from './jars';
import type { Reaper } from './reaper';

/** One node: the same folder, ports and data through any number of starts. */
export interface BrokerProcess {
  /** Writes cluster id and SCRAM users into the data folder; needed once, before the first start. */
  format(clusterId: string, scram: readonly string[]): Promise<void>;
  /** Starts the process without waiting for it to be ready. Throws while one is alive. */
  start(): void;
  /**
   * Sends a signal. After SIGSTOP and SIGCONT it returns at once, after any other when the process has ended, so
   * SIGTERM takes as long as a controlled shutdown. Nothing happens to a process that has ended.
   */
  signal(signal: NodeJS.Signals): Promise<void>;
  state(): 'running' | 'paused' | 'ended';
  /** Everything the node has printed since its first start; warnings and errors only. */
  logs(): string;
}

export interface BrokerProcessOptions {
  readonly jars: KafkaJars;
  /** Made by this node, removed by whoever owns the cluster. */
  readonly folder: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  /** Use the class archive (default), or write it when the process ends by SIGTERM. */
  readonly classArchive?: 'use' | 'write';
}

const LOG_CONFIG = join(__dirname, 'log4j2.properties');

export function createBrokerProcess({
  jars,
  folder,
  properties,
  reaper,
  classArchive = 'use',
}: BrokerProcessOptions): BrokerProcess {
  const scratch = join(folder, 'tmp');
  const data = join(folder, 'data');
  const configPath = join(folder, 'server.properties');
  const logPath = join(folder, 'broker.log');
  mkdirSync(scratch, { recursive: true });
  const lines = Object.entries({ ...properties, 'log.dirs': data }).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(configPath, lines.join(''));

  let child: ChildProcess | undefined;
  let paused = false;

  const java = (archiveFlags: readonly string[], mainClass: string, ...args: readonly string[]): ChildProcess => {
    const log = openSync(logPath, 'a');
    const flags = [
      ...JVM_FLAGS,
      ...archiveFlags,
      `-Djava.io.tmpdir=${scratch}`,
      `-Dlog4j2.configurationFile=${LOG_CONFIG}`,
    ];
    // A file instead of a pipe: a broker never blocks on a test that does not read.
    const started = spawn('java', [...flags, '-cp', jars.classPath, mainClass, ...args], {
      cwd: folder,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const { pid } = started;
    if (pid === undefined) throw new Error('java could not be started');
    reaper.started(pid);
    started.once('exit', () => reaper.ended(pid));
    // A test that forgets to stop its brokers still ends; the reaper does the rest.
    started.unref();
    return started;
  };

  const useArchive = existsSync(jars.classArchive) ? [`-XX:SharedArchiveFile=${jars.classArchive}`] : [];
  const logs = (): string => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : '');
  const isAlive = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    async format(clusterId, scram) {
      // One word with its value: one id in 64 starts with a dash, which would read as an option of its own.
      const users = scram.map((user) => `--add-scram=${user}`);
      const args = ['format', `--cluster-id=${clusterId}`, `--config=${configPath}`, ...users];
      const tool = java(useArchive, 'kafka.tools.StorageTool', ...args);
      await ended(tool);
      if (tool.exitCode !== 0) throw new Error(`the storage tool failed (status ${tool.exitCode}):\n${logs()}`);
    },
    start() {
      if (isAlive()) throw new Error('the node is running already');
      const archive = classArchive === 'write' ? [`-XX:ArchiveClassesAtExit=${jars.classArchive}`] : useArchive;
      paused = false;
      child = java(archive, 'kafka.Kafka', configPath);
    },
    async signal(signal) {
      if (child === undefined || !isAlive()) return;
      child.kill(signal);
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') paused = signal === 'SIGSTOP';
      else await ended(child);
    },
    state: () => (!isAlive() ? 'ended' : paused ? 'paused' : 'running'),
    logs,
  };
}

/** For a boot of about a second on two cores: one compiler tier, one collector thread, no files outside the folder. */
const JVM_FLAGS = [
  '-Xmx384m',
  '-Xshare:auto',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-XX:+ExitOnOutOfMemoryError',
];

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  await once(child, 'exit');
}
