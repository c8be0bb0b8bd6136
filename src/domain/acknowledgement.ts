import type { SegmentKey } from './segment';
import type { EpochMs } from './time';

/**
 * `acknowledge`: someone is looking, which resolves nothing. `cause_found`: says what it was. `accept`: the new level is
 * the baseline from now on. `reset`: the baseline is learned anew.
 */
export const ACKNOWLEDGEMENT_ACTIONS = ['acknowledge', 'cause_found', 'accept', 'reset'] as const;
export type AcknowledgementAction = (typeof ACKNOWLEDGEMENT_ACTIONS)[number];

/** What a person decided about an alert, or about a series that has none. */
export interface Acknowledgement {
  readonly action: AcknowledgementAction;
  /** Null when it is about a series as such. */
  readonly alertId: string | null;
  /** Null when it is about an alert. */
  readonly series: AcknowledgedSeries | null;
  /** For `cause_found`, in a word: `product`, `judge`, `traffic`, `labels`, `false_alarm`; null when not said. */
  readonly cause: string | null;
  /** Why, in the author's words. */
  readonly reason: string;
  readonly author: string;
  readonly at: EpochMs;
}

/** As `SeriesId` of an alert; the kind is text, since a ledger outlives the list of kinds. */
export interface AcknowledgedSeries {
  readonly kind: string;
  readonly segment: SegmentKey;
  readonly criterion: string;
  readonly panel: string;
}

/** One action per alert or series: the last record under it counts. */
export function acknowledgementKey({ action, alertId, series }: Acknowledgement): string {
  const about =
    series === null
      ? [alertId ?? '']
      : [series.kind, series.segment.dimension, series.segment.value, series.criterion, series.panel];
  return ['acknowledgement', action, ...about].map(encodeURIComponent).join('/');
}
