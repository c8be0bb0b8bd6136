import type { SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { Place } from './places';
import { seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';

/** The series of releases that are held against the one before, and who gives way where there are more than places. */
export interface Comparisons {
  /** A series of the state, with the way to it once that is found. */
  add(series: WatchedSeries, place: Place | null): void;
  /**
   * Ends the series of the release that is oldest of those before this one, in place: it is the newest that a roll-out is
   * held or stopped by. One that fires or waits for the judges stays, but for one of which nothing comes any more, as after
   * a roll-back: its alert ends. False where none can go; that may change with any value.
   */
  giveWay(id: SeriesId): boolean;
}

export function isReleaseComparison({ kind }: SeriesId): boolean {
  return kind === 'quality_dip_after_release';
}

/** `onEnd` is told of a series whose alert ends with it. */
export function createComparisons(
  state: AlertsState,
  onEnd: (series: WatchedSeries, open: OpenEpisode) => void,
): Comparisons {
  // In the order of the state's series, after a restart as before.
  const places = new Map<WatchedSeries, Place | null>();
  // Of a release that was forgotten, long ago.
  const firstAtOf = ({ segment }: SeriesId): EpochMs =>
    state.firstSeen.get('release')?.values.get(segment.value)?.firstAt ?? -Infinity;

  const end = (series: WatchedSeries): void => {
    const { open } = series;
    if (open !== null) {
      series.open = null;
      series.resolvedAt = series.lastAt;
      onEnd(series, open);
    }
    const place = places.get(series) ?? null;
    if (place !== null) place.series = null;
    places.delete(series);
    state.series.delete(seriesKey(series.id));
  };

  return {
    add(series, place) {
      if (isReleaseComparison(series.id) && !series.isLight) places.set(series, place);
    },
    giveWay(id) {
      let oldest: WatchedSeries | null = null;
      let before = firstAtOf(id);
      for (const series of places.keys()) {
        const firstAt = firstAtOf(series.id);
        if (firstAt >= before || !mayGo(series)) continue;
        oldest = series;
        before = firstAt;
      }
      if (oldest === null) return false;
      end(oldest);
      return true;
    },
  };
}

function mayGo({ open, heldSince }: WatchedSeries): boolean {
  return heldSince === null && (open === null || open.noData);
}
