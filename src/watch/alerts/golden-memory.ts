import type { GoldenRunSummary } from '../../domain/golden-standing';
import { membersOf } from '../../domain/panel-name';
import type { EpochMs } from '../../domain/time';
import { JUDGE_MOVED_EVIDENCE, verdictDriftEvidence } from '../../detectors/verdict-drift';
import { type DriftVectors, type Shift, shiftDifference } from '../../stats/attribution';
import { Z_95 } from '../../stats/interval';

/** What the alert engine remembers of frozen sets. Plain but for its maps. */
export interface GoldenMemory {
  /** By judge and criterion. */
  readonly judges: Map<string, JudgeStanding>;
  /** First label of each item and criterion of a frozen set. */
  readonly humans: Map<string, number>;
  /** By criterion. */
  readonly raters: Map<string, RaterStanding>;
  /** The fold's clock at the last complete run; null before the first. */
  lastRunAt: EpochMs | null;
}

/** How a judge did on the sealed set the last time it was asked. */
export interface JudgeStanding {
  readonly judge: string;
  readonly criterion: string;
  readonly seal: string;
  /** Complete runs on this seal. */
  readonly runs: number;
  readonly evidence: number;
  readonly moved: boolean;
  /** Now minus sealed. */
  readonly shift: Shift;
  readonly items: number;
  readonly at: EpochMs;
}

/** Labels of sealed items given again: how many changed each way. */
export interface RaterStanding {
  up: number;
  down: number;
  same: number;
}

/** With fewer items the golden set cannot rule the judge out. */
export const ENOUGH_ITEMS = 400;

export function createGoldenMemory(): GoldenMemory {
  return { judges: new Map(), humans: new Map(), raters: new Map(), lastRunAt: null };
}

/**
 * The standing after one more complete run. Every run is compared with the same sealed verdicts, so runs are not
 * independent and their evidence is not multiplied: the k-th is asked for 20 k (k + 1), which leaves all of them together
 * one chance in twenty of a false alarm, however they depend on each other.
 */
export function nextStanding(before: JudgeStanding | undefined, run: GoldenRunSummary): JudgeStanding {
  const { judge, criterion, seal, changed, drift, scored } = run;
  const runs = (before !== undefined && before.seal === seal ? before.runs : 0) + 1;
  const evidence = verdictDriftEvidence(changed);
  const standardError = drift === null || drift.upper === null ? 0 : (drift.upper - drift.mean) / Z_95;
  return {
    judge,
    criterion,
    seal,
    runs,
    evidence,
    moved: evidence >= JUDGE_MOVED_EVIDENCE * runs * (runs + 1),
    shift: { change: drift?.mean ?? 0, standardError },
    items: scored,
    at: run.finishedAt,
  };
}

export function standingKey(judge: string, criterion: string): string {
  return `${judge}\n${criterion}`;
}

/** How a panel stands: the mean over its members; null when none of them was ever re-run. */
export interface PanelStanding {
  readonly shift: Shift;
  readonly moved: boolean;
  /** Fewest items of any member; 0 when one was never re-run. */
  readonly items: number;
  /** The clock when the last member was heard; 0 when one was never. */
  readonly heardAt: EpochMs;
}

export function panelStanding({ judges }: GoldenMemory, criterion: string, panel: string): PanelStanding | null {
  const members = membersOf(panel);
  const known = members.flatMap((judge) => judges.get(standingKey(judge, criterion)) ?? []);
  if (known.length === 0) return null;
  const isWhole = known.length === members.length;
  return {
    shift: {
      change: known.reduce((sum, { shift }) => sum + shift.change, 0) / members.length,
      standardError: Math.hypot(...known.map(({ shift }) => shift.standardError)) / members.length,
    },
    moved: known.some(({ moved }) => moved),
    items: isWhole ? Math.min(...known.map(({ items }) => items)) : 0,
    heardAt: isWhole ? Math.min(...known.map(({ at }) => at)) : 0,
  };
}

/**
 * What to take off a panel's values while one of its judges has moved: the change at the end of its interval that is
 * slower to alarm. 0 while none has.
 */
export function correctionOf(standing: PanelStanding | null): number {
  if (standing === null || !standing.moved) return 0;
  return standing.shift.change - Z_95 * standing.shift.standardError;
}

/** Nobody labelled the frozen set again. */
export function vectorsOf(observed: Shift, judge: Shift): DriftVectors {
  return { observed, judge, human: null, product: shiftDifference(observed, judge), judgeMinusHuman: null };
}
