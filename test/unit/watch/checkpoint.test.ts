import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckpointStore } from '../../../src/ledger/checkpoint-port';
import { createFileCheckpointStore } from '../../../src/ledger/files-checkpoints';
import { manifestsOf } from '../../../src/watch/checkpoint';
import { openManifest, sealManifest } from '../../../src/watch/checkpoint-manifest';
import type { PieceKind } from '../../../src/watch/checkpoint-pieces';
import { type Checkpointer, createCheckpointer, type CheckpointerDeps } from '../../../src/watch/checkpointer';
import { createFold } from '../../../src/watch/fold';
import { type FoldOptions, foldOptionsBody, segmentOptions, watchOptions } from '../../../src/watch/options';
import { encodeState, type FoldState } from '../../../src/watch/state';
import { createWatch } from '../../../src/watch/watch';
import { at, buildConfig, buildMarker, buildOutcome, randomOutcome } from '../../support/builders/ledger-record';
import { seededRandom } from '../../support/builders/random';
import { eventually } from '../../support/eventually';
import { createMemoryCheckpoints, type MemoryCheckpoints } from '../../support/fakes/memory-checkpoints';
import { createMemoryLedger } from '../../support/fakes/memory-ledger';

const OPTIONS: FoldOptions = {
  segments: segmentOptions.parse({ dimensions: ['product', 'locale'], maxValues: 20_000 }),
  watch: watchOptions.parse({ idWindow: 1000 }),
  criteria: ['helpful', 'grounded'],
};
const KINDS: readonly PieceKind[] = ['head', 'ids', 'segments', 'sessions', 'alerts', 'keyed'];
const fold = createFold(OPTIONS);
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function checkpointer(store: CheckpointStore, deps: Partial<CheckpointerDeps> = {}): Checkpointer {
  const fixed = { instance: 'test', writer: 'w1', oneRecordBytes: 100_000 };
  return createCheckpointer({
    store,
    ...fixed,
    monotonicMs: () => performance.now(),
    breathe,
    ...deps,
  });
}

/** A state after `records` outcomes, some of them held. */
function stateAfter(records: number, seed = 1): FoldState {
  const random = seededRandom(seed);
  const state = fold.initial();
  for (let i = 0; i < records; i++)
    fold.applyEntry(state, { position: BigInt(i), record: randomOutcome(random, at(i)) });
  const position = BigInt(records);
  fold.applyEntry(state, { position, record: buildMarker([at(records - 3)]) });
  return state;
}

/** Many segments: enough that the checkpoint takes several records. */
function largeState(segments: number): FoldState {
  const state = fold.initial();
  for (let i = 0; i < segments; i++) {
    const record = buildOutcome(at(i), { interactionId: `i-${i}`, segments: { product: `p-${i}`, locale: 'de' } });
    fold.applyEntry(state, { position: BigInt(i), record });
  }
  fold.applyEntry(state, { position: BigInt(segments), record: buildMarker([at(segments)]) });
  return state;
}

const bits = (state: FoldState | undefined): string => JSON.stringify(state && encodeState(state));

async function saved(
  state: FoldState,
  store: MemoryCheckpoints = createMemoryCheckpoints(),
): Promise<MemoryCheckpoints> {
  const checkpoints = checkpointer(store);
  await checkpoints.restore(OPTIONS);
  await checkpoints.take(state);
  await checkpoints.settled();
  return store;
}

