import type { GoldenAnswer } from '../domain/golden';
import type { EpochMs } from '../domain/time';
import type { TrafficCell } from './traffic-cell';

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
