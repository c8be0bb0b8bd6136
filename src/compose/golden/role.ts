import { createKafkaLedgerWriter, ledgerEnd } from '../../ledger/kafka';
import { electLedgerOwner } from '../../ledger/kafka-owner';
import type { Tracing } from '../../outputs/otel';
import { systemClock } from '../../platform/clock';
import type { Watch } from '../../watch/watch';
import { armLedger } from '../failpoints';
import { ledgerOn } from '../ledger/on-kafka';
import { followLedger, type LedgerSetup } from '../watching';
import { createGoldenJudges } from './judges';
import { createGoldenKeeper } from './keeper';
import { configuredSet } from './run';

export interface GoldenSetup extends LedgerSetup {
  readonly tracing: Pick<Tracing, 'observeJudgeClient'>;
  /** The fold of this process; null where it has none, and then one is started. */
  readonly watch: Watch | null;
}

export interface GoldenRole {
  /** Rejects when the ledger cannot be followed any further. */
  readonly done: Promise<void>;
}

const TICK_MS = 1_000;

/**
 * GOLDEN on Kafka: of all processes with this role one is elected, and makes what is due. A newly elected one first waits
 * as long as a call of the one before it can take, and reads what that brought, so that no item is asked about twice.
 * Rejects with FILE_UNREADABLE or CONFIG_INVALID for a set that cannot be used.
 */
export async function startGolden(setup: GoldenSetup): Promise<GoldenRole> {
  const { loaded, access, logger, closers, metrics, tracing } = setup;
  const { config } = loaded;
  const set = await configuredSet(loaded);
  const watch = setup.watch ?? (await followLedger(setup));
  const ledger = ledgerOn(access, loaded);
  const writer = armLedger(await createKafkaLedgerWriter(ledger), setup.failpoint);
  closers.add(() => writer.close());
  const judges = createGoldenJudges(loaded, tracing, metrics.onJudgeCall);
  closers.add(() => judges.close());

  const stopping = new AbortController();
  let term = 0;
  let ownedTerm = -1;
  const keeper = createGoldenKeeper({
    loaded,
    set,
    judges,
    view: () => watch.snapshot(),
    append: (records) => writer.append(records),
    isOwner: () => ownedTerm === term,
    now: () => systemClock.now(),
    logger,
    signal: stopping.signal,
  });
  const graceMs = Math.max(...config.judges.map(({ timeoutMs }) => timeoutMs));
  const takeOver = async (): Promise<void> => {
    const elected = ++term;
    await pause(graceMs, stopping.signal);
    await watch.reached(await ledgerEnd(ledger, ledger.topic));
    if (elected !== term || stopping.signal.aborted) return;
    ownedTerm = elected;
    logger.info({ set: set.name, seal: set.seal.slice(0, 12), items: set.items.length }, 'makes the golden runs');
  };
  const election = electLedgerOwner({
    ...access,
    topic: ledger.topic,
    groupId: `${config.instance.groupPrefix}-golden`,
    onOwned: () => {
      takeOver().catch((error: unknown) => logger.warn({ err: error }, 'golden runs could not be taken over'));
    },
    onLost: () => {
      term += 1;
      logger.info({}, 'golden runs have gone to another process');
    },
    onGone: (error) => logger.error({ err: error }, 'cannot make golden runs any more'),
  });
  closers.add(() => election.stop());
  const tick = (): void => {
    keeper.tick().catch((error: unknown) => logger.warn({ err: error }, 'a golden run was cut short'));
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  closers.add(async () => {
    clearInterval(timer);
    stopping.abort();
    await keeper.tick().catch(() => {});
  });
  await election.started;
  return { done: watch.done };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
