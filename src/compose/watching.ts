import { randomUUID } from 'node:crypto';
import type { LoadedConfig } from '../config/load';
import { MonitorError } from '../domain/error';
import type { CheckpointStore } from '../ledger/checkpoint-port';
import { createKafkaLedgerReader, ledgerEnd } from '../ledger/kafka';
import { createKafkaCheckpointStore } from '../ledger/kafka-checkpoints';
import { electLedgerOwner } from '../ledger/kafka-owner';
import { createKafkaAlertSink, createKafkaSessionSink } from '../outputs/kafka-sinks';
import type { Metrics } from '../outputs/prometheus';
import { systemClock } from '../platform/clock';
import type { Failpoint } from '../platform/failpoint';
import type { Logger } from '../platform/logger';
import type { KafkaAccess } from '../source/kafka-client';
import { type Checkpointer, createCheckpointer } from '../watch/checkpointer';
import { createWatch, type Watch } from '../watch/watch';
import type { Closers } from './closers';
import { alertMessages, sessionMessages } from './codecs';
import { armAlerts, armCheckpoints } from './failpoints';
import { foldOf, foldOptionsOf } from './ledger/fold';
import { type PolicyDesk, policyFigures } from './policy-desk';
import type { PolicyPublisher } from './policy-topic';
import { createOutbox, type Outbox } from './outbox';
import { claimLedger, isOutdated, resetsUnder } from './ledger/stamp';
import { ledgerOn, stampNow, withWriter } from './ledger/on-kafka';

export interface WatchSetup {
  readonly loaded: LoadedConfig;
  /** Whether any number of series may be made to learn afresh. */
  readonly acceptsResets: boolean;
  readonly access: KafkaAccess;
  readonly metrics: Metrics;
  readonly desk: PolicyDesk;
  /** Where the owner of the ledger says what the desk decides. */
  readonly publishPolicy: PolicyPublisher;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly closers: Closers;
}

/** What any fold of the ledger needs. */
export type LedgerSetup = Omit<WatchSetup, 'desk' | 'publishPolicy' | 'acceptsResets'>;

export interface Watching extends Watch {
  /**
   * Resolves once the group has elected an owner of the ledger; rejects when this process cannot take part. After a kill
   * that takes until the dead member's session has ended, which is when SCORE gets its partitions too: neither waits for
   * the other.
   */
  readonly elected: Promise<void>;
  /** The parameters to fold under from now on; recorded in the ledger by the process that owns it. */
  reconfigure(loaded: LoadedConfig): void;
}

/**
 * WATCH on Kafka: from the last checkpoint on it follows the ledger. Every process folds; the one that the group elects
 * writes checkpoints and config records and tells the exact figures. Rejects with FOREIGN_LEDGER or NEWER_STATE before
 * anything is written.
 */
export async function startWatching(setup: WatchSetup): Promise<Watching> {
  const { loaded, access, metrics, desk, publishPolicy, logger, closers } = setup;
  const { config } = loaded;
  const { name: instance, groupPrefix } = config.instance;
  const ledger = ledgerOn(access, loaded);
  const reader = createKafkaLedgerReader({ ...ledger, groupPrefix: `${groupPrefix}-watch-reader` });
  let owner = false;
  /** True once all that was there at the take-over is folded: before that too little spend is known. */
  let caughtUp = false;
  let current = loaded;

  const store = await openStore(setup);
  closers.add(() => store?.close());
  const sessions = await openOutbox(setup, 'sessions', (topic) =>
    createKafkaSessionSink({ ...access, topic, encoder: sessionMessages }),
  );
  const alerts = await openOutbox(setup, 'alerts', async (topic) =>
    armAlerts(await createKafkaAlertSink({ ...access, topic, encoder: alertMessages }), setup.failpoint),
  );
  const outboxes: readonly Pick<Outbox<unknown>, 'flush' | 'setOwner'>[] = [sessions, alerts].filter(
    (one) => one !== null,
  );
  const checkpoints =
    store &&
    afterPublishing(
      keepCheckpoints(store, setup, () => owner),
      outboxes,
      logger,
    );
  const restored = (await checkpoints?.restore(foldOptionsOf(config))) ?? null;
  if (restored === null) await withWriter(ledger, (writer) => claimLedger(reader, writer, stampNow(loaded)));
  logger.info(
    { position: String(restored?.state.position ?? 0n), skipped: restored?.skipped ?? 0 },
    restored === null ? 'folding the ledger from its start' : 'folding the ledger from a checkpoint',
  );

  const tell = (): void => {
    if (!owner) return;
    for (const outbox of outboxes) {
      outbox.flush().catch((error: unknown) => logger.warn({ err: error }, 'sessions or alerts wait to be published'));
    }
    const snapshot = watch.snapshot();
    if (caughtUp) publishPolicy(desk.keep(snapshot));
    metrics.publishWatch({ ...snapshot, policy: policyFigures(desk) });
  };
  const watch = createWatch({
    reader,
    fold: foldOf(config, {
      isLive: true,
      onSession: ({ outcome }) => sessions?.add(outcome),
      onAlert: (alert) => alerts?.add(alert),
    }),
    follow: true,
    instance,
    onProgress: tell,
    ...(restored === null ? {} : { restored: restored.state }),
    ...(checkpoints === null ? {} : { checkpoints }),
  });
  /** Only once all is folded: until then it is not known under which parameters the ledger stands. */
  const takeOver = async (): Promise<void> => {
    await watch.reached(await ledgerEnd(ledger, ledger.topic));
    if (!owner) return;
    caughtUp = true;
    tell();
    const stamp = stampNow(current);
    if (!isOutdated(watch.snapshot().config, stamp)) return;
    const resets = resetsUnder(watch.snapshot(), current);
    const { maxResets } = current.config.alerts;
    if (resets > maxResets && !setup.acceptsResets) {
      metrics.onReload('too_many_resets');
      const wanted = 'see `config diff`, then restart with `run --accept`';
      return logger.error({ resets, maxResets, wanted }, 'the fold goes on under the parameters of before');
    }
    await withWriter(ledger, (writer) => writer.append([stamp]));
    logger.info({ config: stamp.configHash }, 'the fold goes on under new parameters');
  };
  const takeOverSoon = (): void => {
    takeOver().catch((error: unknown) => logger.warn({ err: error }, 'the parameters were not recorded'));
  };
  watch.start();
  const election = electLedgerOwner({
    ...access,
    topic: ledger.topic,
    groupId: `${groupPrefix}-watch`,
    onOwned() {
      owner = true;
      for (const outbox of outboxes) outbox.setOwner(true);
      logger.info({}, 'owner of the ledger');
      takeOverSoon();
    },
    onLost() {
      owner = false;
      for (const outbox of outboxes) outbox.setOwner(false);
      caughtUp = false;
      metrics.withdrawWatch();
      logger.info({}, 'the ledger has gone to another owner');
    },
    onGone: (error) => logger.error({ err: error }, 'cannot be owner of the ledger any more'),
  });
  closers.add(() => election.stop());
  closers.add(() => watch.stop());
  return {
    ...watch,
    elected: election.started,
    reconfigure(next) {
      current = next;
      if (owner) takeOverSoon();
    },
  };
}

