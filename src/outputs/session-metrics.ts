import { segmentLabel } from '../domain/segment';
import type { GroupGap, Ratio, RelianceRatios, SegmentSessions } from '../domain/session-outcome';
import type { TablesOf } from './cells';
import { toLabelValue } from './label-guard';

/** What is known of how users fare. */
export interface SessionFigures {
  readonly sessions?: readonly SegmentSessions[];
  readonly groupGaps?: readonly GroupGap[];
  /** Conversations with an open session, and records that did not simply join one, by kind. */
  readonly openSessions?: number;
  readonly sessionRecords?: Readonly<Record<string, number>>;
}

/** Each with `_lower` and `_upper`. */
const RATIOS = [
  'recovery_ratio',
  'abandonment_ratio',
  'handoff_ratio',
  'return_ratio',
  'churn_ratio',
  'over_reliance_ratio',
  'under_reliance_ratio',
  'team_gain_ratio',
  'judge_group_gap',
] as const;
const ENDS = ['', '_lower', '_upper'] as const;

type RatioKey = (typeof RATIOS)[number];

export const SESSION_METRICS = [
  'session_outcomes_total',
  ...RATIOS.flatMap((name) => ENDS.map((end) => `${name}${end}` as const)),
  'sessions_open',
  'session_records_total',
] as const;

type SessionTables = TablesOf<(typeof SESSION_METRICS)[number]>;

/** The segments whose users fare worst, as for scores; returns the number left out. */
export function fillSessions(tables: SessionTables, figures: SessionFigures, maxSegments: number): number {
  const { sessions = [], groupGaps = [], openSessions, sessionRecords = {} } = figures;
  if (openSessions !== undefined) tables.sessions_open.at().value = openSessions;
  for (const [kind, count] of Object.entries(sessionRecords)) tables.session_records_total.at(kind).value = count;
  const kept = [...sessions].sort(worstFirst).slice(0, maxSegments + 1);
  for (const { segment, endings, ratios } of kept) {
    const label = toLabelValue(segmentLabel(segment));
    for (const [outcome, count] of Object.entries(endings)) {
      tables.session_outcomes_total.at(label, outcome).value = count;
    }
    setRatio(tables, 'recovery_ratio', [label], ratios.recovery);
    setRatio(tables, 'abandonment_ratio', [label], ratios.abandonment);
    setRatio(tables, 'handoff_ratio', [label], ratios.handoff);
    setRatio(tables, 'return_ratio', [label], ratios.return);
    setRatio(tables, 'churn_ratio', [label, 'silence'], ratios.quietChurn);
    setRatio(tables, 'churn_ratio', [label, 'complaint'], ratios.complaintChurn);
    for (const [rightBy, reliance] of Object.entries(ratios.reliance)) setReliance(tables, [label, rightBy], reliance);
  }
  for (const { segment, criterion, by, gap } of groupGaps.slice(0, maxSegments)) {
    setRatio(tables, 'judge_group_gap', [toLabelValue(segmentLabel(segment)), toLabelValue(criterion), by], gap);
  }
  return sessions.length - kept.length;
}

/** The whole stream first, then by abandonment; where nothing is published, last. */
function worstFirst(a: SegmentSessions, b: SegmentSessions): number {
  return worstness(b) - worstness(a) || (segmentLabel(a.segment) < segmentLabel(b.segment) ? -1 : 1);
}

function worstness({ segment, ratios }: SegmentSessions): number {
  return segment.dimension === 'all' ? 2 : (ratios.abandonment?.value ?? -1);
}

function setReliance(
  tables: SessionTables,
  labels: readonly string[],
  { overReliance, underReliance, teamGain }: RelianceRatios,
): void {
  setRatio(tables, 'over_reliance_ratio', labels, overReliance);
  setRatio(tables, 'under_reliance_ratio', labels, underReliance);
  setRatio(tables, 'team_gain_ratio', labels, teamGain);
}

function setRatio(tables: SessionTables, key: RatioKey, labels: readonly string[], ratio: Ratio | null): void {
  if (ratio === null) return;
  tables[key].at(...labels).value = ratio.value;
  tables[`${key}_lower`].at(...labels).value = ratio.lower;
  tables[`${key}_upper`].at(...labels).value = ratio.upper;
}
