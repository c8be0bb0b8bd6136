import fc from 'fast-check';
import { grantLeases, heedLease, type Lease, type LeaseBook } from '../../../src/policy/lease';

const TERMS = { validMs: 60_000, settleMs: 120_000, chunkUsd: 1, leastUsd: 0.1 };

function leaseOf(sequence: number, partition = 'llm.interactions/0'): Lease {
  const issuedAt = sequence * 15_000;
  return { partition, sequence, amountUsd: 1, issuedAt, validUntil: issuedAt + TERMS.validMs, spentBefore: 0 };
}

describe('the book of a process that only follows', () => {
  it('stays small however many leases are granted', () => {
    let book: LeaseBook = new Map();
    for (let sequence = 1; sequence <= 10_000; sequence++) book = heedLease(book, leaseOf(sequence), TERMS.settleMs);
    expect(book.get('llm.interactions/0')?.length).toBeLessThanOrEqual((TERMS.validMs + TERMS.settleMs) / 15_000);
  });

  it('is the same for a lease that is no news', () => {
    const book = heedLease(new Map(), leaseOf(5), TERMS.settleMs);
    expect(heedLease(book, leaseOf(5), TERMS.settleMs)).toBe(book);
    expect(heedLease(book, leaseOf(4), TERMS.settleMs)).toBe(book);
  });

  it('holds all that whoever grants still counts on', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120_000 }), { maxLength: 60 }), (waits) => {
        let granted: LeaseBook = new Map();
        let followed: LeaseBook = new Map();
        let now = 0;
        for (const wait of waits) {
          now += wait;
          const step = grantLeases(granted, TERMS, {
            now,
            availableUsd: 1_000,
            partitions: ['a', 'b'],
            spentOn: () => 0,
          });
          granted = step.book;
          for (const lease of step.granted) followed = heedLease(followed, lease, TERMS.settleMs);
          for (const [partition, leases] of granted) {
            expect(followed.get(partition)).toEqual(expect.arrayContaining([...leases]));
          }
        }
      }),
    );
  });
});
