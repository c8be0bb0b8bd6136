import type { AlertKind } from '../../domain/alert';
import type { OutcomeCriterion, OutcomeItem } from '../../domain/ledger-record';
import { type SegmentKey, segmentLabel } from '../../domain/segment';
import type { EpochMs } from '../../domain/time';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import { noteSeen, SERVING } from './first-seen';
import { addHistory } from './history';
import { feedKept, keptPlaces } from './kept';
import { kindOfCheck } from './kinds';
import { feed, type Observing } from './observing';
import {
  checkPlaceAt,
  createPlace,
  entryAt,
  type JudgingPlaces,
  type Place,
  placesOf,
  shareClosedCheck,
  type SegmentPlaces,
  type SharePlaces,
} from './places';

/** Values of a dimension whose share is watched: those that come first are, in practice, the large ones. */
const MOST_SHARES = 10;
/** Segments whose traffic is counted: of all, and beyond that of what serves, which a flood of other values must not hide. */
const MOST_MIX = 1_000;
const MOST_SERVING = 200;
/** Reasons of an unjudged criterion that lie with the judges' endpoints, and those that lie with their replies. */
const ENDPOINT_FAILURES: ReadonlySet<string> = new Set(['timeout', 'rate_limited', 'deadline', 'error']);
const REPLY_FAILURES: ReadonlySet<string> = new Set(['unreadable', 'truncated']);

/** One interaction: at the first turn its checks, its segments, and whether its judges answered. */
export function feedItem(observing: Observing, item: OutcomeItem, segments: readonly SegmentKey[]): void {
  const { state } = observing;
  const at = item.occurredAt;
  if (state.eventTime === null || at > state.eventTime) state.eventTime = at;
  state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
  for (const segment of segments) {
    const places = placesOf(observing.places, segment, OTHER_VALUE);
    const { seen } = places;
    if (at <= seen.lastAt) continue;
    if (seen.lastAt === -Infinity) places.seen = noteSeen(state.firstSeen, segment, at);
    else seen.lastAt = at;
  }
  // One value per conversation: a conversation's turns fail, or are refused, together.
  if (item.conversationKnown && item.turnIndex > 0) return;
  if (item.sampled) {
    for (let i = 0; i < item.criteria.length; i++) feedJudging(observing, i, item.criteria[i]!, state.eventTime);
  }
  feedChecks(observing, item, segments, at);
  for (const segment of segments) {
    if (segment.value !== OTHER_VALUE) feedMix(observing, placesOf(observing.places, segment, OTHER_VALUE), at);
  }
}

function feedChecks(observing: Observing, { checks }: OutcomeItem, segments: readonly SegmentKey[], at: EpochMs): void {
  const { places } = observing;
  for (const segment of segments) {
    const own = placesOf(places, segment, OTHER_VALUE);
    // Crosses would make more series of checks than of everything else together.
    if (own.isPooled || own.isCross) continue;
    for (let i = 0; i < checks.length; i++) {
      const { check, result } = checks[i]!;
      if (result !== 'pass' && result !== 'fail') continue;
      const place = checkPlaceAt(own, i, check, kindOfCheck);
      feed(observing, place, result === 'fail' ? 0 : 1, at);
      if (place.isClosed) shareClosedCheck(places, own, place);
    }
  }
  const refusal = checks.find(({ check }) => check === 'refusal');
  if (refusal === undefined || (refusal.result !== 'pass' && refusal.result !== 'fail')) return;
  // Refusing less than before may mean that what should be refused no longer is.
  places.underRefusal ??= createPlace({ ...WHOLE, kind: kindOfCheck('refusal'), criterion: UNDER_REFUSAL });
  feed(observing, places.underRefusal, refusal.result === 'fail' ? 1 : 0, at);
}

export const UNDER_REFUSAL = 'under_refusal';
const WHOLE = { segment: ALL_SEGMENTS, panel: '' };

