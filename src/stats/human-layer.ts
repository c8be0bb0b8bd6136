import { pseudoOutcome } from './aipw';

/** What is known of one item: the cheap score always, the ensemble's when escalated, a human's when also labelled. */
export interface LayeredItem {
  /** Cheap judge's score in [0, 1]. */
  readonly cheap: number;
  /** Ensemble's score, null when not escalated; escalated with probability `pi` in (0, 1]. */
  readonly ensemble: number | null;
  readonly pi: number;
  /** Human score, null when not labelled; labelled with probability `q` in (0, 1] among escalated items. */
  readonly human: number | null;
  readonly q: number;
}

/**
 * Pseudo-outcome whose expectation over both draws is the human score: that of `pseudoOutcome` plus
 * (human - ensemble) / (pi q) for labelled items. A label of an item that was not escalated counts for nothing.
 * Source: the AIPW correction of aipw.ts applied a second time (telescoping).
 */
export function humanPseudoOutcome(item: LayeredItem): number {
  return pseudoOutcome(item.cheap, item.ensemble, item.pi) + humanCorrection(item);
}

/** The second layer alone: its mean estimates "human minus ensemble" over all items. */
export function humanCorrection(item: LayeredItem): number {
  if (item.ensemble === null || item.human === null) return 0;
  return (item.human - item.ensemble) / (item.pi * item.q);
}