describe('a checkpoint', () => {
  it('is one record while it is small, and gives the same bits back', async () => {
    const state = stateAfter(60);
    const store = await saved(state);
    expect(store.written).toEqual(['manifest/0']);
    const restored = await checkpointer(store).restore(OPTIONS);
    expect(bits(restored?.state)).toBe(bits(state));
    expect(restored?.skipped).toBe(0);
  });

  it('is chunks and then a manifest once it is large, and writes only the chunks that changed', async () => {
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store);
    await checkpoints.restore(OPTIONS);
    const state = largeState(3000);
    await checkpoints.take(state);
    await checkpoints.settled();
    const first = [...store.written];
    expect(first.at(-1)).toBe('manifest/0');
    expect(first.length).toBeGreaterThan(40);
    expect(bits((await checkpointer(store).restore(OPTIONS))?.state)).toBe(bits(state));

    fold.applyEntry(state, {
      position: state.position,
      record: buildOutcome(at(3000), { segments: { product: 'p-1' } }),
    });
    fold.applyEntry(state, { position: state.position, record: buildMarker([at(3001)]) });
    await checkpoints.take(state);
    await checkpoints.settled();
    // The head, the ids, one group each of `product` and `locale`, of the producer's dimensions and of the whole.
    expect(store.written.length - first.length).toBeLessThan(20);
    expect(bits((await checkpointer(store).restore(OPTIONS))?.state)).toBe(bits(state));
  });

  it('keeps the last three and removes the chunks that none of them needs', async () => {
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store);
    const state = largeState(1500);
    for (let i = 0; i < 6; i++) {
      const offset = 1500 + i;
      fold.applyEntry(state, {
        position: state.position,
        record: buildOutcome(at(offset), { interactionId: `n-${i}` }),
      });
      fold.applyEntry(state, { position: state.position, record: buildMarker([at(offset + 1)]) });
      await checkpoints.take(state);
      await checkpoints.settled();
    }
    const manifests = manifestsOf(store.records);
    expect(manifests.map(({ sequence }) => sequence)).toEqual([5, 4, 3]);
    const needed = new Set(manifests.flatMap(({ pieces }) => pieces.map(({ sha256 }) => `chunk/w1/${sha256}`)));
    expect(new Set([...store.records.keys()].filter((key) => key.startsWith('chunk/')))).toEqual(needed);
  });

  it('that is broken at any byte is passed over for the one before it, or for the ledger', async () => {
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store);
    const older = stateAfter(6);
    const olderBits = bits(older);
    await checkpoints.take(older);
    await checkpoints.settled();
    const whole = new Map(store.records);
    fold.applyEntry(older, { position: older.position, record: buildMarker([at(6)]) });
    await checkpoints.take(older);
    await checkpoints.settled();
    const newest = store.records.get('manifest/1') ?? Buffer.alloc(0);

    const restoredWith = async (bytes: Buffer | null): Promise<string> => {
      const torn = createMemoryCheckpoints();
      for (const [key, value] of whole) torn.records.set(key, value);
      if (bytes !== null) torn.records.set('manifest/1', bytes);
      return bits((await checkpointer(torn).restore(OPTIONS))?.state);
    };
    expect(await restoredWith(newest)).toBe(bits(older));
    const flippedAt = (at: number): Buffer => {
      const flipped = Buffer.from(newest);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      return flipped;
    };
    // What a reader takes for a checkpoint at all: cheap, so at every byte.
    for (let at = 0; at < newest.length; at++) {
      if (openManifest(flippedAt(at)) !== null) throw new Error(`byte ${at} changed was taken for whole`);
      if (openManifest(newest.subarray(0, at)) !== null) throw new Error(`cut at ${at} was taken for whole`);
    }
    // What it then restores from, at a byte of the seal, of what stands before the pieces, and of each piece.
    const { pieces } = openManifest(newest) ?? { pieces: [] };
    expect(new Set(pieces.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    const within = pieces.flatMap(({ sha256, inline = '' }) => [sha256, inline].map((part) => newest.indexOf(part)));
    for (const at of [0, 64, 70, ...within, newest.length - 1]) {
      expect(await restoredWith(flippedAt(at))).toBe(olderBits);
      expect(await restoredWith(newest.subarray(0, at))).toBe(olderBits);
    }
    const nothing = createMemoryCheckpoints();
    nothing.records.set('manifest/1', newest.subarray(1));
    expect(await checkpointer(nothing).restore(OPTIONS)).toBeNull();
  });

  it('that lacks a chunk, or has a changed one, is passed over', async () => {
    const store = await saved(largeState(1500));
    const key = [...store.records.keys()].find((name) => name.startsWith('chunk/')) ?? '';
    const chunk = store.records.get(key) ?? Buffer.alloc(0);
    for (const at of [0, chunk.length >> 1, chunk.length - 1]) {
      const changed = Buffer.from(chunk);
      changed[at] = (changed[at] ?? 0) ^ 1;
      store.records.set(key, changed);
      expect(await checkpointer(store).restore(OPTIONS)).toBeNull();
    }
    store.records.delete(key);
    expect(await checkpointer(store).restore(OPTIONS)).toBeNull();
  });

  it('is refused when another instance, or a later version, wrote it', async () => {
    const store = await saved(stateAfter(6));
    await expect(checkpointer(store, { instance: 'other' }).restore(OPTIONS)).rejects.toMatchObject({
      code: 'FOREIGN_LEDGER',
    });
    const [manifest] = manifestsOf(store.records);
    if (manifest === undefined) throw new Error('no manifest');
    store.records.set('manifest/1', sealManifest({ ...manifest, state: manifest.state + 1 }));
    await expect(checkpointer(store).restore(OPTIONS)).rejects.toMatchObject({ code: 'NEWER_STATE' });
    expect(store.written).toEqual(['manifest/0']);
  });

  it('of the first version of the state is read with its counts and series', async () => {
    const state = stateAfter(40);
    const store = await saved(state);
    const [manifest] = manifestsOf(store.records);
    const [head, ...rest] = manifest?.pieces ?? [];
    if (manifest === undefined || head?.inline === undefined) throw new Error('no manifest');
    const {
      config: _config,
      ignoredConfigs: _ignored,
      ...old
    } = JSON.parse(Buffer.from(head.inline, 'base64').toString()) as Record<string, unknown>;
    const bytes = Buffer.from(JSON.stringify({ ...old, version: 1 }));
    const sha = (await import('node:crypto')).createHash('sha256').update(bytes).digest('hex');
    const pieces = [{ kind: 'head' as const, sha256: sha, inline: bytes.toString('base64') }, ...rest];
    store.records.set('manifest/0', sealManifest({ ...manifest, state: 1, pieces }));
    expect(bits((await checkpointer(store).restore(OPTIONS))?.state)).toBe(bits(state));
  });

  it('that could not be written is told, and the next one makes it good', async () => {
    const store = createMemoryCheckpoints();
    const failures: unknown[] = [];
    const checkpoints = checkpointer(store, { onFailure: (failure) => void failures.push(failure) });
    store.failAfter(0);
    await checkpoints.take(stateAfter(6));
    await expect(checkpoints.settled()).rejects.toThrow('the disk is full');
    store.failAfter(null);
    const state = stateAfter(9);
    await checkpoints.take(state);
    await checkpoints.settled();
    expect(failures).toHaveLength(1);
    expect(bits((await checkpointer(store).restore(OPTIONS))?.state)).toBe(bits(state));
  });

  it('survives a crash at every record of a large one: the older one is whole', async () => {
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store);
    const state = largeState(800);
    await checkpoints.take(state);
    await checkpoints.settled();
    const before = bits(state);
    for (let offset = 800; offset < 830; offset++) {
      fold.applyEntry(state, {
        position: state.position,
        record: buildOutcome(at(offset), {
          interactionId: `n-${offset}`,
          segments: { product: `p-${(offset * 7) % 800}`, locale: 'fr' },
        }),
      });
    }
    fold.applyEntry(state, { position: state.position, record: buildMarker([at(830)]) });
    for (let survived = 0; ; survived++) {
      const torn = createMemoryCheckpoints();
      for (const [key, value] of store.records) torn.records.set(key, value);
      const second = checkpointer(torn, { writer: 'w2' });
      await second.restore(OPTIONS);
      torn.failAfter(survived);
      await second.take(state);
      const failed = await second.settled().then(
        () => false,
        () => true,
      );
      torn.failAfter(null);
      const found = bits((await checkpointer(torn).restore(OPTIONS))?.state);
      // Once the manifest is there the new one counts; what fails after that is the removal of old chunks.
      expect(found).toBe(torn.records.has('manifest/1') ? bits(state) : before);
      if (!failed) break;
    }
  });

  it('of 10,000 segments is restored with 2 s of work, and written in turns of less than 100 ms of work', async () => {
    const state = largeState(10_000);
    const store = createMemoryCheckpoints();
    // Work, not time: what else the machine does at the moment is no part of it.
    const cpuMs = (): number => process.cpuUsage().user / 1000;
    const turns: number[] = [];
    let turnBegan = 0;
    const writer = checkpointer(store, {
      breathe: async () => {
        turns.push(cpuMs() - turnBegan);
        await breathe();
        turnBegan = cpuMs();
      },
    });
    turnBegan = cpuMs();
    for (let i = 0; i < 5; i++) {
      await writer.take(state);
      await writer.settled();
    }
    const restoreBegan = cpuMs();
    const restored = await checkpointer(store).restore(OPTIONS);
    const restoreMs = cpuMs() - restoreBegan;
    const longest = turns.sort((x, y) => x - y)[Math.floor(0.99 * (turns.length - 1))] ?? Infinity;
    const bytes = [...store.records.values()].reduce((sum, { length }) => sum + length, 0);
    process.stderr.write(
      `checkpoint of 10,000 segments: ${bytes} bytes in ${turns.length} turns, p99 ${longest.toFixed(1)} ms; restored in ${restoreMs.toFixed(0)} ms of work\n`,
    );
    expect(restored?.state.position).toBe(state.position);
    expect(restoreMs).toBeLessThan(2000);
    expect(longest).toBeLessThan(100);
  });
});

