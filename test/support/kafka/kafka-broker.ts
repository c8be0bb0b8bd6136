import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually';
import { type BrokerProcess, type BrokerProcessOptions, createBrokerProcess } from './broker-process';
import { freeLoopbackPorts } from './free-ports';
import { type KafkaJars, kafkaJars } from './jars';
import { startReaper } from './reaper';

export interface KafkaOptions {
  /** Every node is broker and controller at once. Default 1; with 3, topics have 3 replicas and need 2 in sync. */
  readonly nodes?: 1 | 3;
  /** Broker settings that win over those of `brokerProperties`, the same for every node. */
  readonly properties?: Readonly<Record<string, string>>;
  /** A further listener for clients, by its name in `properties` as `listener.name.<name>.…`, in lower case. */
  readonly listener?: { readonly name: string; readonly protocol: 'SASL_SSL' | 'SASL_PLAINTEXT' | 'SSL' };
  /** SCRAM users that the storage is formatted with, e.g. `SCRAM-SHA-256=[name=ann,password=x]`. */
  readonly scram?: readonly string[];
}

/** Nodes are numbered from 1, as Kafka's `node.id`; every function given another number throws. */
export interface KafkaCluster {
  /** host:port of node 1, 2, ...; the same for the life of the cluster. */
  readonly brokers: string[];
  /** The same for the further listener; empty without one. */
  readonly further: string[];
  /**
   * Sends the node's process a signal (default SIGKILL) and, unless that is SIGSTOP or SIGCONT, waits for its end.
   * The rest of the cluster takes up to `broker.session.timeout.ms` to notice.
   */
  kill(node: number, signal?: NodeJS.Signals): Promise<void>;
  /** Ends the node if it still lives, starts it on the same ports and data, and waits until it serves again. */
  restart(node: number): Promise<void>;
  /** Kills the nodes and removes their folders. Safe to call twice; the other functions throw after it. */
  stop(): Promise<void>;
  /** What the node has printed since its first start: warnings, errors, and uncaught exceptions. */
  logs(node: number): string;
}

const READY_TIMEOUT_MS = 60_000;

/**
 * Starts a Kafka of plain jars on free loopback ports and resolves when every node serves clients and knows all others.
 *
 * Rejects with the tail of the log when a node ends or is not ready within 60 s. If this process dies first, in whatever
 * way, the nodes and folders go too.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const jars = await kafkaJars(writeClassArchive);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await boot(jars, options, 'use');
    } catch (error) {
      // Between finding a port free and the broker's bind, another process may have taken it.
      if (attempt === 3 || !(error instanceof Error && /address already in use/i.test(error.message))) throw error;
    }
  }
}

async function boot(
  jars: KafkaJars,
  { nodes = 1, properties = {}, listener, scram = [] }: KafkaOptions,
  classArchive: NonNullable<BrokerProcessOptions['classArchive']>,
): Promise<KafkaCluster> {
  const ports = await freeLoopbackPorts(3 * nodes);
  const endpoints = Array.from({ length: nodes }, (_, index): Endpoint => ({
    broker: `127.0.0.1:${ports[3 * index]}`,
    controller: `127.0.0.1:${ports[3 * index + 1]}`,
    ...(listener === undefined ? {} : { further: { ...listener, address: `127.0.0.1:${ports[3 * index + 2]}` } }),
  }));
  const brokers = endpoints.map(({ broker }) => broker);
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-kafka-'));
  const reaper = startReaper(folder);
  const processes = endpoints.map((_, index) =>
    createBrokerProcess({
      jars,
      folder: join(folder, `node-${index + 1}`),
      properties: { ...brokerProperties(index + 1, endpoints), ...properties },
      reaper,
      classArchive,
    }),
  );

  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.signal('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
    await reaper.dismiss();
  };
  const stop = (): Promise<void> => (stopped ??= end());

  const nodeOf = (node: number): BrokerProcess => {
    const found = processes[node - 1];
    if (found === undefined) throw new Error(`no node ${node} in a cluster of ${nodes}`);
    if (stopped !== undefined) throw new Error('the cluster has been stopped');
    return found;
  };

  try {
    const clusterId = randomBytes(16).toString('base64url');
    await Promise.all(processes.map((process) => process.format(clusterId, scram)));
    for (const process of processes) process.start();
    await ready(processes, brokers);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    brokers,
    further: endpoints.flatMap(({ further }) => further?.address ?? []),
    kill: (node, signal = 'SIGKILL') => nodeOf(node).signal(signal),
    async restart(node) {
      const process = nodeOf(node);
      await process.signal('SIGKILL');
      process.start();
      await ready(processes, brokers);
    },
    stop,
    logs: (node) => nodeOf(node).logs(),
  };
}

/** Boots once to record which classes a broker loads; every later boot maps them instead of parsing the jars. */
async function writeClassArchive(jars: KafkaJars): Promise<void> {
  const cluster = await boot(jars, {}, 'write');
  // The JVM writes its archive on an orderly end only.
  await cluster.kill(1, 'SIGTERM');
  await cluster.stop();
}

