import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert, Incident } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { GoldenAnswer } from '../domain/golden';
import type { Label } from '../domain/label';
import type { LedgerRecord, OutcomeItem } from '../domain/ledger-record';
import type { SessionOutcome } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { Verdict } from '../domain/verdict';

/** One line of the ledger with its place in it. */
export interface LedgerLine {
  readonly position: bigint;
  readonly record: LedgerRecord;
}

/** A record of ours with the JSON that is kept and served, in the names of its schema. */
export interface WithJson<T> {
  readonly value: T;
  readonly json: string;
}

/** What is written at once: all of it or nothing. */
export interface EvidenceBatch {
  readonly entries?: readonly LedgerLine[];
  readonly verdicts?: readonly WithJson<Verdict>[];
  readonly sessions?: readonly WithJson<SessionOutcome>[];
  readonly alerts?: readonly WithJson<Alert>[];
  readonly incidents?: readonly Incident[];
  /** How far each feed has been read with this batch; kept in the same transaction. */
  readonly positions?: Readonly<Record<string, string>>;
}

/** What a batch changed. */
export interface WriteResult {
  /** Interactions that were new. */
  readonly items: number;
  readonly verdicts: number;
  /** Records turned away because what they are about was erased. */
  readonly refused: number;
}

/** One page of a list, and where the next begins; null at the end. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface PageRequest {
  /** At most `MAX_PAGE`. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export const MAX_PAGE = 200;

/** Which interactions; all that is given must hold. */
export interface InteractionFilter {
  /** `product=support`, also `release=…`, `model=…`, `route=…`, crosses as `product+locale=support+de`. */
  readonly segment?: string | undefined;
  readonly criterion?: string | undefined;
  /** `fail` or `pass` of the criterion. */
  readonly result?: 'pass' | 'fail' | 'unjudged' | undefined;
  readonly minScore?: number | undefined;
  readonly maxScore?: number | undefined;
  /** Least disagreement of the ensemble, in [0, 1]. */
  readonly minDisagreement?: number | undefined;
  /** A check that failed. */
  readonly check?: string | undefined;
  readonly conversation?: string | undefined;
  readonly userHash?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Words that the user's message or the answer holds, where text is kept. */
  readonly text?: string | undefined;
}

/** `recent`: latest first. `worst`: lowest score first. `disagreement`: least agreed first. */
export type InteractionOrder = 'recent' | 'worst' | 'disagreement';

/** What happened where: the finest slice of traffic that is told apart. */
export interface TrafficCell {
  readonly segments: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly model: string;
  readonly route: string;
  readonly release: string | null;
}

export interface InteractionRow {
  readonly interactionId: string;
  readonly conversationId: string;
  readonly turnIndex: number;
  readonly occurredAt: EpochMs;
  readonly outcome: string;
  readonly cell: TrafficCell;
  readonly sampled: boolean;
  /** Lowest score over its criteria; null when none was scored. */
  readonly worstScore: number | null;
  readonly disagreement: number | null;
  readonly failedChecks: readonly string[];
  readonly criteria: readonly CriterionRow[];
  readonly costUsd: number;
}

export interface CriterionRow {
  readonly criterion: string;
  readonly result: string;
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly panel: string | null;
  readonly escalated: boolean;
  readonly disagreement: number | null;
}

export interface StoredInteraction {
  readonly row: InteractionRow;
  readonly userHash: string | null;
  /** JSON of the winning verdict; null when it has not come, or is no longer kept. */
  readonly verdictJson: string | null;
  readonly labels: readonly Label[];
}

export interface AlertFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly segment?: string | undefined;
  readonly criterion?: string | undefined;
  readonly owner?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

