import { eventually } from '../../test/support/eventually';
import type { FailpointName } from '../../src/platform/failpoint';
import { stickyAssigners } from '../../src/source/kafka-assigner';
import type { Instance } from './instance';
import type { Stage } from './stage';

/** Something that was done to the monitor, and when. */
export interface FaultEvent {
  readonly kind: 'kill' | 'broker' | 'leader' | 'storm' | 'zombie' | 'restart' | 'join';
  readonly detail: string;
  /** The instance it hit; empty when it hit none in particular. */
  readonly instance: string;
  readonly at: number;
  /** For what takes a while: when it was over at the latest. */
  readonly until?: number;
}

const CAUGHT_UP_MS = 120_000;
/** A checkpoint is due every 10 s, and the first comes after the start. */
const KILLED_WITHIN_MS = 60_000;

/** Steps that only the owner of the ledger comes to. */
export const OWNER_STEPS: readonly FailpointName[] = ['snapshot_part', 'snapshot_acked', 'alert_sent'];

/** Starts `a` with a failpoint, waits until it has died of it and `b` has taken over. `a` is dead afterwards. */
export async function killAt(stage: Stage, step: FailpointName, count: number): Promise<FaultEvent[]> {
  const { a, b } = stage;
  const events: FaultEvent[] = [];
  /** Whoever joins takes partitions over, and with them what is in flight there: a cost of the join, not of the kill. */
  const start = async (one: Instance, failpoint?: string): Promise<void> => {
    const at = Date.now();
    await one.start(failpoint);
    events.push({ kind: 'join', detail: one.name, instance: one.name, at, until: Date.now() });
  };
  if (OWNER_STEPS.includes(step)) {
    // A member that joins may become the owner, so `b` comes only once `a` has died as one.
    const { code, ms } = await b.stop();
    if (code !== 0) throw new Error(`b ended with code ${code} after ${ms} ms: ${b.stderr().slice(-2000)}`);
    events.push({ kind: 'restart', detail: 'b', instance: 'b', at: Date.now() });
  }
  await start(a, `${step}:${count}`);
  if (step === 'alert_sent') await stage.leaveGap();
  const at = await a.killed(KILLED_WITHIN_MS);
  events.push({ kind: 'kill', detail: `${step}:${count}`, instance: 'a', at });
  if (!b.isRunning()) await start(b);
  await stage.caughtUp(CAUGHT_UP_MS);
  return events;
}

/** A broker process is killed and comes back on its data. */
export async function killBroker(stage: Stage, node: number): Promise<FaultEvent[]> {
  const at = Date.now();
  await stage.cluster.kill(node);
  await stage.cluster.restart(node);
  await stage.caughtUp(CAUGHT_UP_MS);
  return [{ kind: 'broker', detail: `node ${node}`, instance: '', at, until: Date.now() }];
}

/** The leader of the ledger leaves in good order: all its partitions move. */
export async function moveLeader(stage: Stage): Promise<FaultEvent[]> {
  const admin = stage.kafka.client().admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [`${stage.prefix}.ledger`] });
  await admin.disconnect();
  const leader = topics[0]?.partitions[0]?.leader ?? 1;
  const at = Date.now();
  await stage.cluster.kill(leader, 'SIGTERM');
  await stage.caughtUp(CAUGHT_UP_MS);
  await stage.cluster.restart(leader);
  return [{ kind: 'leader', detail: `node ${leader}`, instance: '', at, until: Date.now() }];
}

/** Members that join the group and leave again, one after the other. */
export async function stormOfJoins(stage: Stage, joins: number, everyMs: number): Promise<FaultEvent[]> {
  const events: FaultEvent[] = [];
  for (let i = 0; i < joins; i++) {
    const startedAt = Date.now();
    const consumer = stage.kafka.client().consumer({
      groupId: stage.groupId,
      sessionTimeout: 6_000,
      rebalanceTimeout: 60_000,
      heartbeatInterval: 500,
      maxWaitTimeInMs: 100,
      // As a real instance would join.
      partitionAssigners: stickyAssigners(() => []),
    });
    let joined = false;
    consumer.on(consumer.events.GROUP_JOIN, () => (joined = true));
    events.push({ kind: 'storm', detail: `join ${i + 1}`, instance: '', at: startedAt });
    await consumer.connect();
    await consumer.subscribe({ topics: [stage.topic] });
    // It reads nothing and commits nothing; that it is a member is the trouble.
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
    await eventually(() => joined, { timeoutMs: 60_000, intervalMs: 20 });
    await consumer.disconnect();
    const leftMs = everyMs - (Date.now() - startedAt);
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
  }
  await stage.caughtUp(CAUGHT_UP_MS);
  return events;
}

/** `a` stands still for longer than its session and then goes on as if nothing had happened. */
export async function zombie(stage: Stage, frozenMs: number): Promise<FaultEvent[]> {
  const at = Date.now();
  stage.a.signal('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, frozenMs));
  stage.a.signal('SIGCONT');
  await stage.caughtUp(CAUGHT_UP_MS);
  return [{ kind: 'zombie', detail: `${frozenMs} ms`, instance: 'a', at, until: Date.now() }];
}