interface Endpoint {
  readonly broker: string;
  readonly controller: string;
  readonly further?: { readonly name: string; readonly protocol: string; readonly address: string };
}

function brokerProperties(nodeId: number, endpoints: readonly Endpoint[]): Record<string, string> {
  const own = endpoints[nodeId - 1];
  if (own === undefined) throw new Error(`no endpoint for node ${nodeId}`);
  const replicas = String(endpoints.length);
  const inSync = endpoints.length === 1 ? '1' : '2';
  const { further } = own;
  const more = further === undefined ? '' : `,${further.name.toUpperCase()}://${further.address}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': endpoints.map(({ controller }, index) => `${index + 1}@${controller}`).join(','),
    listeners: `PLAINTEXT://${own.broker},CONTROLLER://${own.controller}${more}`,
    'advertised.listeners': `PLAINTEXT://${own.broker}${more}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT${further === undefined ? '' : `,${further.name.toUpperCase()}:${further.protocol}`}`,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // The defaults of 50 partitions cost a folder and a log each, on the first group that anyone joins.
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'log.cleaner.dedupe.buffer.size': '2097152',
    // A test that misspells a topic should fail, not find it empty.
    'auto.create.topics.enable': 'false',
    // Records keep the times of the story they tell; by those, retention would delete them in the midst of a test.
    'log.retention.ms': '-1',
    'group.initial.rebalance.delay.ms': '0',
    // Lets a test see an eviction in a second; the default allows no session timeout under 6 s.
    'group.min.session.timeout.ms': '500',
    // A killed node is noticed within 3 s instead of 9 s, after six lost heartbeats.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
  };
}

/** Waits until each running node serves clients and sees every other running one, and group coordination works. */
async function ready(processes: readonly BrokerProcess[], brokers: readonly string[]): Promise<void> {
  const gaveUp = new AbortController();
  const expected = brokers.filter((_, index) => processes[index]?.state() === 'running');
  const check = async (): Promise<void> => {
    const ended = processes.findIndex((process, index) => {
      return process.state() === 'ended' && expected.includes(brokers[index] ?? '');
    });
    if (ended >= 0) gaveUp.abort(new Error(`node ${ended + 1} ended before it was ready`));
    await Promise.all(expected.map((broker) => servesAndSees(broker, expected)));
  };
  try {
    await eventually(check, { timeoutMs: READY_TIMEOUT_MS, intervalMs: 50, signal: gaveUp.signal });
  } catch (cause) {
    const tails = processes.map((process, index) => `--- log of node ${index + 1}\n${process.logs().slice(-3_000)}`);
    throw new Error(`Kafka did not become ready: ${String(cause)}\n${tails.join('\n')}`, { cause });
  }
}

async function servesAndSees(broker: string, expected: readonly string[]): Promise<void> {
  const admin = new Kafka({
    clientId: 'readiness',
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const seen = (await admin.describeCluster()).brokers.map(({ host, port }) => `${host}:${port}`);
    const missing = expected.filter((other) => !seen.includes(other));
    if (missing.length > 0) throw new Error(`${broker} does not see ${missing.join(', ')}`);
    // Asking for any group makes the offsets topic exist, so that the first consumer of a test does not wait for it.
    await admin.describeGroups(['readiness']);
  } finally {
    await admin.disconnect();
  }
}