export interface StoredAlert {
  readonly json: string;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** One value of a criterion on one interaction, as the estimators need it. */
export interface WindowValue {
  readonly at: EpochMs;
  readonly cell: TrafficCell;
  /** Number of the conversation within the answer; values of one conversation are not independent. */
  readonly conversation: number;
  readonly panel: string;
  /** AIPW pseudo-outcome. */
  readonly value: number;
  readonly cheap: number | null;
  readonly ensemble: number | null;
  /** Inclusion times upstream probability, in (0, 1]. */
  readonly probability: number;
  readonly version: JudgingVersion | null;
}

/** What judged: hashes of rubrics and prompt, and the version each judge said it was. */
export interface JudgingVersion {
  readonly rubrics: string;
  readonly prompt: string;
  readonly config: string;
  readonly judges: Readonly<Record<string, string>>;
}

export interface WindowRequest {
  readonly criterion: string;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  /** Of more values the latest, or the earliest, are taken. */
  readonly most: number;
  readonly keep: 'latest' | 'earliest';
}

/** All traffic of a window by cell, judged or not. */
export interface CellTraffic {
  readonly cell: TrafficCell;
  readonly interactions: number;
  /** What they stand for: each counts once per its upstream sampling probability. */
  readonly population: number;
  /** Conversations that began there, counted likewise. */
  readonly conversations: number;
  readonly sampled: number;
  /** Interactions on which each check failed. */
  readonly failedChecks: Readonly<Record<string, number>>;
}

/** One answer about the frozen set, and when it was recorded. */
export interface GoldenEntry {
  readonly at: EpochMs;
  readonly answer: GoldenAnswer;
}

/** One session as the comparison of users' outcomes needs it. */
export interface SessionRow {
  readonly conversationId: string;
  readonly closedAt: EpochMs;
  readonly segments: readonly string[];
  readonly ending: string;
  readonly turns: number;
  readonly badTurns: number;
  readonly recovered: number;
  readonly satisfaction: number;
}

/** A stretch of time of one series, for charts. */
export interface SeriesBucket {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly n: number;
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly interactions: number;
}

export interface EraseRequest {
  readonly kind: 'user' | 'conversation';
  /** The user's hashes under every live salt, or the one id of the conversation. */
  readonly ids: readonly string[];
  readonly at: EpochMs;
}

export interface Erased {
  readonly interactions: readonly ErasedInteraction[];
  readonly verdicts: number;
  readonly sessions: number;
  readonly labels: number;
}

/** Where further copies of what was erased lie. */
export interface ErasedInteraction {
  readonly interactionId: string;
  readonly conversationId: string;
}

/** Event times of the first and the last interaction; null without one. */
export interface TimeSpan {
  readonly oldest: EpochMs | null;
  readonly newest: EpochMs | null;
}

export interface StoreSize extends TimeSpan {
  readonly interactions: number;
  readonly verdicts: number;
  readonly sessions: number;
  readonly alerts: number;
  readonly bytes: number;
}

export interface Retention {
  readonly now: EpochMs;
  /** Details of interactions older than this go. */
  readonly maxAgeMs: number;
  /** The oldest go until the store is below this size. */
  readonly maxBytes: number;
}

/**
 * What on-call reads: everything seen and decided, by id, by search and by window. Written by one process. Nothing that
 * is published as a figure comes from here, so it may be lost and filled again from the topics.
 *
 * Writing rejects with STORE_FULL when there is no room, and with STORE_FAILED for anything else; the batch is then not
 * in, and writing it again is right. Writing a batch twice changes nothing.
 */
export interface EvidenceStore {
  /** Random, made with the store: another store reads its feeds from their beginning. */
  readonly id: string;
  write(batch: EvidenceBatch): Promise<WriteResult>;
  position(feed: string): Promise<string | null>;

  interaction(interactionId: string): Promise<StoredInteraction | null>;
  conversation(conversationId: string): Promise<readonly StoredInteraction[]>;
  /** Sessions of a conversation as JSON, oldest first. */
  sessionsOf(conversationId: string): Promise<readonly string[]>;
  interactions(filter: InteractionFilter, order: InteractionOrder, page: PageRequest): Promise<Page<InteractionRow>>;

  alert(id: string): Promise<StoredAlert | null>;
  alerts(filter: AlertFilter, page: PageRequest): Promise<Page<StoredAlert>>;
  incident(id: string): Promise<Incident | null>;
  incidents(page: PageRequest): Promise<Page<Incident>>;

  annotations(from: EpochMs, to: EpochMs): Promise<readonly Annotation[]>;
  labels(from: EpochMs, to: EpochMs): Promise<readonly Label[]>;
  /** Oldest first. */
  golden(from: EpochMs, to: EpochMs): Promise<readonly GoldenEntry[]>;

  values(request: WindowRequest): Promise<readonly WindowValue[]>;
  traffic(from: EpochMs, to: EpochMs): Promise<readonly CellTraffic[]>;
  sessions(from: EpochMs, to: EpochMs, most: number): Promise<readonly SessionRow[]>;
  /** Outcomes as JSON of the sessions that closed, of more than `most` the latest; in order of closing. */
  outcomes(from: EpochMs, to: EpochMs, most: number): Promise<readonly string[]>;
  series(segment: string, criterion: string, from: EpochMs, to: EpochMs): Promise<readonly SeriesBucket[]>;
  criteria(): Promise<readonly string[]>;

  erase(request: EraseRequest): Promise<Erased>;
  retain(retention: Retention): Promise<number>;
  span(): Promise<TimeSpan>;
  size(): Promise<StoreSize>;
  close(): Promise<void>;
}

/** Which slice of the traffic an item of the ledger belongs to. */
export function cellOf(item: OutcomeItem): TrafficCell {
  return {
    segments: item.segments,
    provider: item.producerProvider,
    model: item.producerModel,
    route: item.producerRoute,
    release: item.producerRelease,
  };
}
