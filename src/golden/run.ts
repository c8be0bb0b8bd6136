import type { GoldenAnswer, GoldenScore } from '../domain/golden';
import { goldenRecord, type GoldenRecord } from '../domain/ledger-record';
import type { Interaction } from '../domain/interaction';
import type { EpochMs } from '../domain/time';
import type { JudgeAnswer } from '../domain/verdict';
import type { GoldenTask, PlannedRun } from './plan';
import type { GoldenReserve } from './reserve';
import type { GoldenItem, GoldenSet } from './set';

/** What a judge is shown: an interaction, and beside its answer perhaps another one to the same input. */
export interface ShownItem {
  readonly interaction: Interaction;
  readonly rival?: Interaction['output'];
}

/** What a run needs to know of its judge. */
export interface GoldenJudge {
  readonly name: string;
  readonly family: string;
  readonly model: string;
  /** Answers by criterion, of those that apply to the item; never rejects. */
  ask(item: ShownItem, signal: AbortSignal): Promise<ReadonlyMap<string, JudgeAnswer>>;
  /** The most that asking about the item can cost, USD. */
  boundUsd(item: ShownItem): number;
}

export interface GoldenRunDeps {
  readonly set: Pick<GoldenSet, 'name' | 'seal'>;
  readonly promptHash: string;
  /** By criterion: from where on a score is a pass. */
  readonly passAt: ReadonlyMap<string, number>;
  readonly producerFamily: (item: GoldenItem) => string | null;
  /** Resolves once the ledger has them. */
  readonly append: (records: readonly GoldenRecord[]) => Promise<void>;
  readonly reserve: GoldenReserve;
  /** False once another process owns the ledger. */
  readonly isOwner: () => boolean;
  readonly now: () => EpochMs;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

export interface GoldenRunResult {
  /** `lost`: another process owns the ledger now and goes on with the run. */
  readonly ended: 'complete' | 'over_budget' | 'lost' | 'stopped';
  readonly asked: number;
  readonly costUsd: number;
}

/**
 * Makes what is left of a run. Each answer is in the ledger before the next item of its lane is asked about, so an end at
 * any moment costs at most the calls in flight, and whoever goes on asks no item whose answer is there.
 *
 * @param answered `item/repeat` of the answers that the ledger holds already.
 */
export async function makeRun(
  { run, trigger, variant }: PlannedRun,
  judge: GoldenJudge,
  tasks: readonly GoldenTask[],
  answered: ReadonlySet<string>,
  deps: GoldenRunDeps,
): Promise<GoldenRunResult> {
  const left = tasks.filter(({ item, repeat }) => !answered.has(`${item.id}/${repeat}`));
  let ended: GoldenRunResult['ended'] = 'complete';
  let asked = 0;
  let costUsd = 0;
  let next = 0;

  const askOne = async ({ item, repeat }: GoldenTask, boundUsd: number): Promise<void> => {
    const answers = await judge.ask(item, deps.signal);
    const all = [...answers.values()];
    const cost = all.reduce((sum, answer) => sum + answer.costUsd, 0);
    deps.reserve.settle(boundUsd, cost);
    // An answer that was cut short by our own end says nothing of the judge.
    if (deps.signal.aborted && all.every(({ score }) => score === null)) return;
    asked += 1;
    costUsd += cost;
    const golden: GoldenAnswer = {
      set: deps.set.name,
      seal: deps.set.seal,
      run,
      trigger,
      variant,
      judge: judge.name,
      family: judge.family,
      model: judge.model,
      reportedVersion: all.find(({ reportedVersion }) => reportedVersion !== null)?.reportedVersion ?? null,
      promptHash: deps.promptHash,
      total: tasks.length,
      item: item.id,
      repeat,
      fresh: item.fresh,
      producerFamily: deps.producerFamily(item),
      costUsd: cost,
      scores: scoresOf(item, judge.name, answers, deps.passAt),
    };
    await deps.append([goldenRecord(golden, deps.now())]);
  };

  const lane = async (): Promise<void> => {
    while (ended === 'complete' && next < left.length) {
      if (deps.signal.aborted) ended = 'stopped';
      else if (!deps.isOwner()) ended = 'lost';
      if (ended !== 'complete') return;
      const task = left[next];
      if (task === undefined) return;
      const boundUsd = judge.boundUsd(task.item);
      // What lanes have in flight mostly costs less than was reserved for it: they go on for as long as there is room.
      if (!deps.reserve.take(boundUsd)) return;
      next += 1;
      try {
        await askOne(task, boundUsd);
      } catch (failure) {
        ended = 'stopped';
        throw failure;
      }
    }
  };
  await Promise.all(Array.from({ length: deps.concurrency }, lane));
  if (deps.signal.aborted) ended = 'stopped';
  else if (ended === 'complete' && next < left.length) ended = 'over_budget';
  return { ended, asked, costUsd };
}

function scoresOf(
  item: GoldenItem,
  judge: string,
  answers: ReadonlyMap<string, JudgeAnswer>,
  passAt: ReadonlyMap<string, number>,
): GoldenScore[] {
  return [...answers].map(([criterion, { outcome, score }]) => {
    const settled = item.settled[judge]?.[criterion];
    return {
      criterion,
      outcome,
      score,
      sealed: settled?.mean ?? null,
      base: settled?.base ?? null,
      human: item.human[criterion] ?? null,
      passAt: passAt.get(criterion) ?? 0.5,
    };
  });
}
