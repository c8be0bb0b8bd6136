import type { Alert, Incident } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { Label } from '../domain/label';
import type { LedgerRecord } from '../domain/ledger-record';
import type { SessionOutcome } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { Verdict } from '../domain/verdict';
import type {
  AlertFilter,
  InteractionFilter,
  InteractionOrder,
  InteractionRow,
  Page,
  PageRequest,
  StoredAlert,
  StoredInteraction,
} from './port-search';
import type { CellTraffic, GoldenEntry, SeriesBucket, SessionRow, WindowRequest, WindowValue } from './port-window';

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
