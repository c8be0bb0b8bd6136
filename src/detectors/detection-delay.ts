/** Information per item of a drop: (drop)^2 / (2 variance), the normal approximation, in nats. */
export function informationPerItem(drop: number, variance: number): number {
  return (drop * drop) / (2 * variance);
}

/** Information per item of a pass rate falling from `before` to `after`, both in (0, 1): KL(after || before), nats. */
export function passRateInformation(before: number, after: number): number {
  return after * Math.log(after / before) + (1 - after) * Math.log((1 - after) / (1 - before));
}

/**
 * Expected items until the alarm, for the planning screen. Within about 10 % for pass/fail streams; optimistic by a
 * third when the drop exceeds one standard deviation. Null when threshold times information is too small to say (<= 1
 * fresh, <= e^1.3 running).
 *
 * @param threshold A, mean items between false alarms; @param information per item, > 0, from the functions above;
 * @param isFresh true when the detector starts at the change, false when it has been running (its usual state).
 *
 * Source: first-order delay ln(A)/I, Lorden 1971, with the constants fitted by simulation of this detector.
 */
export function expectedDelay(threshold: number, information: number, isFresh: boolean): number | null {
  const log = Math.log(threshold * information) - (isFresh ? 0 : 1.3);
  return log <= 0 ? null : log / information;
}

/** Factor by which a baseline learned from n items slows a detector with known-baseline delay T: about 1 + 2.5 T / n. */
export function learnedBaselineFactor(delay: number, referenceSize: number): number {
  return 1 + (2.5 * delay) / referenceSize;
}

export interface Visibility {
  /** Level before the change, in [0, 1]; no drop is larger. */
  readonly mean: number;
  readonly variance: number;
  /** A of the detector, items between false alarms. */
  readonly threshold: number;
  /** Items that come within the time in question. */
  readonly items: number;
  /** Items of the learned baseline. */
  readonly referenceSize: number;
}

/** Smallest drop that a running detector would show within so many items, on average; null where none would. */
export function smallestVisibleDrop({ mean, variance, threshold, items, referenceSize }: Visibility): number | null {
  const isSeen = (drop: number): boolean => {
    const information = informationPerItem(drop, Math.max(1e-4, variance));
    const delay = expectedDelay(threshold, information, false);
    return delay !== null && delay * learnedBaselineFactor(delay, referenceSize) <= items;
  };
  let [low, high] = [0, mean];
  if (!isSeen(high)) return null;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return high;
}
