import type { Batch } from 'kafkajs';
import { dueCommits, toOffsets } from '../../../src/source/kafka-commit';
import {
  byTopic,
  describePositions,
  type HeldPartition,
  isDisplaced,
  place,
  reassign,
  toRecords,
} from '../../../src/source/kafka-partitions';

const at = { topic: 't', partition: 0 };

function held(more: Partial<HeldPartition> = {}): HeldPartition {
  const unknown = { next: null, fetchFrom: null, deliveredEnd: null, committed: null };
  return { at, ...unknown, isPlaced: false, isPausedByCaller: false, movedAtMs: 0, ...more };
}

describe('where a partition goes on after a join', () => {
  it.each([
    ['at its commit when it is new', held(), 5n, 5n],
    ['at the oldest record without a commit', held(), null, 2n],
    ['behind what was delivered when it was kept', held({ next: 8n, deliveredEnd: 8n }), 5n, 8n],
    ['at the commit of a member that got further', held({ next: 6n, deliveredEnd: 6n }), 9n, 9n],
  ])('is %s', (_case, partition, committed, next) => {
    expect(place(partition, { committed, low: 2n, high: 10n })).toBeNull();
    expect(partition).toMatchObject({ next, committed, isPlaced: true });
  });

  it('is the oldest record where retention was faster, and that is a gap', () => {
    const partition = held();
    const gap = place(partition, { committed: 1n, low: 4n, high: 10n });
    expect(gap).toEqual({ at, wanted: 1n, low: 4n, high: 10n, lostRecords: 3n, isBehindDelivered: false });
    expect(partition).toMatchObject({ next: 4n, committed: 1n });
  });

  it('is the oldest record where the log was cut off, with commits free to start again', () => {
    const partition = held();
    expect(place(partition, { committed: 20n, low: 0n, high: 10n })).toMatchObject({ wanted: 20n, lostRecords: 0n });
    expect(partition).toMatchObject({ next: 0n, committed: null });
  });

  it('cannot be settled in this process when the log was cut off below what was delivered', () => {
    const partition = held({ next: 20n, deliveredEnd: 20n });
    expect(place(partition, { committed: 3n, low: 0n, high: 10n })).toMatchObject({ isBehindDelivered: true });
  });
});

describe('a new assignment', () => {
  it('keeps what stays, forgets what goes and its pause, and starts the rest afresh', () => {
    const before = reassign(new Map(), [at, { topic: 't', partition: 1 }], 1);
    for (const each of before.values()) Object.assign(each, { next: 7n, isPausedByCaller: true, isPlaced: true });
    const after = reassign(before, [at, { topic: 't', partition: 2 }], 2);
    expect(after.get('t/0')).toMatchObject({ next: 7n, isPausedByCaller: true, isPlaced: false });
    expect(after.get('t/2')).toMatchObject({ next: null, isPausedByCaller: false, isPlaced: false });
    const back = reassign(after, [{ topic: 't', partition: 1 }], 3);
    expect(back.get('t/1')).toMatchObject({ next: null, isPausedByCaller: false });
  });
});

describe('a batch', () => {
  const batchFrom = (fetchedOffset: string | undefined): Batch => ({ fetchedOffset }) as unknown as Batch;

  it.each([
    ['the place asked for', '5', false],
    ['before it, where kafkajs was sent back to', '2', true],
    ['behind what was delivered', '9', true],
    ['somewhere between the commit and what was delivered, to be passed over', '6', false],
    ['a place kafkajs does not tell', undefined, false],
  ])('from %s is displaced: %#', (_case, fetchedOffset, expected) => {
    expect(isDisplaced(batchFrom(fetchedOffset), held({ fetchFrom: 5n, next: 8n }))).toBe(expected);
  });

  it('gives the records at or above the place, with their bytes counted and the last header of a name', () => {
    const message = { timestamp: '77', attributes: 0, size: 0 };
    const batch = {
      topic: 't',
      partition: 0,
      messages: [
        { ...message, offset: '4', key: null, value: Buffer.from('old') },
        { ...message, offset: '5', key: Buffer.from('kk'), value: null },
        {
          ...message,
          offset: '6',
          key: null,
          value: Buffer.from('ä'),
          headers: { a: ['x', Buffer.from('y')], b: undefined },
        },
      ],
    } as unknown as Batch;
    const records = toRecords(batch, 5n);
    expect(records).toEqual([
      {
        topic: 't',
        partition: 0,
        offset: 5n,
        key: Buffer.from('kk'),
        value: null,
        headers: {},
        timestamp: 77,
        sizeBytes: 2,
      },
      {
        topic: 't',
        partition: 0,
        offset: 6n,
        key: null,
        value: Buffer.from('ä'),
        headers: { a: 'y' },
        timestamp: 77,
        sizeBytes: 2,
      },
    ]);
  });
});

describe('a commit', () => {
  const placed = (more: Partial<HeldPartition>): Map<string, HeldPartition> =>
    new Map([['t/0', held({ isPlaced: true, next: 10n, deliveredEnd: 10n, ...more })]]);

  it.each([
    ['above what is committed', placed({ committed: 3n }), 4n, [4n]],
    ['the first of a group', placed({}), 0n, [0n]],
    ['below what is committed', placed({ committed: 5n }), 4n, []],
    ['what is committed', placed({ committed: 4n }), 4n, []],
    ['of a partition that is not placed', placed({ isPlaced: false }), 4n, []],
    ['of all that was delivered, with markers behind it', placed({ next: 12n }), 10n, [12n]],
    ['of less than was delivered, with markers behind it', placed({ next: 12n }), 9n, [9n]],
  ])('%s', (_case, partitions, offset, expected) => {
    expect(dueCommits([{ ...at, offset }], partitions).map((due) => due.offset)).toEqual(expected);
  });

  it('of another partition is dropped', () => {
    expect(dueCommits([{ topic: 'x', partition: 0, offset: 1n }], placed({}))).toEqual([]);
  });

  it('above what was delivered is a bug, not a commit', () => {
    expect(() => dueCommits([{ ...at, offset: 11n }], placed({}))).toThrow(
      't/0 was to be committed at 11 but is read to 10',
    );
  });

  it('goes out by topic', () => {
    const due = [held(), held({ at: { topic: 't', partition: 3 } })].map((each) => ({ held: each, offset: 7n }));
    expect(toOffsets(due)).toEqual({
      topics: [
        {
          topic: 't',
          partitions: [
            { partition: 0, offset: '7' },
            { partition: 3, offset: '7' },
          ],
        },
      ],
    });
  });
});

it('positions and topics read well', () => {
  expect(describePositions([held({ next: 4n }), held()])).toBe('t/0@4, t/0@start');
  expect(byTopic([at, { topic: 'u', partition: 1 }, { topic: 't', partition: 2 }])).toEqual([
    { topic: 't', partitions: [0, 2] },
    { topic: 'u', partitions: [1] },
  ]);
});
