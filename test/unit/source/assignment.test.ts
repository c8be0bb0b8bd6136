import fc from 'fast-check';
import { partitionKey, type TopicPartition } from '../../../src/domain/coordinates';
import { assignSticky } from '../../../src/source/assignment';

const partitionsOf = (count: number): TopicPartition[] =>
  Array.from({ length: count }, (_, i) => ({ topic: i % 3 === 0 ? 'b' : 'a', partition: i }));
const keys = (own: readonly TopicPartition[] | undefined): string[] => (own ?? []).map(partitionKey);

describe('an assignment', () => {
  it('gives every partition to one member, evenly, whatever the members claim and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(fc.integer({ min: -3, max: 40 }), { maxLength: 12 }), { minLength: 8, maxLength: 8 }),
        (count, ids, claims) => {
          const partitions = partitionsOf(count);
          const members = ids.map((id, i) => ({
            id,
            held: (claims[i] ?? []).map((n) => partitionKey(partitions[n] ?? { topic: 'gone', partition: n })),
          }));
          const assigned = assignSticky(partitions, members);
          const sizes = [...assigned.values()].map((own) => own.length);
          expect([...assigned.values()].flatMap(keys).sort()).toEqual(keys(partitions).sort());
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          const again = assignSticky([...partitions].reverse(), [...members].reverse());
          for (const [id, own] of assigned) expect(keys(again.get(id)).sort()).toEqual(keys(own).sort());
        },
      ),
    );
  });

  it('moves nothing when nothing has changed, and one of four partitions when a third member joins', () => {
    const partitions = partitionsOf(4);
    const first = assignSticky(partitions, [
      { id: 'x', held: [] },
      { id: 'y', held: [] },
    ]);
    const held = (id: string): string[] => keys(first.get(id));
    const members = [
      { id: 'x', held: held('x') },
      { id: 'y', held: held('y') },
    ];
    expect(assignSticky(partitions, members)).toEqual(first);
    const joined = assignSticky(partitions, [...members, { id: 'a', held: [] }]);
    const kept = ['x', 'y'].flatMap((id) => keys(joined.get(id)).filter((key) => held(id).includes(key)));
    expect(kept).toHaveLength(3);
  });
});
