import type { LeaseMeter } from './lease-meter';

/** A sum that may be spent on whatever partition and at any time: a lease without an end, for work that an operator starts. */
export function createPurse(amountUsd: number): LeaseMeter {
  let leftUsd = amountUsd;
  return {
    onLease: () => {},
    onAssigned: () => {},
    reserve(_partition, boundUsd) {
      if (boundUsd > leftUsd) return null;
      leftUsd -= boundUsd;
      return { settle: (actualUsd) => void (leftUsd += boundUsd - Math.min(actualUsd, boundUsd)) };
    },
    unleasedMs: () => null,
    onceLeased: () => () => {},
  };
}
