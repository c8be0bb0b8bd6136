import { changeOf, levelSince } from './change-window';
import { decompose, type Decomposition, dimensionsOf } from './decompose';
import { ALL_SEGMENTS } from '../segments';
import { SERVING } from './first-seen';
import { bringUpToDate } from './pending';
import { seriesKey } from './series-key';
import type { AlertsState, WatchedSeries } from './state';
import { levelOf } from './tier';

/** The mix has to account for so much of a drop before it is called a shift of the mix. */
const MOST_OF_IT = 0.8;
/** And for so much of the drop that was alarmed, as not all of its values may be in the split. */
const HALF_OF_IT = 0.5;
const HOUR_MS = 3_600_000;

/**
 * The split that explains a drop of the whole stream by the mix of a declared dimension, when there is one: nearly all of
 * it, and by more than chance. What served the answer does not count: worse answers of another model are no mere mix.
 */
export function mixThatExplains(state: AlertsState, series: WatchedSeries): Decomposition | null {
  const { id } = series;
  if (id.kind !== 'score_regression' || id.segment.dimension !== 'all') return null;
  for (const dimension of dimensionsOf(state, id.criterion, id.panel)) {
    if (dimension.split('+').some((part) => SERVING.has(part))) continue;
    const split = splitThatExplains(state, series, dimension);
    if (split !== null) return split;
  }
  return null;
}

/** Before and after the likeliest start of the change; null unless the mix carries nearly all of the drop. */
function splitThatExplains(state: AlertsState, series: WatchedSeries, dimension: string): Decomposition | null {
  bringUpToDate(series);
  const { id, window, baseline } = series;
  const began = window === null ? null : changeOf(window);
  if (window === null || began === null || baseline === null) return null;
  const before = { from: 0, to: hourOf(began.at) };
  const after = { from: hourOf(began.at), to: Infinity };
  const mayBeReplaced = dimension === ROUTE;
  const split = decompose(state, { criterion: id.criterion, panel: id.panel, dimension, before, after, mayBeReplaced });
  if (split === null) return null;
  const drop = split.before - split.after;
  const seen = levelOf(baseline).mean - (levelSince(window, began.at)?.mean ?? 0);
  const { change, standardError } = split.mix;
  const isMost = mayBeReplaced ? mayBeMost(split) : -change >= MOST_OF_IT * drop;
  return drop > 0 && isMost && -change >= HALF_OF_IT * seen && -change > 2 * standardError ? split : null;
}

/**
 * A failover is no guess, it is known from the answers. So it is enough that the rest of the drop may be chance: with few values
 * an exact share would be decided by their noise. What is asked again as they come, a rest that lasts shows then.
 */
function mayBeMost({ before, after, mix, within }: Decomposition): boolean {
  const drop = before - after;
  return -mix.change >= HALF_OF_IT * drop && -within.change - (1 - MOST_OF_IT) * drop <= 2 * within.standardError;
}

/**
 * The split by route that explains a drop: the same answers as ever, served by another model. The whole stream tells it for
 * all its segments, and before the failover route has shown that it is worse: all of its traffic together is seen first.
 */
export function failoverThatExplains(state: AlertsState, { id }: WatchedSeries): Decomposition | null {
  if (id.kind !== 'score_regression') return null;
  const failover = { dimension: ROUTE, value: 'failover' };
  if (!state.series.has(seriesKey({ ...id, segment: failover }))) return null;
  const whole = state.series.get(seriesKey({ ...id, segment: ALL_SEGMENTS }));
  return whole === undefined ? null : splitThatExplains(state, whole, ROUTE);
}

const ROUTE = 'route';

/** What the split says, in a sentence. */
export function mixText({ dimension, before, after, within, mix, cells }: Decomposition): string {
  const moved = [...cells].sort((a, b) => Math.abs(b.mix.change) - Math.abs(a.mix.change))[0];
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const named =
    moved === undefined
      ? ''
      : `, ${dimension}=${moved.segment.value} from ${share(moved.before.share)} to ${share(moved.after.share)} of the traffic`;
  return `Explained by the mix: ${points(after - before)} = ${points(within.change)} within ${dimension} and ${points(mix.change)} mix${named}.`;
}

function points(value: number): string {
  return `${value >= 0 ? '+' : ''}${(100 * value).toFixed(1)} points`;
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}
