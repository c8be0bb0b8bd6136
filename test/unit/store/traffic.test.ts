import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite';
import { openDatabase } from '../../../src/store/sqlite-database';
import { evidenceOf, memoryStore } from '../../support/stored-evidence';

const HOUR = 3_600_000;

const interactions = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 6 * HOUR }),
    product: fc.constantFrom('a', 'b'),
    conversation: fc.integer({ min: 0, max: 9 }),
    sampled: fc.boolean(),
    upstream: fc.constantFrom(1, 0.5, 0.25),
    failed: fc.boolean(),
  }),
  { maxLength: 40 },
);
const edge = fc.oneof(fc.integer({ min: 0, max: 6 * HOUR }), fc.constantFrom(0, HOUR, 3 * HOUR));

describe('the traffic of a window', () => {
  it('is what a count of its interactions gives, wherever it begins and ends', async () => {
    await fc.assert(
      fc.asyncProperty(interactions, edge, edge, async (all, from, to) => {
        const store = memoryStore();
        const opened = new Set<number>();
        const expected = new Map<string, number[]>();
        for (const [n, one] of all.entries()) {
          const opens = !opened.has(one.conversation);
          opened.add(one.conversation);
          await store.write(
            evidenceOf(n, {
              item: {
                conversationId: `c-${one.conversation}`,
                occurredAt: one.at,
                segments: { product: one.product },
                sampled: one.sampled,
                upstreamProbability: one.upstream,
                checks: one.failed ? [{ check: 'truncated', result: 'fail' }] : [],
              },
            }),
          );
          if (one.at < from || one.at >= to) continue;
          const sums = expected.get(one.product) ?? [0, 0, 0, 0, 0];
          const stands = 1 / one.upstream;
          const terms = [1, stands, opens ? stands : 0, one.sampled ? 1 : 0, one.failed ? 1 : 0];
          expected.set(
            one.product,
            sums.map((sum, i) => sum + terms[i]!),
          );
        }
        const found = (await store.traffic(from, to)).map((one) => [
          one.cell.segments['product'],
          [one.interactions, one.population, one.conversations, one.sampled, one.failedChecks['truncated'] ?? 0],
        ]);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
        await store.close();
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});

describe('a store of an older version', () => {
  it('is emptied and becomes another store, to be filled again from the beginning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'older-store-'));
    try {
      const path = join(folder, 'evidence.db');
      const first = openSqliteStore({ path, searchText: true, key: null });
      await first.write(evidenceOf(1));
      await first.close();
      const db = openDatabase(path);
      db.exec('PRAGMA user_version = 1');
      db.close();
      const second = openSqliteStore({ path, searchText: true, key: null });
      expect(second.id).not.toBe(first.id);
      expect((await second.size()).interactions).toBe(0);
      expect(await second.write(evidenceOf(1))).toMatchObject({ items: 1, verdicts: 1 });
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
