import type { EachBatchPayload } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import type { Clock } from '../platform/clock';
import type { KafkaAccess } from './kafka-client';
import { createCommitter } from './kafka-commit';
import { delay, within } from './kafka-client-delay';
import { toMonitorError } from './kafka-client-errors';
import { createKafkaMember } from './kafka-client-member';
import { createOffsetLookup, type PartitionOffsets, toLag } from './kafka-offsets';
import {
  describePositions,
  type HeldPartition,
  type OffsetGap,
  place,
  reassign,
  isDisplaced,
  toRecords,
} from './kafka-partitions';
import { placesOfUnreadable } from './kafka-unreadable';
import { startWatchdog } from './kafka-watchdog';
import type { WindowOptions } from './options';
import type { Source, SourceHandlers, SourceState } from './port';

export interface KafkaSourceOptions extends KafkaAccess {
  readonly topics: readonly string[];
  readonly groupId: string;
  /** Bounds what one fetch brings; the window itself is kept by whoever pauses and resumes. */
  readonly window: WindowOptions;
  readonly clock: Clock;
  /**
   * What to do when records that were to be read next no longer exist (retention, a log cut off): end with OFFSET_GAP, or
   * go on at the oldest record, with an error in the log and a call of `onGap`.
   */
  readonly onOffsetGap: 'fail' | 'earliest';
  /** Milliseconds without a record, although some wait, after which the source gives up; default 120 000. */
  readonly stallMs?: number;
  /** Called for every gap that was passed over, with the number of records lost. */
  readonly onGap?: (at: TopicPartition, lostRecords: bigint) => void;
}

/** How long a commit waits for the positions of a new assignment, and a stop for kafkajs. */
const PATIENCE_MS = 10_000;
const LOOK_UP_AGAIN_MS = 1_000;

