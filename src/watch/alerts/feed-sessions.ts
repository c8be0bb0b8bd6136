import type { SeriesId } from '../../domain/alert';
import type { SegmentKey } from '../../domain/segment';
import type { SessionOutcome, SessionValue } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import { NO_PAIRS, stepConcordance } from '../../stats/concordance';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import type { Observing } from './observing';
import { seriesKey } from './series-key';
import type { WatchedSeries } from './state';

/** Sessions that wait for one that ended the other way; see `stepConcordance`. */
const MOST_WAITING = 50;
/** A release is compared with the one before it for so long. */
const NEW_RELEASE_MS = 7 * 86_400_000;

export const ABANDONMENT = 'abandonment';
export const HANDOFF = 'handoff';
export const RECOVERY = 'recovery';
/** In the criterion of a divergence: the judge no longer tells who fares well from who does not. */
export const ASSOCIATION = ':association';

/** One judged value of a closed session, in one of its segments. */
export function feedScore(
  observing: Observing,
  segment: SegmentKey,
  value: SessionValue,
  outcome: SessionOutcome,
): void {
  const { params, observe } = observing;
  // Values of own-family judges raise no alerts; those of pooled segments are of an ever-changing mixture.
  if (value.panel.endsWith('~own') || segment.value === OTHER_VALUE) return;
  const at = outcome.lastActivityAt;
  const { scores, objectives, detectors } = params;
  const range = [1 - 1 / scores.floor, scores.largest] as const;
  const id: SeriesId = { kind: 'score_regression', segment, criterion: value.criterion, panel: value.panel };
  // Judges that failed for good are taken to have said 1: the value least favourable to an alarm.
  const x = value.highest;
  const borrows = detectors.borrow ? find(observing, { ...id, segment: ALL_SEGMENTS }) : undefined;
  observe(id, x, at, { range, objective: objectives[value.criterion], borrows, hasHistory: true });
  feedComparison(observing, id, x, at, range);
  // A judge that failed says nothing about users.
  if (value.value === null) return;
  feedDivergence(observing, id, Math.max(LEAST_SCORE, value.value), outcome, [LEAST_SCORE, range[1]]);
}

/**
 * A pseudo-outcome can be far below 0, which would make every bet on the difference tiny; it is cut here, where the
 * difference is only held against what it was.
 */
const LEAST_SCORE = -1;

/** Against the primary route, and against the release before. */
function feedComparison(
  observing: Observing,
  id: SeriesId,
  x: number,
  at: EpochMs,
  range: readonly [number, number],
): void {
  const { dimension, value } = id.segment;
  if (dimension === 'route' && value === 'failover') {
    const heldAgainst = find(observing, { ...id, segment: { dimension, value: 'primary' } });
    if (heldAgainst !== undefined)
      observing.observe({ ...id, kind: 'failover_quality' }, x, at, { range, heldAgainst });
  }
  if (dimension === 'release') {
    const before = releaseBefore(observing, value, at);
    if (before === null) return;
    const heldAgainst = find(observing, { ...id, segment: { dimension, value: before } });
    if (heldAgainst === undefined) return;
    observing.observe({ ...id, kind: 'quality_dip_after_release' }, x, at, { range, heldAgainst });
  }
}

/** The release first seen last before this one, while this one is new; null for the first. */
function releaseBefore({ state }: Observing, release: string, at: EpochMs): string | null {
  const since = state.firstSeen.get(`release=${release}`);
  if (since === undefined || at - since > NEW_RELEASE_MS) return null;
  let latest: { readonly name: string; readonly at: EpochMs } | null = null;
  for (const [label, seen] of state.firstSeen) {
    if (!label.startsWith('release=') || seen >= since) continue;
    if (latest === null || seen > latest.at) latest = { name: label.slice('release='.length), at: seen };
  }
  return latest?.name ?? null;
}

/**
 * Whether judges and users part ways: "users minus judge", moved into [0, 1], falls when judges become happier than users
 * were with such scores before; and how often the judge ranks a session that went well above one that did not.
 */
function feedDivergence(
  { state, observe }: Observing,
  id: SeriesId,
  x: number,
  outcome: SessionOutcome,
  range: readonly [number, number],
): void {
  const fared = faredWell(outcome);
  if (fared === null || id.segment.dimension.includes('+')) return;
  const divergence: SeriesId = { ...id, kind: 'judge_user_divergence' };
  const bounds = [(1 - range[1]) / 2, (2 - range[0]) / 2] as const;
  observe(divergence, (fared - x + 1) / 2, outcome.lastActivityAt, { range: bounds });
  const association = { ...divergence, criterion: `${id.criterion}${ASSOCIATION}` };
  const key = seriesKey(association);
  const step = stepConcordance(state.pairs.get(key) ?? NO_PAIRS, x, fared >= 0.5, MOST_WAITING);
  state.pairs.set(key, step.state);
  if (step.concordance !== null) observe(association, step.concordance, outcome.lastActivityAt);
}

/**
 * How the session went for the user, by behaviour alone: 0 given up or handed to a person, else the share of its bad turns
 * that it recovered from, 1 without any. Null when its end was not seen.
 */
export function faredWell({ ending, recovery }: SessionOutcome): number | null {
  if (ending === 'open') return null;
  if (ending === 'abandoned' || ending === 'handed_off') return 0;
  return recovery.badTurns === 0 ? 1 : recovery.within / recovery.badTurns;
}

/** What users did in a closed session, judged or not. */
export function feedOutcome({ observe }: Observing, outcome: SessionOutcome): void {
  const { ending, segments, recovery, reactions, lastActivityAt: at } = outcome;
  if (ending === 'open') return;
  for (const segment of segments) {
    if (segment.value === OTHER_VALUE || segment.dimension.includes('+')) continue;
    const id = { segment, panel: '' };
    if (recovery.badTurns > 0) {
      const x = recovery.within / recovery.badTurns;
      observe({ ...id, kind: 'recovery_regression', criterion: RECOVERY }, x, at, { hasHistory: true });
    }
    const engagement = { ...id, kind: 'engagement_regression' } as const;
    observe({ ...engagement, criterion: ABANDONMENT }, ending === 'abandoned' ? 0 : 1, at, { hasHistory: true });
    observe({ ...engagement, criterion: HANDOFF }, reactions.handoffs > 0 ? 0 : 1, at, { hasHistory: true });
  }
}

function find({ state }: Observing, id: SeriesId): WatchedSeries | undefined {
  return state.series.get(seriesKey(id));
}
