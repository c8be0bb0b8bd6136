/**
 * What golden runs may still spend. Every call reserves the most that it can cost before it is made, so the limit holds
 * whatever is in flight.
 */
export interface GoldenReserve {
  /** False when the call might exceed the limit; then nothing is reserved. */
  take(boundUsd: number): boolean;
  /** The call is over and did cost so much. */
  settle(boundUsd: number, costUsd: number): void;
  leftUsd(): number;
}

/** @param limitUsd Infinity = no limit. @param spentUsd what this month's runs have cost already. */
export function createGoldenReserve(limitUsd: number, spentUsd: number): GoldenReserve {
  let held = 0;
  let spent = spentUsd;
  return {
    take(boundUsd) {
      if (spent + held + boundUsd > limitUsd) return false;
      held += boundUsd;
      return true;
    },
    settle(boundUsd, costUsd) {
      held -= boundUsd;
      spent += costUsd;
    },
    leftUsd: () => Math.max(0, limitUsd - spent - held),
  };
}

/** The calendar month (UTC) that a moment is in, e.g. `2026-11`. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}
