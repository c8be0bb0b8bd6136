import { KEPT_LESS, KEPT_MORE } from '../../domain/alert';
import type { OutcomeCriterion } from '../../domain/ledger-record';
import type { EpochMs } from '../../domain/time';
import type { KeptPoint } from '../options-alerts';
import { ALL_SEGMENTS } from '../segments';
import { feed, type Observing } from './observing';
import { createPlace, type KeptPlaces, type Place } from './places';

/** Null where no point was tuned for the criterion. */
export function keptPlaces(criterion: string, kept: KeptPoint | undefined): KeptPlaces | null {
  const share = kept === undefined || !Object.hasOwn(kept.shares, criterion) ? undefined : kept.shares[criterion];
  if (kept === undefined || share === undefined) return null;
  const place = (suffix: string, usual: number): Place =>
    createPlace(
      { kind: 'traffic_mix_shift', segment: ALL_SEGMENTS, criterion: criterion + suffix, panel: '' },
      { target: Math.max(0, usual - kept.tolerance), hasHistory: true },
    );
  return { less: place(KEPT_LESS, share), more: place(KEPT_MORE, 1 - share) };
}

/**
 * One item with a cheap score. By the score and not by what was escalated, so that neither the budget's ladder nor a failed
 * check looks like doubt.
 */
export function feedKept(
  observing: Observing,
  places: KeptPlaces | null,
  { cheapScore }: Pick<OutcomeCriterion, 'cheapScore'>,
  at: EpochMs,
): void {
  const { kept } = observing.params;
  if (places === null || kept === undefined || cheapScore === null) return;
  const isKept = cheapScore < kept.low || cheapScore > kept.high;
  feed(observing, places.less, isKept ? 1 : 0, at);
  feed(observing, places.more, isKept ? 0 : 1, at);
}
