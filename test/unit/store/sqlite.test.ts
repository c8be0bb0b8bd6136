import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite';
import type { EvidenceStore } from '../../../src/store/port';
import { buildOutcomeCriterion } from '../../support/builders/ledger-record';
import { evidenceOf, fill, memoryStore, outcomeLine } from '../../support/stored-evidence';

describe('the evidence store', () => {
  let store: EvidenceStore;
  beforeEach(() => (store = memoryStore()));
  afterEach(() => store.close());

  it('gives back the winning verdict, whichever of ledger and verdict came first', async () => {
    const { verdicts, entries } = evidenceOf(1);
    await store.write({ entries });
    expect((await store.interaction('i-1'))?.verdictJson).toBeNull();
    await store.write({ verdicts });
    expect((await store.interaction('i-1'))?.verdictJson).toBe(verdicts[0]!.json);
  });

  it('shows no attempt that lost', async () => {
    const lost = evidenceOf(1, { item: { verdictId: 'lost' } });
    const won = evidenceOf(1, { item: { verdictId: 'won' } });
    await store.write({ verdicts: lost.verdicts });
    await store.write({ verdicts: won.verdicts });
    await store.write({ entries: won.entries });
    await store.write({ verdicts: lost.verdicts, entries: lost.entries });
    expect((await store.interaction('i-1'))?.verdictJson).toBe(won.verdicts[0]!.json);
    expect(await store.size()).toMatchObject({ interactions: 1, verdicts: 1 });
  });

  it('is the same after any batch is written twice', async () => {
    for (const _ of [1, 2]) await fill(store, 0, 20);
    expect(await store.size()).toMatchObject({ interactions: 20, verdicts: 20 });
    const buckets = await store.series('all', 'helpful', 0, 1e9);
    expect(buckets.reduce((sum, { n }) => sum + n, 0)).toBe(20);
  });

  it('pages through every interaction once, in order', async () => {
    await fill(store, 0, 45);
    const seen: string[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await store.interactions({}, 'recent', { limit: 10, after: after ?? undefined });
      seen.push(...page.rows.map(({ interactionId }) => interactionId));
      after = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `i-${44 - n}`));
  });

  it('finds by segment, cross, score, check, words and conversation', async () => {
    const segments = (n: number): Record<string, string> => ({ product: n % 2 === 0 ? 'a' : 'b', locale: 'de' });
    const low = buildOutcomeCriterion({ cheapScore: 0.1, pass: false, estimatorValue: 0.1 });
    await fill(store, 0, 10, (n) => ({ segments: segments(n), ...(n === 4 ? { criteria: [low] } : {}) }));
    await store.write(evidenceOf(10, { text: 'the battery lasts', item: { segments: segments(10) } }));
    await store.write({
      entries: [
        outcomeLine(11, { interactionId: 'cut', checks: [{ check: 'truncated', result: 'fail' }], segments: {} }),
      ],
    });
    const ids = async (filter: Parameters<EvidenceStore['interactions']>[0]): Promise<string[]> =>
      (await store.interactions(filter, 'recent', { limit: 50 })).rows.map(({ interactionId }) => interactionId);
    expect((await ids({ segment: 'product=b' })).length).toBe(5);
    expect((await ids({ segment: 'product+locale=a+de' })).length).toBe(6);
    expect(await ids({ criterion: 'helpful', result: 'fail' })).toEqual(['i-4']);
    expect(await ids({ maxScore: 0.2 })).toEqual(['i-4']);
    expect(await ids({ check: 'truncated' })).toEqual(['cut']);
    expect(await ids({ text: 'BATTERY lasts' })).toEqual(['i-10']);
    expect(await ids({ text: 'battery OR "' })).toEqual([]);
    expect(await ids({ conversation: 'c-3' })).toEqual(['i-3']);
    expect(await ids({ segment: 'product=nobody' })).toEqual([]);
  });

  it('keeps the last revision of a record with a key', async () => {
    const annotation = (text: string, position: bigint): Parameters<EvidenceStore['write']>[0] => ({
      entries: [
        {
          position,
          record: {
            kind: 'annotation',
            key: 'annotation/x',
            recordedAt: 5,
            annotation: {
              id: 'x',
              kind: 'release',
              at: 5,
              until: null,
              text,
              author: 'a',
              segments: {},
              withdrawn: false,
            },
          },
        },
      ],
    });
    await store.write(annotation('second', 9n));
    await store.write(annotation('first', 3n));
    expect((await store.annotations(0, 10)).map(({ text }) => text)).toEqual(['second']);
  });

  it('forgets what is too old, and the oldest when it is too large', async () => {
    await fill(store, 0, 100);
    expect(await store.retain({ now: 100_000, maxAgeMs: 60_000, maxBytes: 1e12 })).toBe(40);
    expect((await store.size()).oldest).toBe(40_000);
    await store.retain({ now: 100_000, maxAgeMs: 60_000, maxBytes: 1 });
    expect((await store.size()).interactions).toBe(0);
  });

  it('takes more once a full file has been brought down to its size', async () => {
    await store.close();
    store = memoryStore({ sizeLimitBytes: 1_200_000 });
    const text = 'word '.repeat(500);
    const write = async (n: number): Promise<unknown> => store.write(evidenceOf(n, { text }));
    let n = 0;
    await expect(async () => {
      for (; n < 1_000; n++) await write(n);
    }).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await store.retain({ now: 1e6, maxAgeMs: 1e9, maxBytes: 1_000_000 })).toBeLessThan(0.4 * n);
    expect((await store.size()).bytes).toBeLessThanOrEqual(1_000_000);
    await write(n);
    expect(await store.interaction(`i-${n}`)).not.toBeNull();
  });

  it('keeps sums by hour for 400 days, and not beside what is too large by itself', async () => {
    const DAY_MS = 86_400_000;
    const retain = (days: number, maxBytes = 1e12): Promise<number> =>
      store.retain({ now: days * DAY_MS, maxAgeMs: 30 * DAY_MS, maxBytes });
    const counted = async (): Promise<number> => {
      const buckets = await store.series('all', 'helpful', 0, 500 * DAY_MS);
      return buckets.reduce((sum, { n }) => sum + n, 0);
    };
    await fill(store, 0, 3, (n) => ({ occurredAt: n * DAY_MS }));
    await retain(399);
    expect(await counted()).toBe(3);
    await retain(401.5);
    expect(await counted()).toBe(1);
    await retain(401.5, 1);
    expect(await counted()).toBe(0);
  });

  it('knows a conversation again of which everything was deleted in between', async () => {
    await fill(store, 0, 1);
    await store.retain({ now: 1e9, maxAgeMs: 1, maxBytes: 1e12 });
    // Its number may have gone to another by now.
    await fill(store, 1, 2);
    await store.write(evidenceOf(2, { item: { conversationId: 'c-0' } }));
    expect((await store.interaction('i-2'))?.row.conversationId).toBe('c-0');
  });

  it('knows all of the cells that a flood of segment values makes, though it holds few', async () => {
    const cells = 15_000;
    const segments = (n: number): Record<string, string> => ({ tenant: `t-${n}` });
    const entries = Array.from({ length: cells }, (_, n) => {
      return outcomeLine(n, { interactionId: `i-${n}`, conversationId: 'c', segments: segments(n), criteria: [] });
    });
    await store.write({ entries });
    const found = await store.interactions({ segment: 'tenant=t-7' }, 'recent', { limit: 5 });
    expect(found.rows.map(({ interactionId, cell }) => [interactionId, cell.segments])).toEqual([['i-7', segments(7)]]);
  });
});

