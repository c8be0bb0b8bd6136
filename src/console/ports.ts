import type { Alert, SeriesStanding } from '../domain/alert';
import type { SegmentEstimate } from '../domain/estimate';
import type { KeyedRecord } from '../domain/ledger-record';
import type { GroupGap, SegmentSessions, SessionOutcome } from '../domain/session-outcome';
import type { Verdict } from '../domain/verdict';
import type { ReviewOptions } from '../reviews/options';
import type { SplitCriteria } from '../reviews/queue';
import type { GoldenReview } from '../reviews/rota';
import type { EvidenceStore } from '../store/port';

/** What the fold knows now, as far as the console shows it. */
export interface ConsoleSnapshot {
  readonly clock: number | null;
  readonly estimates: readonly SegmentEstimate[];
  readonly standings: readonly SeriesStanding[];
  readonly sessions: readonly SegmentSessions[];
  readonly groupGaps?: readonly GroupGap[];
  /** What series have learned, in the shape of `detectors.baselines`; of the state as it is when asked. */
  readonly seeds: () => readonly object[];
}

/** Everything the API talks to. */
export interface ConsoleParts {
  readonly store: EvidenceStore;
  /** Null where this process does not fold. */
  readonly snapshot: () => ConsoleSnapshot | null;
  readonly parseVerdict: (json: string) => Verdict;
  readonly parseAlert: (json: string) => Alert;
  readonly parseSession: (json: string) => SessionOutcome;
  /** Largest size of a difference of two scores. */
  readonly widestScore: number;
  /** Appends to the ledger; null where nothing may be written. */
  readonly append: ((records: readonly KeyedRecord[]) => Promise<void>) | null;
  /** Erases a user or a conversation everywhere; null where nothing may be. The receipt as JSON. */
  readonly erase: ((kind: 'user' | 'conversation', id: string, by: string) => Promise<unknown>) | null;
  readonly reviews: ReviewParts;
  /** What labellers write is redacted as all text is. */
  readonly redact: (text: string) => string;
  readonly criteria: readonly ConsoleCriterion[];
  readonly now: () => number;
  /** Of the program. */
  readonly version: string;
  readonly links: ConsoleLinks;
}

/** What reviews rest on. */
export interface ReviewParts {
  readonly options: ReviewOptions;
  /** Of the hash over who labels. */
  readonly raterSalt: string;
  /** Null for a model that is not known. */
  readonly familyOf: (model: string) => string | null;
  readonly splits: SplitCriteria;
  /** The golden set, whose items are labelled again on a rota; empty without one. */
  readonly golden: readonly GoldenReview[];
}

export interface ConsoleCriterion {
  readonly name: string;
  readonly rubric: string;
  /** A score at or above it is a pass. */
  readonly passAt: number;
}

/** URL templates to where else one would look; null = no link. */
export interface ConsoleLinks {
  /** `{trace_id}` */
  readonly trace: string | null;
  /** `{release}` */
  readonly release: string | null;
  readonly alertmanager: string | null;
  /** `{kind}` */
  readonly runbook: string | null;
  /** `{alert}` and `{title}` */
  readonly ticket: string | null;
}
