import type { AlertsState } from './state';

/** Series whose last number is kept; about 0.2 kB each. */
const MOST_NUMBERS = 2_000;

/**
 * The number of the next episode of a series, counted on in place. Where too many series have had episodes, the number of the
 * one whose last is longest ago is forgotten; whatever has no number starts above all that were, so no id comes twice.
 */
export function nextEpisode(state: AlertsState, key: string): number {
  const { episodes } = state;
  const number = (episodes.get(key) ?? state.episodeFloor) + 1;
  // Taken out and put in again, so that the order of the map is that of the last episodes.
  episodes.delete(key);
  episodes.set(key, number);
  for (const [oldest, last] of episodes) {
    if (episodes.size <= MOST_NUMBERS) break;
    episodes.delete(oldest);
    state.episodeFloor = Math.max(state.episodeFloor, last);
  }
  return number;
}
