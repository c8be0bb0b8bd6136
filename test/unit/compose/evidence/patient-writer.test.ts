import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPatientWriter } from '../../../../src/compose/evidence/evidence';
import { MonitorError } from '../../../../src/domain/error';
import { silentLogger } from '../../../../src/platform/logger';
import type { EvidenceStore } from '../../../../src/store/port';
import { openSqliteStore } from '../../../../src/store/sqlite';
import { eventually } from '../../../support/eventually';
import { evidenceOf, memoryStore } from '../../../support/stored-evidence';

/** Says of every write that there is no room until told otherwise. */
function fullStore(): { readonly store: EvidenceStore; free(): void } {
  const store = memoryStore();
  let isFull = true;
  return {
    store: {
      ...store,
      write: (batch) =>
        isFull ? Promise.reject(new MonitorError('STORE_FULL', 'database or disk is full')) : store.write(batch),
    },
    free: () => (isFull = false),
  };
}

describe('a writer whose store is full', () => {
  it('says so once, keeps the batch, writes it when there is room, and says that it goes on', async () => {
    const full = fullStore();
    const { store } = full;
    const told: boolean[] = [];
    const writer = createPatientWriter(store, silentLogger, (stalled) => told.push(stalled));
    const written = writer.write(evidenceOf(1));
    await eventually(() => Promise.resolve(expect(writer.state().failures).toBeGreaterThan(1)));
    expect(told).toEqual([true]);
    expect(writer.state().problem).toContain('full');
    full.free();
    await written;
    expect(told).toEqual([true, false]);
    expect(writer.state()).toMatchObject({ written: 1, problem: '' });
    await store.close();
  });

  it('ends with the failure when it is closed before there is room', async () => {
    const { store } = fullStore();
    const writer = createPatientWriter(store, silentLogger);
    const written = writer.write(evidenceOf(1));
    writer.close();
    await expect(written).rejects.toMatchObject({ code: 'STORE_FULL' });
    await store.close();
  });

  it('meets what SQLite itself says when a file may grow no further', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-store-'));
    const options = { path: join(folder, 'evidence.db'), searchText: true, key: null };
    const store = openSqliteStore({ ...options, sizeLimitBytes: 700_000 });
    const told: boolean[] = [];
    const writer = createPatientWriter(store, silentLogger, (stalled) => told.push(stalled));
    const text = 'something to say that fills pages '.repeat(40);
    let n = 0;
    const filling = (async () => {
      for (; n < 5_000; n++) await writer.write(evidenceOf(n, { text: `${text} ${n} ${Math.sin(n)}` }));
    })();
    await eventually(() => Promise.resolve(expect(told).toEqual([true])), { timeoutMs: 20_000 });
    writer.close();
    await expect(filling).rejects.toMatchObject({ code: 'STORE_FULL' });
    // What was acknowledged is there; the batch that was refused is not there in part.
    const { interactions, verdicts } = await store.size();
    expect([interactions, verdicts]).toEqual([n, n]);
    await store.close();
    rmSync(folder, { recursive: true });
  });
});