/**
 * Records of a consumer group. kafkajs fetches, heartbeats and joins; where to read and what to commit is decided here,
 * since kafkajs goes back to the committed offset at each rebalance, resets lost positions silently, and retries commits
 * under a membership they were not meant for.
 *
 * On every join all partitions are paused before anything is fetched; the brokers are asked for the group's commits and
 * the ends of the logs; each partition is set to where it goes on (behind what was delivered if it was kept, else at the
 * commit) and resumed. Commits go out once, under the generation they were made for, which the broker checks.
 *
 * `start` rejects with TOPIC_MISSING, KAFKA_UNREACHABLE or KAFKA_DENIED. `onFatal` gets POISONED_INPUT (a batch that
 * cannot be decoded), OFFSET_GAP, KAFKA_DENIED or CONSUMER_CRASHED (kafkajs gave up, or stands still).
 */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  const { kafka, topics, groupId, logger, clock, onOffsetGap, stallMs = 120_000, onGap } = options;
  let handlers: SourceHandlers | null = null;
  let isStarting = true;
  let status: SourceState['status'] = 'starting';
  let reason = 'not started';
  let fatalError: MonitorError | null = null;
  let epoch = 0;
  let partitions: Map<string, HeldPartition> = new Map();
  let settled: Promise<void> = Promise.resolve();
  let isDraining = false;
  let heartbeatAtMs = 0;
  let stopWatchdog = (): void => {};
  const stopping = new AbortController();

  const groupOffsets = createOffsetLookup(options, groupId, topics);
  const committer = createCommitter({
    groupId,
    logger,
    explain,
    holdings: async () => {
      await within(PATIENCE_MS, settled);
      return { epoch, partitions };
    },
  });
  const member = createKafkaMember({
    ...options,
    maxFetchBytes: options.window.maxBytes,
    events: {
      onJoin,
      onBatch,
      onEmptyBatch(at, lastOffset) {
        const held = partitions.get(partitionKey(at));
        if (held?.isPlaced) moveTo(held, lastOffset + 1n);
      },
      onHeartbeat: () => (heartbeatAtMs = clock.monotonicMs()),
      onRebalance() {
        [status, reason] = ['joining', 'the group rebalances'];
        logger.info({ groupId, epoch }, reason);
      },
      onDown(error) {
        [status, reason] = ['joining', error.message];
        committer.sendBy(null);
      },
      onGone(error) {
        if (error.code !== 'POISONED_INPUT') return fail(error);
        [status, reason] = ['joining', error.message];
        void placesOfPoison().then((where) => {
          fail(new MonitorError('POISONED_INPUT', `${error.message}; ${where}`, { cause: error }));
        });
      },
    },
  });

  function onJoin(assigned: readonly TopicPartition[]): void {
    if (fatalError !== null) return;
    epoch += 1;
    partitions = reassign(partitions, assigned, clock.monotonicMs());
    heartbeatAtMs = clock.monotonicMs();
    member.pause(assigned);
    [status, reason] = ['joining', 'looking up where to read on'];
    logger.info({ groupId, epoch, partitions: assigned.map(partitionKey) }, 'partitions assigned');
    guarded('an assignment', () => handlers?.onAssigned(assigned, epoch));
    settled = settle(epoch);
  }

  async function settle(forEpoch: number): Promise<void> {
    const isOutdated = (): boolean => forEpoch !== epoch || fatalError !== null || stopping.signal.aborted;
    while (!isOutdated()) {
      try {
        const offsets = await groupOffsets.lookUp();
        if (!isOutdated()) placeAll(offsets);
        return;
      } catch (failure) {
        if (isOutdated()) return;
        const error = explain(failure, `look up the offsets of group ${groupId}`);
        if (error.code === 'KAFKA_DENIED') return fail(error);
        reason = error.message;
        logger.warn({ groupId, error: error.message }, 'positions are unknown, asking again');
        await delay(LOOK_UP_AGAIN_MS, stopping.signal);
      }
    }
  }

  function placeAll(offsets: ReadonlyMap<string, PartitionOffsets>): void {
    for (const [key, held] of partitions) {
      const known = offsets.get(key);
      if (known === undefined) throw new Error(`the brokers do not know ${key} yet`);
      const gap = place(held, known);
      if (gap !== null) reportGap(gap);
      if (fatalError !== null || held.next === null) return;
      // Without the means to commit (it comes with a batch) what is in flight is fetched again, to be passed over.
      held.fetchFrom = committer.canSend() ? held.next : (held.committed ?? known.low);
      member.seek(held.at, held.fetchFrom);
    }
    [status, reason] = ['consuming', ''];
    resumeFetching([...partitions.values()]);
  }

  function reportGap({ at, wanted, low, high, lostRecords, isBehindDelivered }: OffsetGap): void {
    const what = wanted < low ? `${lostRecords} records were deleted unread` : 'the log was cut off';
    const message = `${partitionKey(at)} was to be read from offset ${wanted}, but holds ${low} to ${high}: ${what}`;
    if (onOffsetGap === 'fail' || isBehindDelivered) return fail(new MonitorError('OFFSET_GAP', message));
    logger.error({ topic: at.topic, partition: at.partition, lostRecords: Number(lostRecords) }, message);
    onGap?.(at, lostRecords);
  }

  function resumeFetching(candidates: readonly HeldPartition[]): void {
    if (isDraining || fatalError !== null) return;
    const active = candidates.filter(({ isPlaced, isPausedByCaller }) => isPlaced && !isPausedByCaller);
    for (const held of active) held.movedAtMs = clock.monotonicMs();
    member.resume(active.map(({ at }) => at));
  }

  /** Hands over what a batch holds and returns. A throw would make kafkajs fetch the same batch again, or give up. */
  function onBatch(payload: EachBatchPayload): void {
    const { batch } = payload;
    const held = partitions.get(partitionKey(batch));
    // Left unresolved, so it is fetched again when it is wanted.
    if (held === undefined || held.next === null || !held.isPlaced || held.isPausedByCaller) return;
    if (isDraining || fatalError !== null) return;
    committer.sendBy((offsets) => payload.commitOffsetsIfNecessary(offsets));
    if (isDisplaced(batch, held)) return placeAgain(held);
    const lastOffset = batch.lastOffset();
    try {
      payload.resolveOffset(lastOffset);
    } catch (failure) {
      // kafkajs took over a new assignment without the topic a moment ago; its join event follows.
      return logger.debug({ topic: batch.topic, error: String(failure) }, 'a batch came too late');
    }
    const records = toRecords(batch, held.next);
    moveTo(held, BigInt(lastOffset) + 1n);
    const last = records.at(-1);
    if (last === undefined) return;
    held.deliveredEnd = last.offset + 1n;
    guarded(`records of ${partitionKey(batch)}`, () => handlers?.onRecords(records));
  }

  function placeAgain(held: HeldPartition): void {
    logger.warn(
      { ...held.at, next: String(held.next) },
      'records came from another offset, looking up where to read on',
    );
    held.isPlaced = false;
    member.pause([held.at]);
    settled = settle(epoch);
  }

  function moveTo(held: HeldPartition, next: bigint): void {
    held.fetchFrom = next;
    if (held.next !== null && next > held.next) held.next = next;
    held.movedAtMs = clock.monotonicMs();
  }

  function guarded(what: string, handle: () => void): void {
    try {
      handle();
    } catch (failure) {
      fail(new MonitorError('INTERNAL', `the handler of ${what} threw: ${String(failure)}`, { cause: failure }));
    }
  }

  function fail(error: MonitorError): void {
    if (fatalError !== null || stopping.signal.aborted) return;
    fatalError = error;
    [status, reason] = ['failed', error.message];
    member.pause([...partitions.values()].map(({ at }) => at));
    // While starting, `start` rejects with it instead.
    if (!isStarting) handlers?.onFatal(error);
  }

  /** kafkajs does not say which of the fetched partitions it could not decode; each is read on from where it stands. */
  async function placesOfPoison(): Promise<string> {
    const probing = { ...options, groupPrefix: groupId };
    const places = await placesOfUnreadable(probing, partitions.values(), () => groupOffsets.lookUp());
    if (places.length === 0) return `read up to ${describePositions(partitions.values())}`;
    return `it is in ${places.join(', ')}: see \`plumbline dlq skip --batch\``;
  }

  function explain(failure: unknown, action: string): MonitorError {
    return toMonitorError(failure, { brokers: kafka.brokers, action, otherwise: 'CONSUMER_CRASHED' });
  }

  async function connect(): Promise<void> {
    try {
      await groupOffsets.open();
    } catch (failure) {
      throw explain(failure, `look up ${topics.join(', ')}`);
    }
    await member.start();
    if (fatalError !== null) throw fatalError;
  }

  async function disconnect(): Promise<void> {
    // kafkajs waits for answers that a dead broker never gives.
    await within(PATIENCE_MS, Promise.allSettled([member.stop(), groupOffsets.close()]));
  }

  function watch(): () => void {
    return startWatchdog({
      stallMs,
      monotonicMs: () => clock.monotonicMs(),
      moving: () => {
        const isFetching = status === 'consuming' && !isDraining;
        return isFetching ? [...partitions.values()].filter((held) => held.isPlaced && !held.isPausedByCaller) : [];
      },
      highOf: async ({ at }) => (await groupOffsets.lookUp([at.topic])).get(partitionKey(at))?.high,
      onStall({ at, next }, waitingRecords, quietMs) {
        const what = `${partitionKey(at)} stands still at offset ${next} for ${Math.round(quietMs / 1000)} s`;
        fail(new MonitorError('CONSUMER_CRASHED', `${what} although ${waitingRecords} records wait`));
      },
    });
  }

  const heldOf = (wanted: readonly TopicPartition[]): HeldPartition[] =>
    wanted.flatMap((at) => partitions.get(partitionKey(at)) ?? []);

  return {
    async start(started) {
      handlers = started;
      [status, reason] = ['joining', `joining the group ${groupId}`];
      try {
        await connect();
      } catch (failure) {
        [status, reason] = ['failed', String(failure)];
        stopping.abort();
        await disconnect();
        throw failure;
      }
      isStarting = false;
      stopWatchdog = watch();
    },
    pause(wanted) {
      const held = heldOf(wanted);
      for (const each of held) each.isPausedByCaller = true;
      member.pause(held.map(({ at }) => at));
    },
    resume(wanted) {
      const held = heldOf(wanted);
      for (const each of held) each.isPausedByCaller = false;
      resumeFetching(held);
    },
    commit: (positions, ofEpoch) => committer.commit(positions, ofEpoch),
    async lag() {
      try {
        const offsets = await groupOffsets.lookUp();
        return [...partitions].flatMap(([key, { at }]) => {
          const known = offsets.get(key);
          return known === undefined ? [] : [toLag(at, known)];
        });
      } catch (failure) {
        throw explain(failure, `look up the lag of group ${groupId}`);
      }
    },
    state() {
      const assigned = [...partitions.values()].map(({ at }) => at);
      const silentMs = clock.monotonicMs() - heartbeatAtMs;
      if (status !== 'consuming' || silentMs <= kafka.sessionTimeoutMs) return { status, reason, assigned };
      // kafkajs says nothing when it loses connections and tries again: only the missing heartbeats show it.
      const silence = `no heartbeat was answered for ${Math.round(silentMs / 1000)} s`;
      return { status: 'joining', reason: `${silence} (brokers ${kafka.brokers.join(', ')})`, assigned };
    },
    drain() {
      isDraining = true;
      member.pause([...partitions.values()].map(({ at }) => at));
      return Promise.resolve();
    },
    async stop() {
      if (stopping.signal.aborted) return;
      await within(PATIENCE_MS, committer.idle());
      stopping.abort();
      stopWatchdog();
      await disconnect();
      if (status !== 'failed') [status, reason] = ['stopped', 'stopped'];
      partitions = new Map();
    },
  };
}
