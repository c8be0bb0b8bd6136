import type { LoadedConfig } from '../../config/load';
import type { Interaction } from '../../domain/interaction';
import type { JudgeAnswer } from '../../domain/verdict';
import type { GoldenJudge } from '../../golden/run';
import type { JudgeCallListener } from '../../judge/cascade-port';
import { familyOf, isIndependent, judgeFamily, type ModelFamily } from '../../judge/families';
import { pairCriterion, PAIR_RESULTS, type PairResult, poolPair, readOrders } from '../../judge/pairwise';
import { tInterval } from '../../stats/mean-intervals';
import { createSegmenter } from '../../watch/segments';
import { closingAfter } from '../closers';
import { openGoldenJudges } from '../golden/judges';
import { type AnswerPair, type AnswersOf, readAnswerPairs } from './answer-pairs';

export interface PairwiseRequest {
  readonly loaded: LoadedConfig;
  readonly first: AnswersOf;
  readonly second: AnswersOf;
  /** What may be spent, USD; null = no bound but `replay.pairs`. */
  readonly budgetUsd: number | null;
  readonly onCall?: JudgeCallListener;
  readonly signal: AbortSignal;
}

/** Field names are part of `report.json` and of `compare --json`. */
export interface PairwiseReport {
  /** Inputs that both sides answered, with the text of both; those with the very same answer; those judged. */
  readonly inputs: number;
  readonly same: number;
  readonly judged: number;
  /** Drawn, but not asked about: the budget had no room, or no panel is independent of both models. */
  readonly over_budget: number;
  readonly not_independent: number;
  readonly criteria: readonly PairedCriterion[];
  /** How often each judge chose by the order shown. */
  readonly judges: readonly PairedJudge[];
  readonly cost_usd: number;
}

