import type { OutcomeCriterion, OutcomeItem } from '../../domain/ledger-record';
import { type SegmentKey, segmentLabel } from '../../domain/segment';
import type { EpochMs } from '../../domain/time';
import { ALL_SEGMENTS, OTHER_VALUE } from '../segments';
import { addHistory } from './history';
import { kindOfCheck } from './kinds';
import type { Observing } from './observing';

/** Dimensions that tell what served the answer; their new values are worth naming beside a change. */
export const SERVING: ReadonlySet<string> = new Set(['release', 'model', 'route', 'provider']);

const MOST_FIRST_SEEN = 1_000;
/** Values of a dimension whose share is watched: those that come first are, in practice, the large ones. */
const MOST_SHARES = 10;
const MOST_MIX = 1_000;
/** Reasons of an unjudged criterion that lie with the judges' endpoints, and those that lie with their replies. */
const ENDPOINT_FAILURES: ReadonlySet<string> = new Set(['timeout', 'rate_limited', 'deadline', 'error']);
const REPLY_FAILURES: ReadonlySet<string> = new Set(['unreadable', 'truncated']);

/** One interaction: its checks and segments at the first turn, and whether its judges answered. */
export function feedItem(observing: Observing, item: OutcomeItem, segments: readonly SegmentKey[]): void {
  const { state } = observing;
  const at = item.occurredAt;
  state.eventTime = Math.max(at, state.eventTime ?? at);
  state.traffic.lastClock = state.clock ?? state.traffic.lastClock;
  noteFirstSeen(observing, segments, at);
  if (item.sampled) for (const one of item.criteria) feedJudging(observing, one, state.eventTime);
  if (item.conversationKnown && item.turnIndex > 0) return;
  for (const { check, result } of item.checks) {
    if (result === 'pass' || result === 'fail') feedCheck(observing, check, result === 'fail', segments, at);
  }
  feedMix(observing, segments, at);
}

function feedCheck(
  { observe }: Observing,
  check: string,
  failed: boolean,
  segments: readonly SegmentKey[],
  at: EpochMs,
): void {
  const kind = kindOfCheck(check);
  for (const segment of segments) {
    // Crosses would make more series of checks than of everything else together.
    if (segment.value === OTHER_VALUE || segment.dimension.includes('+')) continue;
    observe({ kind, segment, criterion: check, panel: '' }, failed ? 0 : 1, at);
  }
  // Refusing less than before may mean that what should be refused no longer is.
  if (check === 'refusal') {
    observe({ kind, segment: ALL_SEGMENTS, criterion: UNDER_REFUSAL, panel: '' }, failed ? 1 : 0, at);
  }
}

export const UNDER_REFUSAL = 'under_refusal';

function feedJudging({ observe, params }: Observing, one: OutcomeCriterion, at: EpochMs): void {
  if (one.result === 'not_sampled') return;
  const { judgedRatio, judgeFailures, invalidOutput, overBudget } = params.detectors.targets;
  const id = { segment: ALL_SEGMENTS, criterion: one.criterion, panel: '' };
  const reason = one.result === 'unjudged' ? (one.unjudgedReason ?? 'error') : null;
  const unless = (isBad: boolean): number => (isBad ? 0 : 1);
  observe({ ...id, kind: 'judged_ratio_low' }, unless(reason !== null), at, { target: judgedRatio });
  const isOutage = reason !== null && ENDPOINT_FAILURES.has(reason);
  observe({ ...id, kind: 'judge_unavailable' }, unless(isOutage), at, { target: 1 - judgeFailures });
  const isUnreadable = reason !== null && REPLY_FAILURES.has(reason);
  observe({ ...id, kind: 'judge_invalid_output' }, unless(isUnreadable), at, { target: 1 - invalidOutput });
  observe({ ...id, kind: 'judge_budget_limited' }, unless(reason === 'over_budget'), at, { target: 1 - overBudget });
  // Judges that all say the same thing no longer check each other.
  if (one.escalated && one.disagreement !== null && one.panel !== null) {
    observe({ ...id, panel: one.panel, kind: 'judges_converged' }, Math.min(1, one.disagreement), at);
  }
}

/**
 * The share of each value of a declared dimension, watched for a fall and for a rise. What served the answer is left out:
 * a roll-out moves those shares on purpose.
 */
function feedMix({ state, observe }: Observing, segments: readonly SegmentKey[], at: EpochMs): void {
  for (const segment of segments) {
    if (segment.value === OTHER_VALUE) continue;
    const label = segmentLabel(segment);
    let history = state.mix.get(label);
    if (history === undefined) {
      if (state.mix.size >= MOST_MIX) continue;
      history = [];
      state.mix.set(label, history);
      const { dimension, value } = segment;
      if (!SERVING.has(dimension) && !dimension.includes('+') && dimension !== 'all') {
        const shares = state.shares.get(dimension) ?? [];
        if (shares.length < MOST_SHARES) state.shares.set(dimension, [...shares, value]);
      }
    }
    addHistory(history, 0, at);
    for (const value of state.shares.get(segment.dimension) ?? NONE) {
      const id = { kind: 'traffic_mix_shift', segment: { dimension: segment.dimension, value }, panel: '' } as const;
      const isHere = value === segment.value;
      observe({ ...id, criterion: SHARE_FALLS }, isHere ? 1 : 0, at);
      observe({ ...id, criterion: SHARE_RISES }, isHere ? 0 : 1, at);
    }
  }
}

export const SHARE_FALLS = 'share_falls';
export const SHARE_RISES = 'share_rises';
const NONE: readonly string[] = [];

function noteFirstSeen({ state }: Observing, segments: readonly SegmentKey[], at: EpochMs): void {
  for (const segment of segments) {
    if (!SERVING.has(segment.dimension) || segment.value === OTHER_VALUE) continue;
    const label = segmentLabel(segment);
    if (!state.firstSeen.has(label) && state.firstSeen.size < MOST_FIRST_SEEN) state.firstSeen.set(label, at);
  }
}
