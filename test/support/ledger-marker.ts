import type { LedgerRecord } from '../../src/domain/ledger-record';

/** The smallest ledger record there is, told apart by its stamp. */
export function ledgerMarker(recordedAt: number): LedgerRecord {
  const positions = [{ topic: 'llm.interactions', partition: 0, offset: 3n, eventTime: null, idle: false }];
  return { kind: 'marker', recordedAt, positions, final: false };
}