describe('erasing', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'store-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Every byte of every file. */
  function bytes(): Buffer {
    return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  }

  it('leaves no plaintext in any file, and a late replay does not bring it back', async () => {
    const store = openSqliteStore({ path: join(folder, 'e.db'), searchText: true, key: null });
    await fill(store, 0, 50);
    const secret = evidenceOf(99, { text: 'zanzibarword told me', item: { userHash: 'user-hash-77' } });
    await store.write(secret);
    expect(bytes().includes('zanzibarword')).toBe(true);
    const erased = await store.erase({ kind: 'user', ids: ['user-hash-77'], at: 1 });
    expect(erased).toMatchObject({ verdicts: 1, interactions: [{ interactionId: 'i-99', conversationId: 'c-99' }] });
    expect(bytes().includes('zanzibarword')).toBe(false);
    expect(bytes().includes('user-hash-77')).toBe(false);
    expect(await store.write(secret)).toEqual({ items: 0, verdicts: 0, refused: 2 });
    expect(await store.interaction('i-99')).toBeNull();
    expect((await store.size()).interactions).toBe(50);
    await store.close();
  });

  it('works by conversation, also where only the verdict has come', async () => {
    const store = openSqliteStore({ path: join(folder, 'e.db'), searchText: true, key: null });
    const { verdicts, entries } = evidenceOf(1, { text: 'zanzibarword' });
    await store.write({ verdicts });
    expect((await store.erase({ kind: 'conversation', ids: ['c-1'], at: 1 })).verdicts).toBe(1);
    expect(bytes().includes('zanzibarword')).toBe(false);
    expect((await store.write({ verdicts, entries })).refused).toBe(2);
    await store.close();
  });

  it('keeps nothing readable without the key', async () => {
    const path = join(folder, 'e.db');
    const key = Buffer.alloc(32, 7);
    const store = openSqliteStore({ path, searchText: true, key });
    const { verdicts, entries } = evidenceOf(1, { text: 'zanzibarword' });
    await store.write({ verdicts, entries });
    expect((await store.interaction('i-1'))?.verdictJson).toBe(verdicts[0]!.json);
    await store.close();
    expect(bytes().includes('zanzibarword')).toBe(false);
    const other = openSqliteStore({ path, searchText: true, key: Buffer.alloc(32, 8) });
    await expect(other.interaction('i-1')).rejects.toThrow();
    await other.close();
  });
});

describe('a store without room', () => {
  it('rejects the batch whole with STORE_FULL, and takes it once there is room', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'));
    const options = { path: join(folder, 'e.db'), searchText: true, key: null };
    const small = openSqliteStore({ ...options, sizeLimitBytes: 400_000 });
    await fill(small, 0, 5);
    const text = Array.from({ length: 20_000 }, (_, n) => createHash('sha256').update(String(n)).digest('hex')).join(
      ' ',
    );
    const large = evidenceOf(6, { text });
    await expect(small.write({ ...large, positions: { feed: '6' } })).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await small.size()).toMatchObject({ interactions: 5, verdicts: 5 });
    expect(await small.position('feed')).toBeNull();
    await fill(small, 5, 6);
    await small.close();
    const roomy = openSqliteStore(options);
    await roomy.write({ ...large, positions: { feed: '6' } });
    expect((await roomy.interaction('i-6'))?.verdictJson).toBe(large.verdicts[0]!.json);
    await roomy.close();
    await rm(folder, { recursive: true, force: true });
  });
});