export interface PairedCriterion extends Record<PairResult, number> {
  readonly criterion: string;
  /** Share of pairs that the first side wins, ties by half; null without pairs. Interval: Student's t, 95%. */
  readonly win_share: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface PairedJudge extends Record<PairResult, number> {
  readonly judge: string;
}

/**
 * Judges pairs of answers to the same input, each in both orders, by the first ensemble panel that is independent of both
 * models (rule 5). Pairs whose verdict hangs on the order are ties, and counted. Rejects with FILE_UNREADABLE.
 */
export async function comparePairs(request: PairwiseRequest): Promise<PairwiseReport> {
  const { loaded, first, second, signal } = request;
  const { config } = loaded;
  const segmentsOf = createSegmenter(config.segments);
  const found = await readAnswerPairs(first, second, config.replay.pairs, segmentsOf, config.sampling.salt);
  const tallies: Tallies = { criteria: new Map(), judges: new Map() };
  const asked = { judged: 0, overBudget: 0, notIndependent: 0, costUsd: 0 };
  if (found.pairs.length > 0) {
    await closingAfter(async (closers) => {
      const criteria = config.criteria.map(pairCriterion);
      const golden = { ...config.golden, share: 0.5 };
      const judges = await openGoldenJudges(
        { ...loaded, config: { ...config, criteria, golden } },
        closers,
        request.onCall,
      );
      const panelFor = createPanelChoice(loaded, judges.of('plain'));
      let reservedUsd = 0;
      let next = 0;
      const lane = async (): Promise<void> => {
        for (let pair = found.pairs[next++]; pair !== undefined && !signal.aborted; pair = found.pairs[next++]) {
          const panel = panelFor(pair);
          if (panel === null) {
            asked.notIndependent += 1;
            continue;
          }
          const boundUsd = boundOf(panel, pair);
          if (request.budgetUsd !== null && asked.costUsd + reservedUsd + boundUsd > request.budgetUsd) {
            asked.overBudget += 1;
            continue;
          }
          reservedUsd += boundUsd;
          const costUsd = await judgePair(panel, pair, config.cascade.quorum, tallies, signal);
          asked.costUsd += costUsd;
          reservedUsd -= boundUsd;
          asked.judged += 1;
        }
      };
      await Promise.all(Array.from({ length: config.golden.concurrency }, lane));
    });
  }
  return {
    inputs: found.matched,
    same: found.same,
    judged: asked.judged,
    over_budget: asked.overBudget,
    not_independent: asked.notIndependent,
    criteria: [...tallies.criteria].map(([criterion, counts]) => ({ criterion, ...counts, ...winShare(counts) })),
    judges: [...tallies.judges].map(([judge, counts]) => ({ judge, ...counts })),
    cost_usd: asked.costUsd,
  };
}

interface Tallies {
  readonly criteria: Map<string, Record<PairResult, number>>;
  readonly judges: Map<string, Record<PairResult, number>>;
}

function count(into: Map<string, Record<PairResult, number>>, name: string, result: PairResult): void {
  let counts = into.get(name);
  if (counts === undefined) {
    into.set(name, (counts = { first: 0, second: 0, tie: 0, inconsistent: 0, unjudged: 0 }));
  }
  counts[result] += 1;
}

/** Resolves with what the calls cost, USD. */
async function judgePair(
  panel: readonly GoldenJudge[],
  { first, second }: AnswerPair,
  quorum: number,
  tallies: Tallies,
  signal: AbortSignal,
): Promise<number> {
  const readings = await Promise.all(
    panel.map(async (judge) => {
      const [forward, reversed] = await askBothOrders(judge, first, second, signal);
      return { judge, forward, reversed };
    }),
  );
  const criteria = new Set(readings.flatMap(({ forward, reversed }) => [...forward.keys(), ...reversed.keys()]));
  for (const criterion of criteria) {
    const results = readings.map(({ judge, forward, reversed }) => {
      const result = readOrders(forward.get(criterion), reversed.get(criterion));
      count(tallies.judges, judge.name, result);
      return result;
    });
    count(tallies.criteria, criterion, poolPair(results, quorum));
  }
  const answers = readings.flatMap(({ forward, reversed }) => [...forward.values(), ...reversed.values()]);
  return answers.reduce((sum, { costUsd }) => sum + costUsd, 0);
}

export type Answers = ReadonlyMap<string, JudgeAnswer>;

/** What a judge says of (first, second) and of (second, first). */
export async function askBothOrders(
  judge: Pick<GoldenJudge, 'ask'>,
  first: Interaction,
  second: Interaction,
  signal: AbortSignal,
): Promise<readonly [Answers, Answers]> {
  const forward = await judge.ask({ interaction: first, rival: second.output }, signal);
  // The input is the first side's, retrieved documents included: only the answers change places.
  const reversed = await judge.ask({ interaction: { ...first, output: second.output }, rival: first.output }, signal);
  return [forward, reversed];
}

function boundOf(panel: readonly GoldenJudge[], { first, second }: AnswerPair): number {
  const one = panel.reduce((sum, judge) => sum + judge.boundUsd({ interaction: first, rival: second.output }), 0);
  return 2 * one;
}

/** The first ensemble panel all of whose judges are independent of both models; null = there is none. */
function createPanelChoice(
  { config }: LoadedConfig,
  judges: readonly GoldenJudge[],
): (pair: AnswerPair) => readonly GoldenJudge[] | null {
  const families = new Map(config.judges.map((options) => [options.name, judgeFamily(options, config.models)]));
  const panels = config.cascade.ensemble.map((names) => judges.filter(({ name }) => names.includes(name)));
  return ({ first, second }) => {
    const producers = [first, second].map(({ producer }) => familyOf(producer.model, config.models));
    const isAdmissible = ({ name }: GoldenJudge): boolean =>
      producers.every((producer: ModelFamily | null) => {
        const family = families.get(name) ?? null;
        return family !== null && isIndependent(family, producer);
      });
    return panels.find((panel) => panel.every(isAdmissible)) ?? null;
  };
}

function winShare(counts: Record<PairResult, number>): Pick<PairedCriterion, 'win_share' | 'lower' | 'upper'> {
  const values = PAIR_RESULTS.filter((result) => result !== 'unjudged').flatMap((result): number[] =>
    Array.from({ length: counts[result] }, () => (result === 'first' ? 1 : result === 'second' ? 0 : 0.5)),
  );
  if (values.length === 0) return { win_share: null, lower: null, upper: null };
  const interval = tInterval(values);
  const share = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { win_share: share, lower: interval?.[0] ?? null, upper: interval?.[1] ?? null };
}
