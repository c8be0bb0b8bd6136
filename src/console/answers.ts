import type { Acknowledgement as AcknowledgementRecord } from '../domain/acknowledgement';
import type { Alert as AlertRecord, Incident as IncidentRecord, SeriesStanding } from '../domain/alert';
import type { SegmentEstimate } from '../domain/estimate';
import type { Label as LabelRecord } from '../domain/label';
import type { GroupGap, SegmentSessions as SessionSums, SessionOutcome } from '../domain/session-outcome';
import type * as verdict from '../domain/verdict';
import type { ContextDocument, Message } from '../domain/interaction';
import type { Report as ReportRecord } from '../investigate/report';
import type { StoreSize } from '../store/port';
import type { InteractionRow as StoredRow, Page as StoredPage } from '../store/port-search';
import type { SeriesBucket } from '../store/port-window';
import type * as figures from './judge-figures';
import type { Principal } from './principal';
import type { Json } from './snake';

/** What the API answers: the records of the domain as JSON. The page knows these types and nothing else of ours. */
export type Alert = Json<AlertRecord>;
export type Incident = Json<IncidentRecord>;
export type Acknowledgement = Json<AcknowledgementRecord>;
export type InteractionRow = Json<StoredRow>;
export type JudgeAnswer = Json<verdict.JudgeAnswer>;
export type CriterionVerdict = Json<verdict.CriterionVerdict>;
export type Verdict = Json<verdict.Verdict>;
export type Check = Verdict['checks'][number];
export type Session = Json<SessionOutcome>;
export type Label = Json<LabelRecord>;
export type Report = Json<ReportRecord>;
export type Bucket = Json<SeriesBucket>;
export type ChangeInterval = NonNullable<Alert['began']>;
export type Effect = NonNullable<Report['estimate']['change']>;
export type Me = Json<Principal>;
export type Agreement = Json<figures.Agreement>;
export type JudgeFigures = Json<figures.JudgeFigures>;
export type Page<T> = StoredPage<T>;

export interface AlertRow {
  readonly alert: Alert;
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface AlertDetail extends AlertRow {
  /** Hourly means. */
  readonly series: readonly Bucket[];
  readonly links: Readonly<Record<'silence' | 'silences' | 'runbook' | 'ticket', string | null>>;
}

export interface IncidentDetail {
  readonly incident: Incident;
  readonly alerts: readonly AlertRow[];
}

/** A turn as the conversation shows it: what was asked last and what was answered; null where no text is kept. */
export type Turn = InteractionRow & { readonly asked: string | null; readonly answered: string | null };

export interface InteractionDetail {
  readonly interaction: InteractionRow;
  readonly verdict: Verdict | null;
  readonly conversation: readonly Turn[];
  readonly sessions: readonly Session[];
  readonly labels: readonly Label[];
  readonly links: { readonly trace: string | null };
}

/** With the label of its segment in place of the key. */
type Labelled<T> = Json<Omit<T, 'segment'>> & { readonly segment: string };

export type Estimate = Labelled<SegmentEstimate>;
export type Standing = Labelled<Omit<SeriesStanding, 'series'> & SeriesStanding['series']>;
export type SegmentSessions = Labelled<SessionSums>;

export interface Segments {
  readonly clock: number | null;
  readonly estimates: readonly Estimate[];
  readonly standings: readonly Standing[];
  readonly sessions: readonly SegmentSessions[];
  readonly group_gaps: readonly Labelled<GroupGap>[];
}

export interface SegmentSeries {
  readonly segment: string;
  readonly criterion: string;
  readonly buckets: readonly Bucket[];
}

export interface Judges {
  /** Looked at. */
  readonly interactions: number;
  readonly rows: readonly JudgeFigures[];
  readonly golden: readonly GoldenDrift[];
}

/** Mean scores of a judge's latest run on the frozen set, and when it was sealed. */
export interface GoldenDrift {
  readonly judge: string;
  readonly criterion: string;
  readonly items: number;
  readonly now: number;
  readonly sealed: number;
}

/** What the judges saw, and nothing of what they said. */
export interface ReviewItem {
  readonly interaction_id: string;
  readonly criterion: string;
  readonly rubric: string | null;
  readonly round: LabelRecord['round'];
  readonly conversation: readonly Json<Message>[];
  readonly context: readonly Json<ContextDocument>[];
}

export interface Reviews {
  readonly rows: readonly ReviewItem[];
  readonly left: number;
  readonly labelled: number;
}

/** What the judges said of what was just labelled. */
export interface Judged {
  readonly label: Label;
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly judges: readonly JudgeAnswer[];
}

/** What every stage says of itself. */
export interface StatusFigures {
  readonly instance: string;
  readonly version: string;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly lag: readonly { readonly topic: string; readonly partition: number; readonly lag_records: number }[];
  readonly report: RunFigures | null;
}

export interface Status extends StatusFigures {
  readonly store: Json<StoreSize> | null;
}

/** What a run has done so far; the accounting adds up. */
export interface RunFigures {
  readonly seconds: number;
  readonly records: Readonly<Record<string, number>>;
  readonly criteria: Readonly<Record<string, CriterionFigures>>;
  readonly escalations: Readonly<Record<string, number>>;
  readonly judge_calls: number;
  readonly judge_cost_usd: number;
}

export interface CriterionFigures {
  readonly scored: number;
  readonly not_applicable: number;
  readonly not_sampled: number;
  readonly unjudged: number;
  readonly unjudged_reasons: Readonly<Record<string, number>>;
  readonly pass: number;
  readonly fail: number;
  /** Escalated over scored; null when there was none. */
  readonly escalation_rate: number | null;
}