function feedJudging(observing: Observing, hint: number, one: OutcomeCriterion, at: EpochMs): void {
  const { places } = observing;
  if (one.result === 'not_sampled') return;
  const { criterion } = one;
  const likely = places.judging[hint];
  const own = likely?.criterion === criterion ? likely : findJudgingPlaces(observing, hint, criterion);
  const reason = one.result === 'unjudged' ? (one.unjudgedReason ?? 'error') : null;
  feed(observing, own.judged, reason !== null ? 0 : 1, at);
  feed(observing, own.endpoints, reason !== null && ENDPOINT_FAILURES.has(reason) ? 0 : 1, at);
  feed(observing, own.replies, reason !== null && REPLY_FAILURES.has(reason) ? 0 : 1, at);
  feed(observing, own.budget, reason === 'over_budget' ? 0 : 1, at);
  feedKept(observing, own.kept, one, at);
  // Judges that all say the same thing no longer check each other.
  if (!one.escalated || one.disagreement === null || one.panel === null) return;
  const { panel } = one;
  const first = own.converged[0];
  const converged = first?.id.panel === panel ? first : findConverged(own, criterion, panel);
  feed(observing, converged, Math.min(1, one.disagreement), at);
}

function findJudgingPlaces({ places, params }: Observing, hint: number, criterion: string): JudgingPlaces {
  return entryAt(
    places.judging,
    hint,
    (known) => known.criterion === criterion,
    () => createJudgingPlaces(criterion, params),
  );
}

function findConverged({ converged }: JudgingPlaces, criterion: string, panel: string): Place {
  return entryAt(
    converged,
    0,
    ({ id }) => id.panel === panel,
    () => createPlace({ ...WHOLE, kind: 'judges_converged', criterion, panel }),
  );
}

function createJudgingPlaces(criterion: string, { detectors, kept }: Observing['params']): JudgingPlaces {
  const { judgedRatio, judgeFailures, invalidOutput, overBudget } = detectors.targets;
  const place = (kind: AlertKind, target: number): JudgingPlaces['judged'] =>
    createPlace({ ...WHOLE, kind, criterion }, { target });
  return {
    criterion,
    judged: place('judged_ratio_low', judgedRatio),
    endpoints: place('judge_unavailable', 1 - judgeFailures),
    replies: place('judge_invalid_output', 1 - invalidOutput),
    budget: place('judge_budget_limited', 1 - overBudget),
    converged: [],
    kept: keptPlaces(criterion, kept),
  };
}

/**
 * The share of each value of a declared dimension, watched for a fall and for a rise. What served the answer is left out:
 * a roll-out moves those shares on purpose.
 */
function feedMix(observing: Observing, own: SegmentPlaces, at: EpochMs): void {
  const { state } = observing;
  const history = own.history ?? mixHistory(observing, own);
  if (history === null) return;
  addHistory(history, 0, at);
  const { dimension, value } = own.segment;
  const values = state.shares.get(dimension);
  if (values === undefined) return;
  let shares = observing.places.shares.get(dimension);
  if (shares?.values !== values) {
    shares = createSharePlaces(dimension, values, shares);
    observing.places.shares.set(dimension, shares);
  }
  for (const place of shares.places) {
    const isHere = place.value === value;
    feed(observing, place.falls, isHere ? 1 : 0, at);
    feed(observing, place.rises, isHere ? 0 : 1, at);
  }
}

/** The counts of a segment's conversations; null where there are too many to count them all. */
function mixHistory({ state }: Observing, own: SegmentPlaces): SegmentPlaces['history'] {
  const label = segmentLabel(own.segment);
  let history = state.mix.get(label);
  if (history === undefined) {
    const { dimension, value } = own.segment;
    const isServing = SERVING.has(dimension);
    if (state.mix.size >= (isServing ? MOST_MIX + MOST_SERVING : MOST_MIX)) return null;
    history = [];
    state.mix.set(label, history);
    if (!isServing && !own.isCross && dimension !== 'all') {
      const shares = state.shares.get(dimension) ?? [];
      if (shares.length < MOST_SHARES && !shares.includes(value)) state.shares.set(dimension, [...shares, value]);
    }
  }
  return (own.history = history);
}

function createSharePlaces(dimension: string, values: readonly string[], before: SharePlaces | undefined): SharePlaces {
  const places = values.map((value, i) => {
    const known = before?.places[i];
    if (known?.value === value) return known;
    const id = { kind: 'traffic_mix_shift', segment: { dimension, value }, panel: '' } as const;
    const falls = createPlace({ ...id, criterion: SHARE_FALLS });
    return { value, falls, rises: createPlace({ ...id, criterion: SHARE_RISES }) };
  });
  return { values, places };
}

export const SHARE_FALLS = 'share_falls';
export const SHARE_RISES = 'share_rises';
