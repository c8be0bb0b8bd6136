import type { EpochMs } from '../domain/time';
import type { Lease } from './lease';

/** Money set aside for one item until its cost is known. */
export interface Reservation {
  /** Call once, with what the item has cost in the end, USD. */
  settle(actualUsd: number): void;
}

/** What a SCORE replica may still spend, by source partition. */
export interface LeaseMeter {
  /** An older lease than the one in hand is ignored. */
  onLease(lease: Lease): void;
  /** The partition has come to this replica: what was granted before may have been spent by another. */
  onAssigned(partition: string, now: EpochMs): void;
  /**
   * Sets the upper bound of an item's cost aside; null without a valid lease that has room for it. What is in flight
   * counts at its bound, so the lease cannot be overspent by answers that come late.
   */
  reserve(partition: string, boundUsd: number, now: EpochMs): Reservation | null;
  /** How long ago the partition was assigned, ms, while it has had no lease since; null otherwise. */
  unleasedMs(partition: string, now: EpochMs): number | null;
  /** Calls once when the partition's next lease comes; the result takes the wish back. */
  onceLeased(partition: string, listener: () => void): () => void;
}

interface Held {
  lease: Lease | null;
  /** Spent and reserved on the lease in hand, USD. */
  used: number;
  assignedAt: EpochMs;
  readonly waiting: Set<() => void>;
}

export function createLeaseMeter(): LeaseMeter {
  const partitions = new Map<string, Held>();
  const heldOf = (partition: string): Held => {
    let held = partitions.get(partition);
    if (held === undefined)
      partitions.set(partition, (held = { lease: null, used: 0, assignedAt: -Infinity, waiting: new Set() }));
    return held;
  };
  return {
    onLease(lease) {
      const held = heldOf(lease.partition);
      if (held.lease !== null && held.lease.sequence >= lease.sequence) return;
      // What is in flight on the last lease was set aside there, and WATCH still counts it as granted.
      held.lease = lease;
      held.used = 0;
      for (const listener of [...held.waiting]) listener();
      held.waiting.clear();
    },
    onAssigned(partition, now) {
      heldOf(partition).assignedAt = now;
    },
    reserve(partition, boundUsd, now) {
      const held = heldOf(partition);
      const lease = usable(held, now);
      if (lease === null || held.used + boundUsd > lease.amountUsd) return null;
      held.used += boundUsd;
      return {
        settle(actualUsd) {
          if (held.lease === lease) held.used += Math.min(actualUsd, boundUsd) - boundUsd;
        },
      };
    },
    unleasedMs(partition, now) {
      const { lease, assignedAt } = heldOf(partition);
      return assignedAt === -Infinity || (lease !== null && lease.issuedAt >= assignedAt) ? null : now - assignedAt;
    },
    onceLeased(partition, listener) {
      const { waiting } = heldOf(partition);
      waiting.add(listener);
      return () => waiting.delete(listener);
    },
  };
}

function usable({ lease, assignedAt }: Held, now: EpochMs): Lease | null {
  return lease === null || now >= lease.validUntil || lease.issuedAt < assignedAt ? null : lease;
}
