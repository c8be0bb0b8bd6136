import type { ControlKind, ControlResult, GoldenAnswer } from './golden';
import type { EpochMs } from './time';

/** A mean with its pointwise 95 % t interval; the bounds are null below two values. */
export interface MeanEstimate {
  readonly n: number;
  readonly mean: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What all answers of a run have in common; `reportedVersion` as the provider last said, null when it never did. */
type RunNames = Pick<
  GoldenAnswer,
  'set' | 'seal' | 'run' | 'trigger' | 'variant' | 'judge' | 'family' | 'model' | 'reportedVersion' | 'promptHash'
>;

/** One complete run of one judge over one sealed set, for one criterion. */
export interface GoldenRunSummary extends RunNames {
  readonly criterion: string;
  /** Processing time of its first and last answer. */
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs;
  /** Items asked about, duplicates apart, and how many of them got a score. */
  readonly items: number;
  readonly scored: number;
  /** Mean score over the items that got one; null without any. */
  readonly mean: number | null;
  /** Now minus sealed, item by item; null without pairs. Its interval does not know how often one has looked. */
  readonly drift: MeanEstimate | null;
  /** As `drift`, of the items that were never published alone. */
  readonly freshDrift: MeanEstimate | null;
  /** Verdicts that are not those of the one sealed run that a re-run can be compared with. `up`: to a pass. */
  readonly changed: { readonly pairs: number; readonly up: number; readonly down: number };
  /** Duplicates inside the run whose two verdicts differ: the judge's own noise. */
  readonly noise: { readonly pairs: number; readonly differing: number };
  /** Verdicts beside people's; `judgePass` = the judge passed what people failed. */
  readonly human: {
    readonly bothPass: number;
    readonly judgePass: number;
    readonly humanPass: number;
    readonly bothFail: number;
  };
  /** Judge minus people, by family of the model that answered; only items with a label and a known family. */
  readonly byProducer: Readonly<Record<string, MeanEstimate>>;
  readonly costUsd: number;
}

/** What is known of golden runs. */
export interface GoldenStanding {
  /** Complete runs, oldest first; of each judge, criterion and variant the latest few. */
  readonly runs: readonly GoldenRunSummary[];
  /** Runs that have begun and miss answers. */
  readonly open: readonly OpenGoldenRun[];
  /** What golden calls have cost, USD, by calendar month (UTC), e.g. `2026-11`; the latest few. */
  readonly spentUsd: Readonly<Record<string, number>>;
  /** Answers about control items, by kind and result; only those that occurred. */
  readonly controls: readonly ControlCount[];
  readonly shadows: readonly ShadowStanding[];
}

/** A shadow judge beside the judge that it may replace, on one criterion, over the same interactions. */
export interface ShadowStanding {
  readonly judge: string;
  readonly beside: string;
  readonly criterion: string;
  /** Its score less the other's, item by item: how far a series would move if it took over. */
  readonly offset: MeanEstimate;
  /** Share of the items on which both give the same verdict, in [0, 1]. */
  readonly agreement: number;
}

export interface ControlCount {
  readonly kind: ControlKind;
  readonly result: ControlResult;
  readonly count: number;
}

export interface OpenGoldenRun {
  readonly run: string;
  readonly judge: string;
  readonly total: number;
  /** `item/repeat` of each answer so far. */
  readonly answered: readonly string[];
  readonly costUsd: number;
}

/** What the judges of a criterion are worth together. */
export interface EffectiveJudges {
  readonly criterion: string;
  readonly judges: number;
  /** In [1, judges]. */
  readonly effective: number;
  /** Labels that the least known pair rests on. */
  readonly labels: number;
}

/** One judge beside people on one criterion. */
export interface JudgeAgreement {
  readonly judge: string;
  readonly criterion: string;
  /** Labels with a verdict of the judge. */
  readonly labels: number;
  /** Cohen's kappa; null where it has no meaning. */
  readonly kappa: number | null;
  /** Large-sample 95 % interval; null below 30 labels. */
  readonly lower: number | null;
  readonly upper: number | null;
}
