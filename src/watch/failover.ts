import type { FailoverEpisode, FailoverStanding } from '../domain/failover';
import type { EpochMs } from '../domain/time';

/** Answers by route in the latest minutes of event time, and the episodes seen; plain JSON but for the map. */
export interface FailoverState {
  /** By number of the minute. */
  readonly minutes: Map<number, MinuteOfRoutes>;
  /** The next minute to be looked at; null before the first. */
  next: number | null;
  share: number | null;
  begun: number;
  /** The latest, oldest first; only the last can be open. */
  readonly episodes: FailoverEpisode[];
}

interface MinuteOfRoutes {
  primary: number;
  failover: number;
}

/** Plain JSON. */
export type EncodedFailover = Omit<FailoverState, 'minutes'> & {
  readonly minutes: readonly (readonly [number, MinuteOfRoutes])[];
};

const MINUTE_MS = 60_000;
/** An episode is judged by the minutes of such a window together. */
const WINDOW = 5;
/** From this share of the window's answers on, and so many, an episode is on; it ends below half of the share. */
const BEGINS_FROM = 0.05;
const FEWEST = 5;
const EPISODES_KEPT = 100;

export function createFailover(): FailoverState {
  return { minutes: new Map(), next: null, share: null, begun: 0, episodes: [] };
}

export function encodeFailover(state: FailoverState): EncodedFailover {
  return { ...state, minutes: [...state.minutes] };
}

export function decodeFailover(encoded: EncodedFailover): FailoverState {
  return { ...encoded, minutes: new Map(encoded.minutes), episodes: [...encoded.episodes] };
}

/** An answer; of minutes that no window holds any more it has no effect. */
export function addAnswer({ minutes, next }: FailoverState, at: EpochMs, route: 'primary' | 'failover'): void {
  const minute = Math.floor(at / MINUTE_MS);
  if (next !== null && minute <= next - WINDOW) return;
  let own = minutes.get(minute);
  if (own === undefined) minutes.set(minute, (own = { primary: 0, failover: 0 }));
  own[route] += 1;
}

/** Looks at each minute that is over by the event watermark, in order; a lower watermark does nothing. */
export function stepFailover(state: FailoverState, watermark: EpochMs): void {
  const { minutes } = state;
  const until = Math.floor(watermark / MINUTE_MS);
  if (minutes.size === 0 && state.next === null) return;
  state.next ??= [...minutes.keys()].reduce((least, minute) => Math.min(least, minute), Infinity);
  while (state.next < until) {
    // Without answers in any window and nothing on, there is nothing to see up to the next answer.
    if (minutes.size === 0 && !isOn(state)) {
      state.next = until;
      state.share = null;
    } else lookAt(state, state.next++);
  }
}

function isOn({ episodes }: FailoverState): boolean {
  return episodes[episodes.length - 1]?.to === null;
}

function lookAt(state: FailoverState, minute: number): void {
  const { minutes, episodes } = state;
  let [all, failover, first, last] = [0, 0, minute, minute];
  for (let at = minute; at > minute - WINDOW; at--) {
    const own = minutes.get(at);
    if (own === undefined) continue;
    all += own.primary + own.failover;
    failover += own.failover;
    if (own.failover === 0) continue;
    if (failover === own.failover) last = at;
    first = at;
  }
  const share = all === 0 ? 0 : failover / all;
  state.share = all === 0 ? null : share;
  const latest = episodes[episodes.length - 1];
  const now = minutes.get(minute)?.failover ?? 0;
  if (latest === undefined || latest.to !== null) {
    if (failover >= FEWEST && share >= BEGINS_FROM) {
      state.begun += 1;
      episodes.push({ from: first * MINUTE_MS, to: null, answers: failover, peak: share });
      if (episodes.length > EPISODES_KEPT) episodes.shift();
    }
  } else {
    const isOver = failover === 0 || share < BEGINS_FROM / 2;
    episodes[episodes.length - 1] = {
      from: latest.from,
      to: isOver ? (failover === 0 ? minute - WINDOW + 1 : last + 1) * MINUTE_MS : null,
      answers: latest.answers + now,
      peak: Math.max(latest.peak, share),
    };
  }
  minutes.delete(minute - WINDOW + 1);
}

export function failoverStanding(state: FailoverState): FailoverStanding {
  const { share, begun, episodes } = state;
  return { isActive: isOn(state), share, begun, episodes: [...episodes] };
}
