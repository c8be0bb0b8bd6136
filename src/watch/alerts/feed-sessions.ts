import type { SeriesId } from '../../domain/alert';
import type { SegmentKey } from '../../domain/segment';
import type { SessionOutcome, SessionValue } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import { type ConcordanceState, createConcordance, stepConcordance } from '../../stats/concordance';
import { faredWell } from '../../sessions/fared-well';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import { feed, type Observing } from './observing';
import {
  createPlace,
  entryAt,
  type Place,
  placesOf,
  shareClosed,
  type ScorePlaces,
  type SegmentPlaces,
  type SeriesHow,
} from './places';
import { seriesKey } from './series-key';
import type { AlertsState, WatchedSeries } from './state';

/** Sessions that wait for one that ended the other way; see `stepConcordance`. */
const MOST_WAITING = 50;
/** A release is compared with the one before it for so long. */
const NEW_RELEASE_MS = 7 * 86_400_000;

export const ABANDONMENT = 'abandonment';
export const HANDOFF = 'handoff';
export const RECOVERY = 'recovery';
/** In the criterion of a divergence: the judge no longer tells who fares well from who does not. */
export const ASSOCIATION = ':association';

/** The judged values of a closed session in one of its segments. */
export function feedScores(
  observing: Observing,
  segment: SegmentKey,
  values: readonly SessionValue[],
  outcome: SessionOutcome,
): void {
  // Values of pooled segments are of an ever-changing mixture.
  if (segment.value === OTHER_VALUE) return;
  const own = placesOf(observing.places, segment, OTHER_VALUE);
  const at = outcome.lastActivityAt;
  const fared = own.isCross ? null : faredWell(outcome);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Values of own-family judges raise no alerts.
    if (value.panel.endsWith('~own')) continue;
    const places = scorePlacesAt(observing, own, i, value);
    // Judges that failed for good are taken to have said 1: the value least favourable to an alarm.
    const x = value.highest;
    feed(observing, places.score, x, at);
    if (places.comparison !== null) feed(observing, places.comparison, x, at);
    // A judge that failed says nothing about users.
    if (value.value !== null && fared !== null) feedDivergence(observing, places, value.value, fared, at);
    shareClosed(places);
  }
}

/**
 * A pseudo-outcome can be far below 0, which would make every bet on the difference tiny; it is cut here, where the
 * difference is only held against what it was.
 */
const LEAST_SCORE = -1;

function scorePlacesAt(observing: Observing, own: SegmentPlaces, hint: number, value: SessionValue): ScorePlaces {
  const { criterion, panel } = value;
  const likely = own.scores[hint];
  return likely?.criterion === criterion && likely.panel === panel
    ? likely
    : findScorePlaces(observing, own, hint, value);
}

function findScorePlaces(observing: Observing, own: SegmentPlaces, hint: number, value: SessionValue): ScorePlaces {
  const { criterion, panel } = value;
  return entryAt(
    own.scores,
    hint,
    (one) => one.criterion === criterion && one.panel === panel,
    () => createScorePlaces(observing, own, value),
  );
}

function createScorePlaces(observing: Observing, own: SegmentPlaces, { criterion, panel }: SessionValue): ScorePlaces {
  const { params, state } = observing;
  const { scores, objectives, detectors } = params;
  const range = [1 - 1 / scores.floor, scores.largest] as const;
  const id: SeriesId = { kind: 'score_regression', segment: own.segment, criterion, panel };
  const borrows = (): WatchedSeries | null => find(state, { ...id, segment: ALL_SEGMENTS });
  const divergence: SeriesId = { ...id, kind: 'judge_user_divergence' };
  const association = { ...divergence, criterion: `${criterion}${ASSOCIATION}` };
  const bounds = [(1 - range[1]) / 2, (2 - LEAST_SCORE) / 2] as const;
  return {
    criterion,
    panel,
    score: createPlace(id, {
      range,
      objective: objectives[criterion],
      hasHistory: true,
      ...(detectors.borrow ? { borrows } : {}),
    }),
    comparison: comparisonPlace(observing, own, id, range),
    divergence: own.isCross ? null : createPlace(divergence, { range: bounds, hasHistory: true }),
    association: own.isCross ? null : createPlace(association, { hasHistory: true }),
    pairs: null,
  };
}

