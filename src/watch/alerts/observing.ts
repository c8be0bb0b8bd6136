import type { SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import type { Place, Places } from './places';
import type { AlertsState, WatchedSeries } from './state';

/** How a series is set up when its first value comes. */
export interface SeriesHow {
  /** Default [0, 1]. */
  readonly range?: readonly [lower: number, upper: number];
  /** A known level that needs no learning. */
  readonly target?: number;
  readonly objective?: number | undefined;
  /** The series whose level stands in for its own; without one that has learned nothing is watched. */
  readonly heldAgainst?: () => WatchedSeries | null;
  /** Whose level stands in while it learns. */
  readonly borrows?: () => WatchedSeries | null;
  readonly hasHistory?: boolean;
}

/** What feeds need of the engine: the state, and the one place where a value meets its series. */
export interface Observing {
  readonly state: AlertsState;
  readonly params: AlertParams;
  readonly places: Places;
  /** A lower value is worse, whatever it measures. */
  readonly observe: (place: Place, x: number, at: EpochMs) => void;
  /** False where values would go nowhere, as the cap is reached. */
  readonly hasRoom: (place: Place) => boolean;
  /** As `observe`, for values that are too few to keep a place for. */
  readonly observeRarely: (id: SeriesId, x: number, at: EpochMs, how?: SeriesHow) => void;
}

export const UNIT: readonly [number, number] = [0, 1];
