import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import type { KeyedRecord } from '../../domain/ledger-record';
import { createKafkaLedgerWriter } from '../../ledger/kafka';
import { ledgerMessages } from '../codecs';
import { accessOf } from '../topics';

/**
 * What a person says from the command line, written to the live ledger. Resolves when all in-sync replicas have it.
 * Rejects as `createKafkaLedgerWriter`, and with CONFIG_INVALID when the configuration names no brokers.
 */
export async function appendToLedger(
  { config }: LoadedConfig,
  environment: Environment,
  records: readonly KeyedRecord[],
): Promise<void> {
  const writer = await createKafkaLedgerWriter({
    ...accessOf(config, environment),
    topic: `${config.instance.topicPrefix}.ledger`,
    codec: ledgerMessages,
  });
  try {
    await writer.append(records);
  } finally {
    await writer.close();
  }
}