/** Against the primary route, and against the release before. */
function comparisonPlace(
  { state }: Observing,
  own: SegmentPlaces,
  id: SeriesId,
  range: readonly [number, number],
): Place | null {
  const { dimension, value } = id.segment;
  const held = (kind: SeriesId['kind'], valueOf: () => string | null): Place => {
    // Looked up once: ways to the state are made anew when a series goes.
    let known: { readonly value: string; readonly series: WatchedSeries } | null = null;
    const heldAgainst: SeriesHow['heldAgainst'] = () => {
      const other = valueOf();
      if (other === null) return null;
      if (known?.value !== other) {
        const series = find(state, { ...id, segment: { dimension, value: other } });
        known = series === null ? null : { value: other, series };
      }
      return known?.series ?? null;
    };
    return createPlace({ ...id, kind }, { range, heldAgainst });
  };
  if (dimension === 'route' && value === 'failover') return held('failover_quality', () => 'primary');
  if (dimension === 'release') return held('quality_dip_after_release', () => releaseBefore(state, own));
  return null;
}

/** The release first seen last before this one, while this one is new; null for the first. */
function releaseBefore({ firstSeen, eventTime }: AlertsState, own: SegmentPlaces): string | null {
  const releases = firstSeen.get('release');
  const since = releases?.values.get(own.segment.value)?.firstAt;
  if (releases === undefined || since === undefined || (eventTime ?? since) - since > NEW_RELEASE_MS) return null;
  const { values, noted } = releases;
  if (own.before?.noted === noted) return own.before.release;
  let latest: { readonly name: string; readonly at: EpochMs } | null = null;
  for (const [name, { firstAt }] of values) {
    if (firstAt < since && (latest === null || firstAt > latest.at)) latest = { name, at: firstAt };
  }
  own.before = { noted, release: latest?.name ?? null };
  return own.before.release;
}

/**
 * Whether judges and users part ways: "users minus judge", moved into [0, 1], falls when judges become happier than users
 * were with such scores before; and how often the judge ranks a session that went well above one that did not.
 */
function feedDivergence(observing: Observing, places: ScorePlaces, score: number, fared: number, at: EpochMs): void {
  const { state, hasRoom } = observing;
  const { divergence, association } = places;
  if (divergence === null || association === null) return;
  const x = Math.max(LEAST_SCORE, score);
  feed(observing, divergence, (fared - x + 1) / 2, at);
  if (!hasRoom(association)) return;
  const concordance = stepConcordance((places.pairs ??= pairsOf(state, association)), x, fared >= 0.5, MOST_WAITING);
  if (concordance !== null) feed(observing, association, concordance, at);
}

function pairsOf({ pairs }: AlertsState, { id }: Place): ConcordanceState {
  const key = seriesKey(id);
  let own = pairs.get(key);
  if (own === undefined) pairs.set(key, (own = createConcordance()));
  return own;
}

/** What users did in a closed session, judged or not. */
export function feedOutcome(observing: Observing, outcome: SessionOutcome): void {
  const { ending, segments, recovery, reactions, lastActivityAt: at } = outcome;
  if (ending === 'open') return;
  for (const segment of segments) {
    const own = placesOf(observing.places, segment, OTHER_VALUE);
    if (own.isPooled || own.isCross) continue;
    const users = (own.users ??= createUserPlaces(own));
    if (recovery.badTurns > 0) feed(observing, users.recovery, recovery.within / recovery.badTurns, at);
    feed(observing, users.abandonment, ending === 'abandoned' ? 0 : 1, at);
    feed(observing, users.handoff, reactions.handoffs > 0 ? 0 : 1, at);
  }
}

function createUserPlaces({ segment }: SegmentPlaces): NonNullable<SegmentPlaces['users']> {
  const place = (kind: SeriesId['kind'], criterion: string): Place =>
    createPlace({ kind, segment, criterion, panel: '' }, { hasHistory: true });
  return {
    recovery: place('recovery_regression', RECOVERY),
    abandonment: place('engagement_regression', ABANDONMENT),
    handoff: place('engagement_regression', HANDOFF),
  };
}

function find(state: AlertsState, id: SeriesId): WatchedSeries | null {
  return state.series.get(seriesKey(id)) ?? null;
}
