import { clearSlice, createSlice, hashId, hasId, insertId } from '../ledger/id-slice';

/**
 * Recognises a producer's second copy of an interaction, to spare its judge calls. The count itself is kept right by
 * the fold, which has a longer memory; this table must only never call both copies duplicates.
 *
 * Therefore an id counts as seen once a scored line of it is durably in the ledger, not before: then no `duplicate` line
 * of an id can precede every scored line of it, whatever is revoked, crashes or is delivered twice. A copy that arrives
 * while the first is in flight waits for it.
 */
export interface RecentIds<Waiter> {
  /**
   * `first`: score it, then `settle` or `release`. `duplicate`: a scored line exists. `wait`: `waiter` comes back from
   * the `settle` or `release` of the first copy.
   */
  claim(id: string, waiter: Waiter): 'first' | 'duplicate' | 'wait';
  /** The first copy's scored line is durable; those returned are duplicates. */
  settle(id: string): readonly Waiter[];
  /** The first copy came to nothing; those returned must claim again. */
  release(id: string): readonly Waiter[];
}

const NONE: readonly never[] = [];

/**
 * Remembers at least the last `capacity / 2` settled ids and at most `capacity`, by their hashes: 12 to 24 bytes each, taken at
 * the start (2 MB for 100,000).
 */
export function createRecentIds<Waiter>(capacity: number): RecentIds<Waiter> {
  const generation = Math.max(1, Math.floor(capacity / 2));
  const inFlight = new Map<string, Waiter[] | null>();
  // Two generations instead of one ordered set: forgetting is a swap.
  let newer = createSlice(generation);
  let older = createSlice(generation);

  const take = (id: string): readonly Waiter[] => {
    const waiters = inFlight.get(id);
    inFlight.delete(id);
    return waiters ?? NONE;
  };

  return {
    claim(id, waiter) {
      const hash = hashId(id);
      if (hasId(newer, hash) || hasId(older, hash)) return 'duplicate';
      const waiters = inFlight.get(id);
      if (waiters === undefined) {
        inFlight.set(id, null);
        return 'first';
      }
      if (waiters === null) inFlight.set(id, [waiter]);
      else waiters.push(waiter);
      return 'wait';
    },
    settle(id) {
      insertId(newer, hashId(id));
      if (newer.count >= generation) {
        [older, newer] = [newer, older];
        clearSlice(newer);
      }
      return take(id);
    },
    release: take,
  };
}
