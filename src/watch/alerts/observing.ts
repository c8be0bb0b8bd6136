import type { SeriesId } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import type { Place, Places, SeriesHow } from './places';
import type { AlertsState } from './state';

/** What feeds need of the engine: the state, and the one place where a value meets its series. */
export interface Observing {
  readonly state: AlertsState;
  readonly params: AlertParams;
  readonly places: Places;
  /** A value for a place that is open; see `feed`. */
  readonly observe: (place: Place, x: number, at: EpochMs) => void;
  /** False where values would go nowhere, as the cap is reached. */
  readonly hasRoom: (place: Place) => boolean;
  /** As `observe`, for values that are too few to keep a place for. */
  readonly observeRarely: (id: SeriesId, x: number, at: EpochMs, how?: SeriesHow) => void;
}

/** A lower value is worse, whatever it measures. Most values have no series, so whether this one has is asked before any call. */
export function feed({ state, observe }: Observing, place: Place, x: number, at: EpochMs): void {
  if (!place.isClosed) observe(place, x, at);
  else if (place.isLeft) state.left += 1;
}
