/**
 * The contiguous watermark of one partition: work finishes in any order, the position only ever names an offset below
 * which all is done. Memory grows with what is in flight and nothing else.
 *
 * `start(5) start(6) start(9) done(9) done(5)` leaves the position at 6; after `done(6)` it is 10. Offsets that were
 * never delivered (compaction, transaction markers: 7 and 8 here) need no handling, as only started ones are waited for.
 */
export interface Watermark {
  /** Marks an offset as in flight. Throws unless it is above every offset started before: delivery is in order. */
  start(offset: bigint): void;
  /** Marks a started offset as finished. Again is no fault; an offset that was never started throws. */
  done(offset: bigint): void;
  /** The next offset to read if all ended now; null until something was started. Never decreases. */
  position(): bigint | null;
  /** Started offsets that are not done, including those the position has to wait for. */
  pending(): number;
}

/** Below this many settled entries at its front the queue is not worth copying. */
const COMPACT_AT = 1024;

export function createWatermark(): Watermark {
  let started: bigint[] = [];
  let head = 0;
  let highest: bigint | null = null;
  /** Done, but above an offset that is not. */
  const waiting = new Set<bigint>();

  const advance = (): void => {
    for (let first = started[head]; first !== undefined && waiting.delete(first); first = started[head]) head += 1;
    if (head < COMPACT_AT || head * 2 < started.length) return;
    started = started.slice(head);
    head = 0;
  };

  return {
    start(offset) {
      if (highest !== null && offset <= highest) {
        throw new Error(`offset ${offset} was started after ${highest}; a partition is delivered in offset order`);
      }
      highest = offset;
      started.push(offset);
    },
    done(offset) {
      const first = started[head];
      if (waiting.has(offset)) return;
      if (first === undefined || offset < first) {
        if (highest !== null && offset <= highest) return;
        throw neverStarted(offset);
      }
      if (offset !== first && !isStarted(started, head, offset)) throw neverStarted(offset);
      waiting.add(offset);
      if (offset === first) advance();
    },
    position() {
      const first = started[head];
      if (first !== undefined) return first;
      return highest === null ? null : highest + 1n;
    },
    pending: () => started.length - head - waiting.size,
  };
}

function neverStarted(offset: bigint): Error {
  return new Error(`offset ${offset} was never started`);
}

/** Binary search in the ascending part from `head` on. */
function isStarted(started: readonly bigint[], head: number, offset: bigint): boolean {
  let low = head;
  let high = started.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const seen = started[middle];
    if (seen === undefined || seen === offset) return seen !== undefined;
    if (seen < offset) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
