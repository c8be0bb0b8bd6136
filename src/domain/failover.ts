import type { EpochMs } from './time';

/** A time in which answers came by the failover route. Event time, to the minute. */
export interface FailoverEpisode {
  readonly from: EpochMs;
  /** Null while it lasts. */
  readonly to: EpochMs | null;
  /** Answers by the failover route. */
  readonly answers: number;
  /** Largest share of the answers within five minutes, in (0, 1]. */
  readonly peak: number;
}

export interface FailoverStanding {
  readonly isActive: boolean;
  /** Of the answers of the last five minutes; null without any. */
  readonly share: number | null;
  /** Episodes that have begun so far. */
  readonly begun: number;
  /** The latest 100, oldest first. */
  readonly episodes: readonly FailoverEpisode[];
}
