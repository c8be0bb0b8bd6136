import type { AlertKind } from '../../domain/alert';
import type { AlertParams, SeededBaseline } from '../options-alerts';
import { SCORE_KINDS, severityOf } from './kinds';
import { type Place, UNIT } from './places';
import { seriesKey } from './series-key';
import type { AlertsState, WatchedSeries } from './state';
import { createWatched } from './watched';

/**
 * What series share the cap, so that no kind can crowd out the others. What comes seldom has a part of its own: series of
 * every turn would have taken all places before the first review, or the first bad turn of a segment.
 */
type Purpose =
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

/** Decides which series are watched: the first to appear, each purpose up to its part of the cap. */
export interface Admission {
  /** Whether a value would find a series or room for one. By the state alone, so the same after a restart. */
  hasRoom(place: Place): boolean;
  /** The series of a place that has none yet, made on its first value; null, and closed for good, where there is no room. */
  admit(place: Place): WatchedSeries | null;
}

/** For one state, which nothing else may add series to. */
export function createAdmission(state: AlertsState, params: AlertParams): Admission {
  const { detectors, alerts } = params;
  const seeds = new Map(detectors.baselines.map((seed) => [seedKey(seed), seed]));
  const used = new Map<Purpose, number>();
  const usedOf = (purpose: Purpose): number => used.get(purpose) ?? 0;
  const use = (purpose: Purpose): void => void used.set(purpose, usedOf(purpose) + 1);
  for (const { id } of state.series.values()) use(purposeOf(id.kind));
  /** Finds the series, or says for good that there is none. */
  const look = (place: Place): void => {
    const { id } = place;
    if (!place.isLooked) {
      place.isLooked = true;
      place.series = state.series.get(seriesKey(id)) ?? null;
    }
    if (place.series !== null) return;
    const purpose = purposeOf(id.kind);
    place.isLeft = usedOf(purpose) >= Math.ceil(detectors.maxSeries * PART[purpose]);
    place.isClosed = place.isLeft || severityOf(id.kind, alerts) === null;
  };
  return {
    hasRoom(place) {
      if (place.series === null && !place.isClosed) look(place);
      return !place.isClosed;
    },
    admit(place) {
      const { id, how } = place;
      look(place);
      if (place.series !== null || place.isClosed) return place.series;
      const key = seriesKey(id);
      const from = how.heldAgainst?.() ?? state.stubs.get(key) ?? how.borrows?.() ?? null;
      state.stubs.delete(key);
      const series = createWatched(
        {
          id,
          range: how.range ?? UNIT,
          target: how.target ?? null,
          objective: how.objective ?? null,
          seeded: seeds.get(key) ?? null,
          borrowed: from === null ? null : { from, isLasting: how.heldAgainst !== undefined },
          hasHistory: how.hasHistory ?? false,
        },
        params,
      );
      state.series.set(key, series);
      use(purposeOf(id.kind));
      return (place.series = series);
    },
  };
}

function purposeOf(kind: AlertKind): Purpose {
  if (SCORE_KINDS.has(kind)) return PURPOSE_OF[kind] ?? 'comparisons';
  return PURPOSE_OF[kind] ?? (CHECK_KINDS.has(kind) ? 'checks' : 'rest');
}

/** The key of the series that a seeded baseline is for. */
function seedKey({ kind, segment, criterion, panel }: SeededBaseline): string {
  return [kind, segment, criterion, panel].join('\u0000');
}
