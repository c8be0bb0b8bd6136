import type { EpochMs } from '../domain/time';

/**
 * Leave to spend on the records of one source partition. WATCH grants it, the SCORE replica that holds the partition
 * spends it; without a valid one it runs checks only.
 */
export interface Lease {
  /** `topic/partition`. */
  readonly partition: string;
  /** Grows with every lease of the partition. */
  readonly sequence: number;
  readonly amountUsd: number;
  /** Times of the fold's clock, that is of markers. */
  readonly issuedAt: EpochMs;
  readonly validUntil: EpochMs;
  /** What the partition's records had cost, by the ledger, when it was granted, USD. */
  readonly spentBefore: number;
}

/** All leases that may still be spent, or whose spending may not have reached the ledger; by partition, oldest first. */
export type LeaseBook = ReadonlyMap<string, readonly Lease[]>;

export interface LeaseTerms {
  /** How long a lease is valid, ms. */
  readonly validMs: number;
  /** How long after a lease has ended its spending may still arrive in the ledger: the deadline of an item, ms. */
  readonly settleMs: number;
  /** Amount of one lease, USD. */
  readonly chunkUsd: number;
  /** Where there is not enough for all, the first get this much rather than each too little, USD. */
  readonly leastUsd: number;
}

export interface LeaseAccounts {
  readonly now: EpochMs;
  /** What all partitions together may still spend by the ledger, USD. */
  readonly availableUsd: number;
  /** Partitions that markers speak of. */
  readonly partitions: readonly string[];
  /** What a partition's records have cost by the ledger, USD. */
  readonly spentOn: (partition: string) => number;
}

/** Below this a lease buys nothing and only costs a record, USD. */
const SMALLEST_USD = 1e-6;

/**
 * Grants what is due. Whatever was granted and is neither in the ledger nor lapsed counts as spent, so all leases
 * together never promise more than is available. A partition gets its next lease when half of the last is used or a
 * quarter of its time is over, so one that has gone to another replica does not wait long for a lease of its own.
 */
export function grantLeases(
  book: LeaseBook,
  terms: LeaseTerms,
  { now, availableUsd, partitions, spentOn }: LeaseAccounts,
): { readonly book: LeaseBook; readonly granted: readonly Lease[] } {
  const open = new Map<string, readonly Lease[]>();
  for (const [partition, leases] of book) {
    const left = leases.filter(({ validUntil }) => validUntil + terms.settleMs > now);
    if (left.length > 0) open.set(partition, left);
  }
  let room = availableUsd;
  for (const [partition, leases] of open) room -= outstanding(leases, spentOn(partition));
  const due = partitions.filter((partition) => isDue(open.get(partition) ?? [], terms, now, spentOn(partition)));
  const granted: Lease[] = [];
  for (const [index, partition] of due.entries()) {
    const amountUsd = Math.min(terms.chunkUsd, Math.max(terms.leastUsd, room / (due.length - index)), room);
    if (amountUsd < SMALLEST_USD) continue;
    const last = book.get(partition)?.at(-1);
    const lease: Lease = {
      partition,
      sequence: Math.max(now, (last?.sequence ?? 0) + 1),
      amountUsd,
      issuedAt: now,
      validUntil: now + terms.validMs,
      spentBefore: spentOn(partition),
    };
    room -= amountUsd;
    granted.push(lease);
    open.set(partition, [...(open.get(partition) ?? []), lease]);
  }
  return { book: open, granted };
}

/**
 * The book with a lease that somebody has granted, and of its partition without those whose spending has long reached the
 * ledger: a process that only follows grants nothing, so nothing else would ever take them out. The same book for a lease
 * that is no news.
 */
export function heedLease(book: LeaseBook, lease: Lease, settleMs: number): LeaseBook {
  const known = book.get(lease.partition) ?? [];
  if (known.some(({ sequence }) => sequence >= lease.sequence)) return book;
  const open = known.filter(({ validUntil }) => validUntil + settleMs > lease.issuedAt);
  return new Map(book).set(lease.partition, [...open, lease]);
}

/** Granted and not yet in the ledger, USD: since the oldest open lease began, so what is in flight stays covered. */
export function outstanding(leases: readonly Lease[], spent: number): number {
  const oldest = leases[0];
  if (oldest === undefined) return 0;
  const granted = leases.reduce((sum, { amountUsd }) => sum + amountUsd, 0);
  return Math.max(0, granted - (spent - oldest.spentBefore));
}

function isDue(leases: readonly Lease[], { validMs }: LeaseTerms, now: EpochMs, spent: number): boolean {
  const last = leases.at(-1);
  if (last === undefined) return true;
  return now - last.issuedAt >= validMs / 4 || spent - last.spentBefore > last.amountUsd / 2;
}
