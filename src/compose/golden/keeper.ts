import type { LoadedConfig } from '../../config/load';
import type { Annotation } from '../../domain/annotation';
import type { LedgerRecord } from '../../domain/ledger-record';
import type { EpochMs } from '../../domain/time';
import { type PlannedRun, planRuns, tasksOf } from '../../golden/plan';
import { createGoldenReserve, type GoldenReserve, monthOf } from '../../golden/reserve';
import { type GoldenRunResult, makeRun } from '../../golden/run';
import type { GoldenSet } from '../../golden/set';
import type { Logger } from '../../platform/logger';
import type { FoldSnapshot } from '../../watch/fold';
import { type GoldenJudges, goldenPromptHash, passAtOf, producerFamilyOf } from './judges';

/** What the keeper needs to know of the fold; golden runs, annotations and alerts. */
export type GoldenView = Pick<FoldSnapshot, 'golden' | 'isGoldenRunComplete' | 'annotations' | 'alerts' | 'standings'>;

export interface GoldenKeeperDeps {
  readonly loaded: LoadedConfig;
  readonly set: GoldenSet;
  readonly judges: GoldenJudges;
  readonly view: () => GoldenView;
  readonly append: (records: readonly LedgerRecord[]) => Promise<void>;
  /** True while this process owns the ledger, has folded all of it, and the last owner's calls have come to an end. */
  readonly isOwner: () => boolean;
  readonly now: () => EpochMs;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface GoldenKeeper {
  /** Makes what is due; resolves when all of it is complete or cannot go on. Calls that overlap are one. */
  tick(): Promise<void>;
  /** One run in particular. */
  make(run: PlannedRun): Promise<GoldenRunResult>;
  /** Runs that are due. */
  due(): readonly PlannedRun[];
  leftUsd(): number;
}

/** Id of an annotation that asks for a run: `golden-run/<name of the run>`. */
export const REQUEST_PREFIX = 'golden-run/';

export function createGoldenKeeper(deps: GoldenKeeperDeps): GoldenKeeper {
  const { loaded, set, judges, view, logger } = deps;
  const { config } = loaded;
  const promptHash = goldenPromptHash(config);
  /**
   * By run and judge: what this process has appended of runs that are due, which the fold may not have read yet. Of a run that
   * is all appended nothing is left to ask, so it may be planned until the fold knows that it is complete.
   */
  const appended = new Map<string, Set<string>>();
  let reserve: { readonly month: string; readonly of: GoldenReserve } | null = null;
  let ticking: Promise<void> | null = null;
  let told = '';

  const reserveNow = (): GoldenReserve => {
    const month = monthOf(deps.now());
    if (reserve?.month !== month) {
      const spent = view().golden.spentUsd[month] ?? 0;
      reserve = { month, of: createGoldenReserve(ceilingUsd(config), spent) };
    }
    return reserve.of;
  };

  const due = (): readonly PlannedRun[] => {
    const { golden, isGoldenRunComplete, annotations, alerts, standings } = view();
    const notes = annotations.map(({ value }) => value).filter(({ withdrawn }) => !withdrawn);
    const isScore = ({ series, state }: { series: { kind: string }; state: string }): boolean =>
      series.kind === 'score_regression' && (state === 'firing' || state === 'pending');
    return planRuns({
      set,
      judges: config.judges.map(({ name }) => name),
      now: deps.now(),
      everyHours: config.golden.everyHours,
      probes: config.golden.probes,
      promptHash,
      versions: versionsIn(notes),
      isSuspected: alerts.some(isScore) || standings.some(isScore),
      requested: notes.flatMap(({ id }) => (id.startsWith(REQUEST_PREFIX) ? [id.slice(REQUEST_PREFIX.length)] : [])),
      runs: golden.runs,
      isComplete: isGoldenRunComplete,
    });
  };

  const make = async (planned: PlannedRun): Promise<GoldenRunResult> => {
    const { run, judge: name, variant } = planned;
    const key = keyOf(planned);
    const judge = judges.of(variant).find((one) => one.name === name);
    if (judge === undefined) throw new Error(`no judge ${name}`);
    const own = appended.get(key) ?? new Set<string>();
    appended.set(key, own);
    const known = view().golden.open.find((one) => one.run === run && one.judge === name)?.answered ?? [];
    const tasks = tasksOf(set, variant === 'plain' ? config.golden.duplicates : 0);
    return makeRun(planned, judge, tasks, new Set([...known, ...own]), {
      set,
      promptHash,
      passAt: passAtOf(config),
      producerFamily: producerFamilyOf(config),
      append: async (records) => {
        await deps.append(records);
        for (const { golden } of records) own.add(`${golden.item}/${golden.repeat}`);
      },
      reserve: reserveNow(),
      isOwner: deps.isOwner,
      now: deps.now,
      concurrency: config.golden.concurrency,
      signal: deps.signal,
    });
  };

  const tickNow = async (): Promise<void> => {
    if (!deps.isOwner()) {
      // Whoever owns the ledger next spends too; what is left is read again from the fold.
      reserve = null;
      return;
    }
    const runsDue = due();
    forgetOthers(appended, runsDue);
    const byJudge = new Map<string, PlannedRun[]>();
    for (const run of runsDue) byJudge.set(run.judge, [...(byJudge.get(run.judge) ?? []), run]);
    await Promise.all(
      [...byJudge.values()].map(async (runs) => {
        for (const run of runs) {
          const { ended, asked, costUsd } = await make(run);
          const what = { judge: run.judge, run: run.run, variant: run.variant, why: run.why, ended, asked, costUsd };
          if (asked > 0) logger.info(what, 'golden run');
          else if (ended === 'over_budget' && told !== run.run) {
            told = run.run;
            logger.warn(what, 'golden runs have spent this month’s money');
          }
          if (ended !== 'complete') return;
        }
      }),
    );
  };

  return {
    tick: () => (ticking ??= tickNow().finally(() => (ticking = null))),
    make,
    due,
    leftUsd: () => reserveNow().leftUsd(),
  };
}

function keyOf({ run, judge }: PlannedRun): string {
  return `${run}\n${judge}`;
}

/** Keeps what is known of these runs alone, in place: there are as many as judges and reasons at one time. */
export function forgetOthers(appended: Map<string, unknown>, due: readonly PlannedRun[]): void {
  const wanted = new Set(due.map(keyOf));
  for (const key of appended.keys()) if (!wanted.has(key)) appended.delete(key);
}

/** A calendar month's golden runs: the reserved part of the budget, and their own ceiling; Infinity without either. */
function ceilingUsd({ golden, budget }: LoadedConfig['config']): number {
  const reserved = budget.monthlyUsd === undefined ? Infinity : budget.monthlyUsd * budget.goldenShare;
  return Math.min(golden.monthlyUsd ?? Infinity, reserved);
}

/** What the scorers noted last of each judge. */
export function versionsIn(notes: readonly Annotation[]): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const { kind, segments } of notes) {
    const { judge, version } = segments;
    if (kind === 'model' && judge !== undefined && version !== undefined) versions.set(judge, version);
  }
  return versions;
}

/** The note that a provider reports another version of a judge's model; the same from every process that sees it. */
export function versionNote(judge: string, version: string, at: EpochMs): Annotation {
  return {
    id: `judge-version/${judge}/${version}`,
    kind: 'model',
    at,
    until: null,
    text: `judge ${judge} is answered by ${version}`,
    author: 'plumbline',
    segments: { judge, version },
    withdrawn: false,
  };
}
