import type { Accounting, SegmentEstimate } from '../domain/estimate';
import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert, Incident, SeriesStanding } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { PartitionPosition } from '../domain/coordinates';
import type { FailoverStanding } from '../domain/failover';
import type { EffectiveJudges, GoldenStanding, JudgeAgreement } from '../domain/golden-standing';
import type { Label } from '../domain/label';
import type { GroupGap, SegmentSessions } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { Spend } from '../policy/spend';
import type { Weighting } from '../policy/weighting';
import type { SessionOptions } from '../sessions/options';
import { seedsOf } from './alerts/seeds';
import { standingsOf } from './alerts/view';
import { toAccounting } from './counts';
import { failoverStanding } from './failover';
import { type GoldenRunName, goldenStanding, isRunComplete } from './golden-table';
import { groupGaps, labelledGroups } from './group-gaps';
import type { Recorded } from './keyed-table';
import { agreementOf, effectiveJudgesOf } from './label-agreement';
import type { AlertParams, SeededBaseline } from './options-alerts';
import { estimatesOf } from './segment-table';
import { judgedGroups, sessionsBySegment } from './session-segments';
import { recordsBeside } from './session-table';
import { type Dropped, type FoldConfig, type FoldState, watermarksOf } from './state';

/** What a state says, for those who tell others. */
export interface FoldSnapshot {
  readonly accounting: Accounting;
  readonly estimates: readonly SegmentEstimate[];
  /** The fold's time: the largest marker time, null before the first. */
  readonly clock: EpochMs | null;
  /** Next ledger position. */
  readonly position: bigint;
  readonly watermarks: readonly PartitionPosition[];
  /** Records that wait for a marker to pass them. */
  readonly heldRecords: number;
  /** Items counted under `__other__`, by dimension. */
  readonly overflow: Readonly<Record<string, number>>;
  /** Values left out because their escalation probability was impossible. */
  readonly rejected: number;
  readonly dropped: Readonly<Dropped>;
  readonly final: boolean;
  /** How users fared, by segment: closed sessions only. */
  readonly sessions: readonly SegmentSessions[];
  /** Groups that judges score differently from others as good; by users, then by people, each widest first. */
  readonly groupGaps: readonly GroupGap[];
  /** Records that did not simply join a session, by kind. */
  readonly sessionRecords: Readonly<Record<string, number>>;
  readonly openSessions: number;
  /** Times in which answers came by the failover route. */
  readonly failover: FailoverStanding;
  /** Whose ledger it is and under which parameters it is folded now; null while no config record was seen. */
  readonly config: FoldConfig | null;
  /** Alerts that fire and the latest that were resolved, oldest first. */
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  /** What judging has cost. The state's own: only to be read, and at once. */
  readonly spend: Spend;
  /** Judges that people have paused. */
  readonly pausedJudges: readonly string[];
  /** Learned weights that people have put in force. */
  readonly weightings: readonly Weighting[];
  /** Every series under watch. */
  readonly standings: readonly SeriesStanding[];
  /** What series have learned, for `detectors.baselines` elsewhere; of the state as it is when asked. */
  readonly seeds: () => readonly SeededBaseline[];
  /** What people wrote, oldest first; withdrawn ones too. */
  readonly labels: readonly Recorded<Label>[];
  readonly annotations: readonly Recorded<Annotation>[];
  readonly acknowledgements: readonly Recorded<Acknowledgement>[];
  readonly golden: GoldenStanding;
  /** Whether a golden run needs no further answers; of the state as it is when asked. */
  readonly isGoldenRunComplete: (run: GoldenRunName) => boolean;
  /** Every judge beside people's labels. */
  readonly agreement: readonly JudgeAgreement[];
  /** By criterion, how many independent judges they are worth. */
  readonly effectiveJudges: readonly EffectiveJudges[];
}

/** Under which parameters the state stands; `watching` is null where nothing is watched for alerts. */
export interface Standing {
  readonly watching: AlertParams | null;
  readonly sessions: SessionOptions;
}

export function snapshotOf(state: FoldState, { watching, sessions }: Standing): FoldSnapshot {
  return {
    accounting: toAccounting(state.counts),
    estimates: estimatesOf(state.segments),
    clock: state.clock,
    position: state.position,
    watermarks: watermarksOf(state.partitions),
    heldRecords: [...state.partitions.values()].reduce((sum, { held }) => sum + held.length, 0),
    overflow: Object.fromEntries(state.segments.overflow),
    rejected: state.segments.rejected,
    dropped: { ...state.dropped },
    final: state.final,
    ...usersFigures(state, sessions),
    sessionRecords: recordsBeside(state.sessions),
    openSessions: state.sessions.sessions.open.size,
    failover: failoverStanding(state.failover),
    config: state.config,
    alerts: [...state.alerts.alerts.values()],
    incidents: [...state.alerts.incidents.values()],
    standings: watching === null ? [] : standingsOf(state.alerts, watching),
    seeds: () => seedsOf(state.alerts),
    labels: [...state.keyed.labels.values()],
    annotations: [...state.keyed.annotations.values()],
    acknowledgements: [...state.keyed.acknowledgements.values()],
    golden: goldenStanding(state.keyed.golden),
    isGoldenRunComplete: (run) => isRunComplete(state.keyed.golden, run),
    agreement: agreementOf(state.keyed.agreement),
    effectiveJudges: effectiveJudgesOf(state.keyed.agreement),
    spend: state.spend,
    pausedJudges: [...state.pausedJudges],
    weightings: [...state.weightings.values()],
  };
}

function usersFigures(state: FoldState, sessions: SessionOptions): Pick<FoldSnapshot, 'sessions' | 'groupGaps'> {
  const labels = [...state.keyed.labels.values()].map(({ value }) => value);
  return {
    sessions: sessionsBySegment(state.sessions, state.eventWatermark, sessions, labels),
    groupGaps: [
      ...groupGaps(judgedGroups(state.sessions), 'users', sessions.minGroup),
      ...groupGaps(labelledGroups(labels), 'people', sessions.minGroup),
    ],
  };
}
