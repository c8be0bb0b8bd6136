import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import type { KeyedRecord } from '../../domain/ledger-record';
import { ledgerOn, withWriter } from './on-kafka';
import { accessOf } from '../topics';

/**
 * What a person says from the command line, written to the live ledger. Resolves when all in-sync replicas have it.
 * Rejects as `createKafkaLedgerWriter`, and with CONFIG_INVALID when the configuration names no brokers.
 */
export async function appendToLedger(
  loaded: LoadedConfig,
  environment: Environment,
  records: readonly KeyedRecord[],
): Promise<void> {
  const ledger = ledgerOn(accessOf(loaded.config, environment), loaded);
  await withWriter(ledger, (writer) => writer.append(records));
}
