import type { LoadedConfig } from '../../config/load';
import type { TopicPartition } from '../../domain/coordinates';
import { createKafkaLedgerReader, createKafkaLedgerWriter, ledgerEnd } from '../../ledger/kafka';
import type { LedgerWriter, WrittenOffsets } from '../../ledger/port';
import { systemClock } from '../../platform/clock';
import type { KafkaAccess } from '../../source/kafka-client';
import type { Watch } from '../../watch/watch';
import { ledgerMessages } from '../codecs';
import { claimLedger, configRecordOf } from './stamp';

/** The ledger's topic, for whoever reads or writes it. */
export function ledgerOn(access: KafkaAccess, { config }: LoadedConfig): LedgerAccess {
  return { ...access, topic: `${config.instance.topicPrefix}.ledger`, codec: ledgerMessages };
}

export type LedgerAccess = Parameters<typeof createKafkaLedgerWriter>[0];

/** What a fold under this configuration stamps the ledger with. */
export function stampNow(loaded: LoadedConfig): ReturnType<typeof configRecordOf> {
  return configRecordOf(loaded, systemClock.now());
}

/** A writer for one piece of work. */
export async function withWriter(ledger: LedgerAccess, work: (writer: LedgerWriter) => Promise<void>): Promise<void> {
  const writer = await createKafkaLedgerWriter(ledger);
  try {
    await work(writer);
  } finally {
    await writer.close();
  }
}

/** For a process that does not fold: refuses the ledger of another instance before SCORE writes to it. */
export async function claimLedgerOnKafka(loaded: LoadedConfig, access: KafkaAccess): Promise<void> {
  const ledger = ledgerOn(access, loaded);
  const { groupPrefix } = loaded.config.instance;
  const reader = createKafkaLedgerReader({ ...ledger, groupPrefix: `${groupPrefix}-watch-reader` });
  await withWriter(ledger, (writer) => claimLedger(reader, writer, stampNow(loaded)));
}

/** How long an assignment waits for the fold to have read what was written before it, ms. */
const CATCH_UP_MS = 10_000;

/** What the ledger holds of a partition, once the fold has read all that was there when it was asked. */
export function writtenAccordingTo(
  watch: Watch,
  ledger: LedgerAccess,
): (at: TopicPartition) => Promise<WrittenOffsets> {
  return async (at) => {
    await within(
      CATCH_UP_MS,
      ledgerEnd(ledger, ledger.topic).then((end) => watch.reached(end)),
    );
    return watch.written(at);
  };
}

/** Resolves with the work or after the time, whichever comes first: to know less is no fault here. */
function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
