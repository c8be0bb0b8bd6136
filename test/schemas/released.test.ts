import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerMessages } from '../../src/compose/codecs';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import type { LedgerRecord } from '../../src/domain/ledger-record';
import { sealManifest } from '../../src/watch/checkpoint-manifest';
import { manifestsOf } from '../../src/watch/checkpoint';
import { type Checkpointer, createCheckpointer } from '../../src/watch/checkpointer';
import { createFold, type FoldSnapshot } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import { STATE_VERSION } from '../../src/watch/state';
import { createMemoryCheckpoints, type MemoryCheckpoints } from '../support/fakes/memory-checkpoints';

/** What each released version wrote, never changed afterwards. */
const FIXTURES = join(__dirname, 'fixtures');
const VERSIONS = readdirSync(FIXTURES).filter((name) => statSync(join(FIXTURES, name)).isDirectory());
const OPTIONS = { segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] };
const fold = createFold(OPTIONS);

function ledgerOf(version: string): LedgerRecord[] {
  const lines = readFileSync(join(FIXTURES, version, 'ledger.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { headers, value } = JSON.parse(line) as { headers: Record<string, string>; value: string };
    return ledgerMessages.decode(Buffer.from(value, 'base64'), headers);
  });
}

function storeOf(version: string): MemoryCheckpoints {
  const store = createMemoryCheckpoints();
  const entries = JSON.parse(readFileSync(join(FIXTURES, version, 'checkpoint.json'), 'utf8')) as [string, string][];
  for (const [key, value] of entries) store.records.set(key, Buffer.from(value, 'base64'));
  return store;
}

function checkpointerOn(store: MemoryCheckpoints): Checkpointer {
  const clock = { monotonicMs: () => 0, breathe: () => Promise.resolve() };
  return createCheckpointer({ store, instance: 'fixture', writer: 'test', ...clock });
}

function folded(records: readonly LedgerRecord[]): FoldSnapshot {
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  return fold.snapshot(state);
}

describe.each(VERSIONS)('what version %s wrote', (version) => {
  it('is a ledger that is read, line by line, and adds up', () => {
    const { accounting } = folded(ledgerOf(version));
    expect(accounting).toMatchObject({ recordsIn: 4, interactions: 3, replays: { judged: 1 } });
    expect(accounting.records).toMatchObject({ dead_lettered: 1, behaviour: 1 });
  });

  it('is a checkpoint that gives the same figures as its ledger', async () => {
    const restored = await checkpointerOn(storeOf(version)).restore(OPTIONS);
    if (restored === null) throw new Error('it is not restored');
    const { accounting, estimates, watermarks, position } = fold.snapshot(restored.state);
    const fresh = folded(ledgerOf(version));
    expect({ accounting, estimates, watermarks, position }).toEqual({
      accounting: fresh.accounting,
      estimates: fresh.estimates,
      watermarks: fresh.watermarks,
      position: fresh.position,
    });
  });

  it('is a configuration that loads', () => {
    const loaded = loadMonitorConfig({ files: [join(FIXTURES, version, 'plumbline.yaml')], env: {} });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });
});

describe('what a later version wrote', () => {
  it('is refused before anything is written', async () => {
    const store = storeOf(VERSIONS.at(-1) ?? '');
    const [manifest] = manifestsOf(store.records);
    if (manifest === undefined) throw new Error('no manifest');
    store.records.set('manifest/0', sealManifest({ ...manifest, state: STATE_VERSION + 1 }));
    const before = new Map(store.records);
    await expect(checkpointerOn(store).restore(OPTIONS)).rejects.toMatchObject({ code: 'NEWER_STATE' });
    expect(store.records).toEqual(before);
  });
});