/** A fold of the ledger that only looks: it writes nothing, tells nothing and owns nothing. */
export async function followLedger(setup: LedgerSetup): Promise<Watch> {
  const { loaded, access, closers } = setup;
  const { config } = loaded;
  const { name: instance, groupPrefix } = config.instance;
  const ledger = ledgerOn(access, loaded);
  const reader = createKafkaLedgerReader({ ...ledger, groupPrefix: `${groupPrefix}-golden-reader` });
  const store = await openStore(setup);
  closers.add(() => store?.close());
  const checkpoints = store && keepCheckpoints(store, setup, () => false);
  const restored = (await checkpoints?.restore(foldOptionsOf(config))) ?? null;
  if (restored === null) await withWriter(ledger, (writer) => claimLedger(reader, writer, stampNow(loaded)));
  const watch = createWatch({
    reader,
    fold: foldOf(config, { isLive: true }),
    follow: true,
    instance,
    ...(restored === null ? {} : { restored: restored.state }),
  });
  watch.start();
  closers.add(() => watch.stop());
  return watch;
}

/** Null where the topic does not exist: the monitor works without it, and folds the whole ledger at every start. */
async function openStore({ loaded, access, logger }: LedgerSetup): Promise<CheckpointStore | null> {
  const { topicPrefix, groupPrefix } = loaded.config.instance;
  try {
    const topic = `${topicPrefix}.state`;
    return await createKafkaCheckpointStore({ ...access, topic, groupPrefix: `${groupPrefix}-watch-state` });
  } catch (error) {
    if (!(error instanceof MonitorError) || error.code !== 'TOPIC_MISSING') throw error;
    logger.warn({ problem: error.message }, 'there will be no checkpoints');
    return null;
  }
}

interface Published<T> {
  publish(values: readonly T[]): Promise<void>;
  close(): Promise<void>;
}

/** Null where the topic does not exist: what would go there is counted then, and can be read nowhere one by one. */
async function openOutbox<T>(
  { loaded, logger, closers }: WatchSetup,
  what: 'sessions' | 'alerts',
  open: (topic: string) => Promise<Published<T>>,
): Promise<Outbox<T> | null> {
  try {
    const sink = await open(`${loaded.config.instance.topicPrefix}.${what}`);
    closers.add(() => sink.close());
    const monotonicMs = (): number => systemClock.monotonicMs();
    return createOutbox<T>({ publish: (values) => sink.publish(values), monotonicMs, logger, what });
  } catch (error) {
    if (!(error instanceof MonitorError) || error.code !== 'TOPIC_MISSING') throw error;
    logger.warn({ problem: error.message }, `${what} will not be published`);
    return null;
  }
}

/** A checkpoint covers what was told before it: a restart does not tell it again, so it has to be durable first. */
function afterPublishing(
  checkpoints: Checkpointer,
  outboxes: readonly Pick<Outbox<unknown>, 'flush'>[],
  logger: Logger,
): Checkpointer {
  return {
    ...checkpoints,
    async take(state) {
      try {
        await Promise.all(outboxes.map((outbox) => outbox.flush()));
      } catch (error) {
        logger.warn({ err: error }, 'no checkpoint while sessions or alerts wait to be published');
        return;
      }
      await checkpoints.take(state);
    },
  };
}

function keepCheckpoints(store: CheckpointStore, setup: LedgerSetup, isOwner: () => boolean): Checkpointer {
  const { loaded, logger, failpoint } = setup;
  return createCheckpointer({
    store: armCheckpoints(store, failpoint),
    instance: loaded.config.instance.name,
    writer: randomUUID(),
    monotonicMs: () => systemClock.monotonicMs(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    isOwner,
    onWritten: (position) => logger.debug({ position: String(position) }, 'checkpoint written'),
    onFailure: (error) => logger.warn({ err: error }, 'a checkpoint could not be written, the next one covers it'),
  });
}