describe('checkpoints in a folder', () => {
  it('are files that a crash leaves whole, and a folder that is not there is empty', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-state-'));
    const store = createFileCheckpointStore(join(folder, 'state'));
    expect([...(await store.load())]).toEqual([]);
    const state = stateAfter(20);
    const checkpoints = checkpointer(store);
    await checkpoints.take(state);
    await checkpoints.settled();
    await writeFile(join(folder, 'state', 'manifest%2F1.part'), 'torn');
    expect(bits((await checkpointer(store).restore(OPTIONS))?.state)).toBe(bits(state));
    await store.write([{ key: 'manifest/0', value: null }]);
    expect(await readdir(join(folder, 'state'))).toEqual(['manifest%2F1.part']);
    expect((await store.load()).size).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });
});

describe('a watch with checkpoints', () => {
  it('writes one every so many records, goes on from it, and writes a last one when stopped', async () => {
    const ledger = createMemoryLedger();
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store, { everyRecords: 4n });
    const watch = createWatch({ reader: ledger, fold, follow: true, checkpoints, instance: 'test' });
    watch.start();
    await ledger.append([0, 1, 2].map((offset) => buildOutcome(at(offset), { interactionId: `i-${offset}` })));
    await ledger.append([buildMarker([at(3)])]);
    await eventually(() => store.written.length === 1);
    await ledger.append([buildOutcome(at(3), { interactionId: 'i-3' }), buildMarker([at(4)])]);
    await eventually(() => watch.position() === 6n);
    expect(store.written).toHaveLength(1);
    await watch.stop();
    expect(store.written).toHaveLength(2);

    const restored = await checkpointer(store).restore(OPTIONS);
    if (restored === null) throw new Error('nothing to restore');
    const again = createWatch({ reader: ledger, fold, follow: false, restored: restored.state, instance: 'test' });
    expect(again.position()).toBe(6n);
    again.start();
    await again.done;
    expect(again.snapshot().accounting.recordsIn).toBe(4);
  });

  it('says on stopping that the last one could not be written', async () => {
    const ledger = createMemoryLedger();
    const store = createMemoryCheckpoints();
    const watch = createWatch({ reader: ledger, fold, follow: true, checkpoints: checkpointer(store) });
    watch.start();
    await ledger.append([buildMarker([at(0)])]);
    await eventually(() => watch.position() === 1n);
    store.failAfter(0);
    await expect(watch.stop()).rejects.toMatchObject({ code: 'DRAIN_FAILED', exitCode: 4 });
  });

  it('does not write while another process owns the ledger', async () => {
    const ledger = createMemoryLedger();
    const store = createMemoryCheckpoints();
    const checkpoints = checkpointer(store, { everyRecords: 1n, isOwner: () => false });
    const watch = createWatch({ reader: ledger, fold, follow: true, checkpoints });
    watch.start();
    await ledger.append([buildMarker([at(0)]), buildMarker([at(0)])]);
    await eventually(() => watch.position() === 2n);
    await watch.stop();
    expect(store.written).toEqual([]);
  });
});

