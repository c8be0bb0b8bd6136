import type { HeldPartition } from './kafka-partitions';

export interface WatchdogOptions {
  /** Milliseconds without any movement, with records waiting, that count as a stall. */
  readonly stallMs: number;
  readonly monotonicMs: () => number;
  /** Partitions that ought to be moving. */
  readonly moving: () => readonly HeldPartition[];
  /** The next offset to be written, by partition. Its rejection says nothing about the consumer: no verdict then. */
  readonly highOf: (held: HeldPartition) => Promise<bigint | undefined>;
  readonly onStall: (held: HeldPartition, waitingRecords: bigint, quietMs: number) => void;
}

/**
 * Looks every quarter of `stallMs` whether a partition stands still although it has records: kafkajs has ways to go on
 * sending heartbeats and fetch nothing (kafkajs #659, #1163). Returns the function that ends it.
 */
export function startWatchdog({ stallMs, monotonicMs, moving, highOf, onStall }: WatchdogOptions): () => void {
  const look = async (held: HeldPartition): Promise<void> => {
    const quietMs = monotonicMs() - held.movedAtMs;
    const { next } = held;
    if (quietMs < stallMs || next === null) return;
    const high = await highOf(held).catch(() => undefined);
    // It may have moved while we asked.
    if (high === undefined || held.next !== next) return;
    if (high > next) onStall(held, high - next, quietMs);
    else held.movedAtMs = monotonicMs();
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void Promise.all(moving().map(look)).finally(() => (isLooking = false));
  }, stallMs / 4);
  timer.unref();
  return () => clearInterval(timer);
}
