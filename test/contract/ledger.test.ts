import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileLedgerReader, createFileLedgerWriter } from '../../src/ledger/files';
import { createMemoryLedger } from '../support/fakes/memory-ledger';
import { jsonCodec } from '../support/json-codec';
import { ledgerContract } from './ledger-suite';

ledgerContract('in memory', () => {
  const ledger = createMemoryLedger();
  return Promise.resolve({
    openWriter: () => Promise.resolve(ledger),
    reader: () => ledger,
    close: () => Promise.resolve(),
  });
});

ledgerContract('in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const path = join(folder, 'data', 'ledger.jsonl');
  return Promise.resolve({
    openWriter: () => createFileLedgerWriter({ path, codec: jsonCodec }),
    reader: () => createFileLedgerReader({ path, codec: jsonCodec, pollMs: 5 }),
    close: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});
