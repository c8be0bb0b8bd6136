import type { AlertKind } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import type { AlertParams, SeededBaseline } from '../options-alerts';
import { createComparisons, isReleaseComparison } from './comparisons';
import { SCORE_KINDS, severityOf } from './kinds';
import { type Place, UNIT } from './places';
import { seriesKey } from './series-key';
import type { AlertsState, OpenEpisode, WatchedSeries } from './state';
import { createLight, createWatched, type SeriesSetup } from './watched';

/**
 * What series share the cap, so that no kind can crowd out the others. What comes seldom has a part of its own: series of
 * every turn would have taken all places before the first review, or the first bad turn of a segment.
 */
export type Purpose =
  'scores' | 'comparisons' | 'recovery' | 'engagement' | 'divergence' | 'checks' | 'mix' | 'people' | 'rest';
const PART: Readonly<Record<Purpose, number>> = {
  scores: 0.36,
  comparisons: 0.04,
  recovery: 0.06,
  engagement: 0.08,
  divergence: 0.1,
  checks: 0.18,
  mix: 0.05,
  people: 0.03,
  rest: 0.1,
};
const PURPOSE_OF: Readonly<Partial<Record<AlertKind, Purpose>>> = {
  score_regression: 'scores',
  recovery_regression: 'recovery',
  engagement_regression: 'engagement',
  judge_user_divergence: 'divergence',
  traffic_mix_shift: 'mix',
  judge_human_disagreement: 'people',
};
const CHECK_KINDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'check_regression',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
  'prompt_injection_rise',
]);

/** Purposes with series per segment; the others' are few, or chosen by rules of their own. */
export const REVIEWED: ReadonlySet<Purpose> = new Set<Purpose>([
  'scores',
  'recovery',
  'engagement',
  'divergence',
  'checks',
]);

/** Most series of a purpose on the full tier. */
export function capOf(purpose: Purpose, { detectors }: AlertParams): number {
  return Math.ceil(detectors.maxSeries * PART[purpose]);
}

/**
 * Decides which series are watched, and how: on the full tier the first to appear, each purpose up to its part of the cap,
 * and once that was wanting those of the segments that have seats; beyond it, on the light tier, those that there is
 * something to hold against.
 */
export interface Admission {
  /** Whether a value would find a series or room for one. By the state alone, so the same after a restart. */
  hasRoom(place: Place): boolean;
  /** The series of a place that has none yet, made on its first value; null, and closed until the next review, without room. */
  admit(place: Place): WatchedSeries | null;
}

/** For one state, which nothing else may add series to. `onEnd` is told of a series that gave way while it fired. */
export function createAdmission(
  state: AlertsState,
  params: AlertParams,
  onEnd: (series: WatchedSeries, open: OpenEpisode) => void,
): Admission {
  const { detectors, alerts } = params;
  const seeds = new Map(detectors.baselines.map((seed) => [seedKey(seed), seed]));
  const used = new Map<Purpose, number>();
  const usedOf = (purpose: Purpose): number => used.get(purpose) ?? 0;
  const use = (purpose: Purpose, count = 1): void => void used.set(purpose, usedOf(purpose) + count);
  const comparisons = createComparisons(state, onEnd);
  const seatsOf = new Map([...state.seats].map(([purpose, labels]) => [purpose, new Set(labels)]));
  let lights = 0;
  for (const series of state.series.values()) {
    if (series.isLight) lights += 1;
    else use(purposeOf(series.id.kind));
    comparisons.add(series, null);
  }

  const hasSeat = (purpose: Purpose, label: string): boolean =>
    usedOf(purpose) < capOf(purpose, params) && (seatsOf.get(purpose)?.has(label) ?? true);

  /** Remembers that a segment has more series than there was room for. */
  const wait = (purpose: Purpose, label: string): void => {
    const waiting = state.waiting.get(purpose);
    if (waiting === undefined) state.waiting.set(purpose, new Set([label]));
    else if (waiting.size < MOST_WAITING) waiting.add(label);
  };

  const mayBeLight = ({ id, how }: Place): boolean =>
    lights < detectors.maxLightSeries &&
    severityOf(id.kind, alerts) === 'page' &&
    (how.objective !== undefined || seeds.has(seriesKey(id)));

  /** Finds the series, or says until the next review that there is none. */
  const look = (place: Place): void => {
    const { id } = place;
    if (!place.isLooked) {
      place.isLooked = true;
      place.series = state.series.get(seriesKey(id)) ?? null;
      if (place.series !== null) comparisons.add(place.series, place);
    }
    if (place.series !== null) return;
    const purpose = purposeOf(id.kind);
    const label = segmentLabel(id.segment);
    const isWatched = severityOf(id.kind, alerts) !== null;
    const isComparison = isReleaseComparison(id);
    if (isWatched && isComparison && !hasSeat(purpose, label) && comparisons.giveWay(id)) use(purpose, -1);
    place.isFull = hasSeat(purpose, label);
    if (!place.isFull && isWatched) wait(purpose, label);
    place.isLeft = !place.isFull && !mayBeLight(place);
    // Who may give way to a release changes with any value, so it is asked again with each.
    place.isClosed = (place.isLeft && !isComparison) || !isWatched;
  };

  const setupOf = ({ id, how }: Place): Pick<SeriesSetup, 'id' | 'range' | 'objective' | 'seeded'> => ({
    id,
    range: how.range ?? UNIT,
    objective: how.objective ?? null,
    seeded: seeds.get(seriesKey(id)) ?? null,
  });

  const createFull = (place: Place): WatchedSeries => {
    const { id, how } = place;
    const key = seriesKey(id);
    const from = how.heldAgainst?.() ?? state.stubs.get(key) ?? how.borrows?.() ?? null;
    state.stubs.delete(key);
    use(purposeOf(id.kind));
    return createWatched(
      {
        ...setupOf(place),
        target: how.target ?? null,
        borrowed: from === null ? null : { from, isLasting: how.heldAgainst !== undefined },
        hasHistory: how.hasHistory ?? false,
      },
      params,
    );
  };

  return {
    hasRoom(place) {
      if (place.series === null && !place.isClosed) look(place);
      return !place.isClosed;
    },
    admit(place) {
      look(place);
      if (place.series !== null || place.isClosed || place.isLeft) return place.series;
      const series = place.isFull ? createFull(place) : createLight(setupOf(place), params);
      if (series === null) return null;
      if (series.isLight) lights += 1;
      state.series.set(seriesKey(place.id), series);
      comparisons.add(series, place);
      return (place.series = series);
    },
  };
}

/** More would be a flood, of which the first are as good as any. */
const MOST_WAITING = 20_000;

export function purposeOf(kind: AlertKind): Purpose {
  if (SCORE_KINDS.has(kind)) return PURPOSE_OF[kind] ?? 'comparisons';
  return PURPOSE_OF[kind] ?? (CHECK_KINDS.has(kind) ? 'checks' : 'rest');
}

/** The key of the series that a seeded baseline is for. */
function seedKey({ kind, segment, criterion, panel }: SeededBaseline): string {
  return [kind, segment, criterion, panel].join('\u0000');
}
