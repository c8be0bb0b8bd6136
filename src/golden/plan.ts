import { createHash } from 'node:crypto';
import type { GoldenTrigger, GoldenVariant } from '../domain/golden';
import type { GoldenRunSummary } from '../domain/golden-standing';
import type { EpochMs } from '../domain/time';
import { byHash } from './pick';
import type { GoldenItem, GoldenSet } from './set';

/** One judge over the whole set. */
export interface PlannedRun {
  readonly run: string;
  readonly judge: string;
  readonly trigger: GoldenTrigger;
  readonly variant: GoldenVariant;
  /** Why, in words, for logs. */
  readonly why: string;
}

export interface GoldenTask {
  readonly item: GoldenItem;
  readonly repeat: number;
}

export interface PlanInput {
  readonly set: Pick<GoldenSet, 'seal'>;
  readonly judges: readonly string[];
  readonly now: EpochMs;
  readonly everyHours: number;
  readonly probes: boolean;
  readonly promptHash: string;
  /** Version that each judge's provider was last seen to report. */
  readonly versions: ReadonlyMap<string, string>;
  /** True while a detector suspects that scores fell, or says so. */
  readonly isSuspected: boolean;
  /** Ids of runs that people ever asked for, e.g. `2026-11-29T23:05`. */
  readonly requested: readonly string[];
  /** The latest complete runs, oldest first. */
  readonly runs: readonly GoldenRunSummary[];
  /** Also of runs that are no longer among the latest. */
  readonly isComplete: (run: Pick<PlannedRun, 'run' | 'judge'>) => boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Runs that are due and not complete, the most urgent first. Pure: whoever plans at the same state plans the same runs
 * under the same ids, so that a run is made once whatever process makes it.
 */
export function planRuns(input: PlanInput): PlannedRun[] {
  const { set, judges, now, everyHours, promptHash } = input;
  const slot = Math.floor(now / (everyHours * HOUR_MS));
  const day = Math.floor(now / DAY_MS);
  const planned: PlannedRun[] = [];
  const plan = (judge: string, trigger: GoldenTrigger, variant: GoldenVariant, reason: string, why: string): void => {
    const run = runId(set.seal, promptHash, judge, variant, `${trigger}/${reason}`);
    if (!input.isComplete({ run, judge })) planned.push({ run, judge, trigger, variant, why });
  };
  for (const judge of judges) {
    const last = input.runs
      .filter((run) => run.judge === judge && run.variant === 'plain' && run.seal === set.seal)
      .at(-1);
    const version = input.versions.get(judge);
    if (last !== undefined && last.promptHash !== promptHash) plan(judge, 'change', 'plain', promptHash, 'new prompt');
    if (last !== undefined && version !== undefined && last.reportedVersion !== version) {
      plan(judge, 'change', 'plain', `${last.reportedVersion}/${version}`, `the provider reports ${version}`);
    }
  }
  if (input.isSuspected) {
    for (const judge of judges) plan(judge, 'suspicion', 'plain', String(day), 'a detector suspects a drop');
  }
  for (const request of input.requested) {
    for (const judge of judges) plan(judge, 'manual', 'plain', request, 'asked for');
  }
  for (const judge of judges) plan(judge, 'schedule', 'plain', String(slot), 'on schedule');
  if (input.probes) {
    const variant = slot % 2 === 0 ? 'swapped' : 'padded';
    for (const judge of judges) plan(judge, 'schedule', variant, String(slot), `the ${variant} probe of this period`);
  }
  return planned;
}

/** Every item once, and `duplicates` of them a second time at the end; the same ones in every run of a set. */
export function tasksOf({ items, seal }: Pick<GoldenSet, 'items' | 'seal'>, duplicates: number): GoldenTask[] {
  return [
    ...items.map((item) => ({ item, repeat: 0 })),
    ...byHash(items, seal)
      .slice(0, duplicates)
      .map((item) => ({ item, repeat: 1 })),
  ];
}

/** 16 hex digits. */
export function runId(seal: string, promptHash: string, judge: string, variant: GoldenVariant, reason: string): string {
  return createHash('sha256')
    .update(JSON.stringify([seal, promptHash, judge, variant, reason]))
    .digest('hex')
    .slice(0, 16);
}
