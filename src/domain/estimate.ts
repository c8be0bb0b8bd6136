import type { CriterionResult, EscalationReason, RecordOutcome, UnjudgedReason } from './accounting';
import type { SegmentKey } from './segment';

/** What is published about one series: a segment, a criterion and the panel that made its values. */
export interface SegmentEstimate {
  readonly segment: SegmentKey;
  readonly criterion: string;
  readonly panel: string;
  /** Mean over closed sessions of the ensemble-equivalent score, one AIPW value per session; null without any. */
  readonly mean: number | null;
  /** Pointwise 95 % interval around `mean`, clipped to [0, 1]; null below two sessions. */
  readonly lower: number | null;
  readonly upper: number | null;
  /**
   * Where `mean` would lie if every escalation whose ensemble failed for good had scored 0, and if it had scored 1;
   * clipped to [0, 1]. Null or absent without items.
   */
  readonly failureBracket?: readonly [lowest: number, highest: number] | null;
  /** Plain means, shown beside the estimate because they mislead alone. */
  readonly cheapMean: number | null;
  readonly escalatedMean: number | null;
  /** Closed sessions with a value; `mean` is theirs. */
  readonly sessions?: number;
  /** Items with a value, of open sessions too. */
  readonly items: number;
  readonly escalated: number;
  /** Effective sample size of the escalated items. */
  readonly effectiveSampleSize: number | null;
  /** Items judged (scored or not applicable) over items that were sampled for judging; null when none was. */
  readonly judgedRatio: number | null;
  readonly unjudged: number;
}

/** Exact counts; every sum is checked against its whole. */
export interface Accounting {
  /** Source offsets with an effective record. */
  readonly recordsIn: number;
  readonly records: Readonly<Record<RecordOutcome, number>>;
  readonly interactions: number;
  readonly criteria: Readonly<Record<string, CriterionAccounting>>;
  readonly escalations: Readonly<Record<EscalationReason, number>>;
  /**
   * Dead letters that were read again and are none any more, by what became of them. They stay `dead_lettered` in
   * `records`, which counts each source offset once and never goes down; their interactions and criteria are counted.
   */
  readonly replays: Readonly<Partial<Record<RecordOutcome, number>>>;
}

export interface CriterionAccounting {
  readonly results: Readonly<Record<CriterionResult, number>>;
  readonly unjudged: Readonly<Partial<Record<UnjudgedReason, number>>>;
  readonly pass: number;
  readonly fail: number;
}
