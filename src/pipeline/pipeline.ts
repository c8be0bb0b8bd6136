import type { TopicPartition } from '../domain/coordinates';
import { partitionKey } from '../domain/coordinates';
import { MonitorError } from '../domain/error';
import type { SourceRecord } from '../source/port';
import { createDeferred } from '../platform/deferred';
import { createWindow } from '../source/window';
import type { DrainReport, Pipeline, PipelineDeps, PipelineState } from './deps';
import { errorClass } from './dead-letter';
import { createFlow, type Waiter } from './flow';
import { createIntake } from './intake';
import { createPartition, dequeueAll, type Item, type Partition } from './in-flight';
import { createOutbox } from './outbox';
import { createPublisher } from './publisher';
import { createRecentIds } from './recent-ids';
import { createPersistence } from './retry';
import { createScorer } from './score';

const DEFAULT_BACKOFF = { firstMs: 100, maxMs: 10_000 };

/** Share of a drain's time kept for the last publication, marker and commit. */
const CLOSING_SHARE = 0.2;

/**
 * The order of scoring: source → decode → validate → redact → checks, signals → sample → judge → verdict and dead
 * letter → ledger line → marker → commit. At-least-once: an offset is committed when everything below it has its
 * acknowledged line, and nothing else is promised; what is in flight at a crash is done again.
 */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const { source, clock, timers, logger, listener, options } = deps;
  const backoff = options.backoff ?? DEFAULT_BACKOFF;
  const window = createWindow(options.window);
  const partitions = new Map<string, Partition>();
  const ended = new AbortController();
  const finished = createDeferred();
  let epoch = 0;
  let status: PipelineState['status'] = 'idle';
  let failure: unknown = null;
  let resting = false;
  let inputEnded = false;
  let recordsDone = 0;
  let redeliveredSkipped = 0;
  let writtenSkipped = 0;
  let revokedInflight = 0;
  let givenUp = 0;
  let lastProgressAt: number | null = null;
  let movedAtMs = 0;
  let draining: Promise<DrainReport> | null = null;
  let onEmpty: (() => void)[] = [];

  const persistence = createPersistence({ ...backoff, timers, logger, ended: ended.signal });
  const outbox = createOutbox({
    verdicts: deps.verdicts,
    deadLetters: deps.deadLetters,
    ledger: deps.ledger,
    persistence,
    observer: deps.observer,
    batchRecords: options.batchRecords ?? 500,
    onVoid: giveUp,
  });
  const publisher = createPublisher({
    outbox,
    ledger: deps.ledger,
    source,
    persistence,
    timers,
    clock,
    logger,
    ended: ended.signal,
    markerIntervalMs: options.markerIntervalMs ?? 1000,
    owned: () => ({ partitions: partitions.values(), epoch }),
    fetchingRests: () => resting,
    onDurable,
    onMarker: () => {
      if (window.records() === 0) lastProgressAt = clock.now();
    },
    onFatal: fail,
  });
  let scorer = createScorer(deps);
  const flow = createFlow({
    scorer: () => scorer,
    recentIds: createRecentIds<Waiter>(options.recentIds ?? 100_000),
    concurrency: options.concurrency,
    itemDeadlineMs: options.itemDeadlineMs,
    clock,
    timers,
    logger,
    observer: deps.observer,
    onAnswered: (interaction, checks) => listener.answered(interaction, checks),
    onFinished: (item) => publisher.add(item),
    onVoid: giveUp,
  });
  const intake = createIntake({
    decoder: deps.decoder,
    source,
    timers,
    clock,
    logger,
    maxRecordBytes: options.maxRecordBytes,
    backoff,
    owned: () => partitions.values(),
    fetchingRests: () => resting,
    onWritten,
    onDecoded: (item, decoded) => flow.decoded(item, decoded),
  });

  function onRecords(records: readonly SourceRecord[]): void {
    const first = records[0];
    // Delivered after the loss was announced, or while ending: nobody's work.
    const partition = first === undefined ? undefined : partitions.get(partitionKey(first));
    if (partition === undefined || status !== 'running') return;
    const before = partition.received;
    if (window.records() === 0) movedAtMs = clock.monotonicMs();
    redeliveredSkipped += intake.receive(partition, records);
    for (const { offset, sizeBytes } of records) if (offset > before) window.add(sizeBytes);
    if (window.isFull() && !resting) {
      resting = true;
      source.pause([...partitions.values()]);
    }
    listener.inflight(window.bytes(), window.records());
  }

  function onAssigned(assigned: readonly TopicPartition[], newEpoch: number): void {
    epoch = newEpoch;
    const kept = new Set(assigned.map(partitionKey));
    for (const partition of [...partitions.values()]) if (!kept.has(partition.key)) lose(partition);
    for (const at of assigned) {
      if (partitions.has(partitionKey(at))) continue;
      const gained = createPartition(at);
      partitions.set(gained.key, gained);
      if (deps.written !== undefined) lookUpWritten(gained, deps.written);
    }
    if (resting) source.pause([...partitions.values()]);
  }

  /** Nothing of the partition is begun until it is known what of it has been done. */
  function lookUpWritten(partition: Partition, look: NonNullable<PipelineDeps['written']>): void {
    partition.decoding = true;
    look(partition)
      .then((written) => (partition.written = written))
      .catch((error: unknown) =>
        logger.warn(
          { partition: partition.key, error: errorClass(error) },
          'what is written is unknown, judging again',
        ),
      )
      .finally(() => {
        partition.decoding = false;
        intake.wake();
      });
  }

  function onWritten(item: Item): void {
    item.partition.watermark.done(item.offset);
    writtenSkipped += 1;
    unload(item);
  }

  function lose(partition: Partition): void {
    partition.lost = true;
    partitions.delete(partition.key);
    dequeueAll(partition).forEach(giveUp);
    flow.abandon((item) => item.partition === partition);
  }

  function onDurable(items: readonly Item[]): void {
    const now = clock.now();
    for (const item of items) {
      // Again after a lost acknowledgement or for a lost partition it is no fault, the offset is simply not ours.
      if (!item.partition.lost) item.partition.watermark.done(item.offset);
      flow.durable(item);
      if (item.line !== null) {
        listener.recordDone(item.line, item.verdict, Math.max(0, now - item.timestamp), item.traceId);
      }
      item.line = null;
      item.verdict = null;
      recordsDone += 1;
      unload(item);
    }
    lastProgressAt = now;
    movedAtMs = clock.monotonicMs();
    listener.inflight(window.bytes(), window.records());
  }

  function giveUp(item: Item): void {
    if (item.stage === 'gone') return;
    givenUp += 1;
    if (item.partition.lost) revokedInflight += 1;
    unload(item);
    flow.dropped(item);
  }

  function unload(item: Item): void {
    item.stage = 'gone';
    window.remove(item.sizeBytes);
    if (resting && !window.isFull() && status === 'running') {
      resting = false;
      source.resume([...partitions.values()].filter(({ schemaFailures }) => schemaFailures === 0));
    }
    if (window.records() > 0) return;
    const waiting = onEmpty;
    onEmpty = [];
    for (const resolve of waiting) resolve();
  }

  function emptied(): Promise<void> {
    return window.records() === 0 ? Promise.resolve() : new Promise((resolve) => onEmpty.push(resolve));
  }

  /** A finite source has handed over everything: finish it all, however long it takes. */
  async function onEnd(): Promise<void> {
    inputEnded = true;
    await emptied();
    if (status !== 'running') return;
    status = 'draining';
    await publisher.finish(true);
    status = 'stopped';
    finished.resolve();
  }

  async function drainNow(deadlineMs: number): Promise<DrainReport> {
    const completedBefore = recordsDone;
    const ending = status === 'running' ? beginDrain(deadlineMs) : waitForEnd();
    const expired = alarm(deadlineMs);
    try {
      const report = await Promise.race([ending, expired.rang, failed()]);
      if (report === null) throw drainFailed();
      return { ...report, completed: recordsDone - completedBefore };
    } finally {
      expired.cancel();
      halt('stopped');
      finished.resolve();
    }
  }

  /** Nothing runs, or the end of a finite input is being written already. */
  async function waitForEnd(): Promise<Omit<DrainReport, 'completed'>> {
    if (status === 'draining') await finished.promise;
    return { abandoned: 0, returned: 0 };
  }

  async function failed(): Promise<never> {
    await finished.promise;
    return new Promise(() => {});
  }

  function beginDrain(deadlineMs: number): Promise<Omit<DrainReport, 'completed'>> {
    status = 'draining';
    return finishInFlight(deadlineMs);
  }

  async function finishInFlight(deadlineMs: number): Promise<Omit<DrainReport, 'completed'>> {
    await source.drain();
    const before = givenUp;
    returnUnbegun();
    const time = alarm(deadlineMs * (1 - CLOSING_SHARE));
    await Promise.race([emptied(), time.rang]);
    time.cancel();
    const abandoned = flow.abandon(() => true).length;
    const returned = givenUp - before - abandoned;
    await publisher.finish(inputEnded && returned + abandoned === 0);
    return { abandoned, returned };
  }

  /** What no judge has been asked about yet costs nothing to read again. */
  function returnUnbegun(): void {
    intake.close();
    flow.close();
    deps.onLeaving();
    for (const partition of partitions.values()) dequeueAll(partition).forEach(giveUp);
    flow.abandon(({ stage }) => stage === 'queued');
  }

  function drainFailed(): MonitorError {
    const trouble = persistence.trouble();
    return new MonitorError(
      'DRAIN_FAILED',
      `${window.records()} records were not published and marked in time${trouble === '' ? '' : ` (${trouble})`}`,
    );
  }

  function halt(as: 'stopped' | 'failed'): void {
    if (status !== 'failed') status = as;
    intake.close();
    flow.close();
    ended.abort();
    flow.abandon(() => true);
  }

  function fail(error: unknown): void {
    if (status === 'failed' || status === 'stopped') return;
    failure = error;
    logger.error({ error: errorClass(error) }, 'scoring cannot go on');
    halt('failed');
    finished.reject(error);
  }

  function alarm(ms: number): { readonly rang: Promise<null>; readonly cancel: () => void } {
    let cancel = (): void => {};
    const rang = new Promise<null>((resolve) => {
      cancel = timers.after(ms, () => resolve(null));
    });
    return { rang, cancel };
  }

  return {
    finished: finished.promise,
    async start() {
      if (status !== 'idle') throw new MonitorError('INTERNAL', `the pipeline was started while ${status}`);
      status = 'running';
      publisher.start();
      try {
        await source.start({ onRecords, onAssigned, onFatal: fail, onEnd: () => void onEnd() });
      } catch (error) {
        fail(error);
        throw error;
      }
    },
    reconfigure(stages) {
      scorer = createScorer({ ...deps, ...stages });
    },
    drain: (deadlineMs) => (draining ??= drainNow(deadlineMs)),
    async stop() {
      halt('stopped');
      await source.stop();
      finished.resolve();
    },
    state: () => ({
      status,
      reason: failure === null ? persistence.trouble() : reasonOf(failure),
      inflightRecords: window.records(),
      inflightBytes: window.bytes(),
      waitingForSchema: [...partitions.values()].filter((p) => p.schemaFailures > 0).map(({ key }) => key),
      recordsDone,
      redeliveredSkipped,
      writtenSkipped,
      revokedInflight,
      lastProgressAt,
      quietMs: window.records() === 0 ? 0 : clock.monotonicMs() - movedAtMs,
    }),
  };
}

function reasonOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