describe('a config record', () => {
  const body = foldOptionsBody({
    ...OPTIONS,
    segments: { ...OPTIONS.segments, dimensions: ['locale'] },
    criteria: ['kind'],
  });

  it('changes the parameters from its place on, in every fold of the log and across a checkpoint', async () => {
    const state = fold.initial();
    const records = [
      buildOutcome(at(0), { interactionId: 'a', segments: { product: 'x', locale: 'de' } }),
      buildMarker([at(1)]),
      buildConfig({ instance: 'test', body }),
      buildOutcome(at(1), { interactionId: 'b', segments: { product: 'y', locale: 'de' } }),
      buildMarker([at(2)]),
    ];
    records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
    expect([...(state.segments.dimensions.get('product')?.keys() ?? [])]).toEqual(['x']);
    expect([...(state.segments.dimensions.get('locale')?.keys() ?? [])]).toEqual(['de']);
    expect(fold.snapshot(state).accounting.criteria['kind']?.results.scored).toBe(0);
    const restored = await checkpointer(await saved(state)).restore(OPTIONS);
    expect(bits(restored?.state)).toBe(bits(state));
    expect(restored?.state.config?.body).toBe(body);
  });

  it('of another instance, or unreadable, changes nothing but a count', () => {
    const state = fold.initial();
    const records = [
      buildConfig({ instance: 'test', body }),
      buildConfig({ instance: 'other', body: foldOptionsBody(OPTIONS) }),
      buildConfig({ instance: 'test', body: '{' }),
    ];
    records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
    expect(state.config).toMatchObject({ instance: 'test', body });
    expect(state.ignoredConfigs).toBe(2);
  });

  it('makes every other instance end with FOREIGN_LEDGER', async () => {
    const ledger = createMemoryLedger();
    await ledger.append([buildConfig({ instance: 'first', body })]);
    const watch = createWatch({ reader: ledger, fold, follow: false, instance: 'second' });
    watch.start();
    await expect(watch.done).rejects.toMatchObject({ code: 'FOREIGN_LEDGER' });
  });
});
