import { CONTROL_KINDS, CONTROL_RESULTS, controlKind, controlResult, shadowBeside } from '../domain/golden';
import type { GoldenAnswer, GoldenScore } from '../domain/golden';
import type {
  ControlCount,
  GoldenRunSummary,
  GoldenStanding,
  MeanEstimate,
  ShadowStanding,
} from '../domain/golden-standing';
import type { GoldenRecord } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import { Z_95 } from '../stats/interval';
import { tInterval } from '../stats/mean-intervals';
import { mean } from '../stats/moments';
import { dropOldest } from './drop-oldest';

/**
 * Golden runs as the ledger tells them: answers until a run is complete, then only what they say together. Answers of a
 * run that is complete change nothing any more. Plain but for its maps; owned by the fold.
 */
export interface GoldenTable {
  readonly open: Map<string, OpenRun>;
  /** By judge, criterion and variant, oldest first. */
  readonly runs: Map<string, GoldenRunSummary[]>;
  /** Keys of complete runs, oldest first. */
  readonly complete: Set<string>;
  /** By calendar month. */
  readonly spentUsd: Map<string, number>;
  /** Answers about control items by `kind/result`. */
  readonly controls: Map<string, number>;
  /** By `judge\nbeside\ncriterion`. */
  readonly shadows: Map<string, ShadowSums>;
  /** Keys of the latest control items and shadow answers: a crash may bring one again. */
  readonly controlsSeen: Set<string>;
}

/** Of paired differences of scores. */
export interface ShadowSums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
  /** Pairs with the same verdict. */
  readonly same: number;
}

export interface OpenRun {
  readonly startedAt: EpochMs;
  finishedAt: EpochMs;
  /** By item and repeat. */
  readonly answers: Map<string, GoldenAnswer>;
}

/** Plain JSON. */
export interface EncodedGolden {
  readonly open: readonly (readonly [string, EpochMs, EpochMs, readonly GoldenAnswer[]])[];
  readonly runs: readonly (readonly [string, readonly GoldenRunSummary[]])[];
  readonly complete: readonly string[];
  readonly spentUsd: readonly (readonly [string, number])[];
  /** Absent in what versions without control items wrote. */
  readonly controls?: readonly (readonly [string, number])[];
  readonly shadows?: readonly (readonly [string, ShadowSums])[];
  readonly controlsSeen?: readonly string[];
}

/** Summaries kept of each judge, criterion and variant: a year of weekly runs. */
const RUNS_KEPT = 52;
/** Runs that were begun and given up would else stay for ever. */
const OPEN_KEPT = 64;
const COMPLETE_KEPT = 4096;
const MONTHS_KEPT = 13;
const CONTROLS_KEPT = 2048;
const SHADOWS_KEPT = 1024;

export function createGoldenTable(): GoldenTable {
  return {
    open: new Map(),
    runs: new Map(),
    complete: new Set(),
    spentUsd: new Map(),
    controls: new Map(),
    shadows: new Map(),
    controlsSeen: new Set(),
  };
}

/** Takes in one answer and returns the summaries of the run that it completes; mostly none. */
export function addGolden(table: GoldenTable, { golden, recordedAt }: GoldenRecord): readonly GoldenRunSummary[] {
  // Whatever becomes of the answer, the call was paid for.
  const month = new Date(recordedAt).toISOString().slice(0, 7);
  table.spentUsd.set(month, (table.spentUsd.get(month) ?? 0) + golden.costUsd);
  dropOldest(table.spentUsd, MONTHS_KEPT);
  if (golden.trigger === 'control') {
    countControl(table, golden);
    return NONE;
  }
  const key = runKey(golden);
  if (table.complete.has(key)) return NONE;
  const run = table.open.get(key) ?? { startedAt: recordedAt, finishedAt: recordedAt, answers: new Map() };
  table.open.set(key, run);
  run.answers.set(answerKey(golden), golden);
  run.finishedAt = recordedAt;
  if (run.answers.size < golden.total) {
    dropOldest(table.open, OPEN_KEPT);
    return NONE;
  }
  table.open.delete(key);
  table.complete.add(key);
  dropOldest(table.complete, COMPLETE_KEPT);
  const summaries = summariesOf(run);
  for (const summary of summaries) {
    const of = [summary.judge, summary.criterion, summary.variant].join('\n');
    const known = table.runs.get(of) ?? [];
    known.push(summary);
    if (known.length > RUNS_KEPT) known.shift();
    table.runs.set(of, known);
  }
  return summaries;
}

/** Of one judge over the whole set. */
export type GoldenRunName = Pick<GoldenAnswer, 'run' | 'judge'>;

/** Also of a run whose summaries have given way to later ones. */
export function isRunComplete({ complete }: GoldenTable, name: GoldenRunName): boolean {
  return complete.has(runKey(name));
}

/** True for a control item that the table has counted: what a crash brought again. */
export function isCountedControl({ controlsSeen }: GoldenTable, golden: GoldenAnswer): boolean {
  return golden.trigger === 'control' && controlsSeen.has(besideKey(golden));
}

function countControl(table: GoldenTable, golden: GoldenAnswer): void {
  const kind = controlKind(golden);
  const beside = shadowBeside(golden);
  if ((kind === null && beside === null) || isCountedControl(table, golden)) return;
  table.controlsSeen.add(besideKey(golden));
  dropOldest(table.controlsSeen, CONTROLS_KEPT);
  if (beside !== null) return addShadow(table, golden, beside);
  for (const score of golden.scores) {
    const key = `${kind}/${controlResult(score)}`;
    table.controls.set(key, (table.controls.get(key) ?? 0) + 1);
  }
}

function addShadow({ shadows }: GoldenTable, { judge, scores }: GoldenAnswer, beside: string): void {
  for (const { criterion, score, base, passAt } of scores) {
    if (score === null || base === null) continue;
    const key = [judge, beside, criterion].join('\n');
    const { n, sum, squares, same } = shadows.get(key) ?? { n: 0, sum: 0, squares: 0, same: 0 };
    const difference = score - base;
    const isSame = score >= passAt === base >= passAt;
    shadows.set(key, {
      n: n + 1,
      sum: sum + difference,
      squares: squares + difference ** 2,
      same: same + (isSame ? 1 : 0),
    });
    dropOldest(shadows, SHADOWS_KEPT);
  }
}

function shadowStandings({ shadows }: GoldenTable): ShadowStanding[] {
  return [...shadows].map(([key, { n, sum, squares, same }]) => {
    const [judge = '', beside = '', criterion = ''] = key.split('\n');
    const center = sum / n;
    const half = n < 2 ? null : Z_95 * Math.sqrt(Math.max(0, squares / n - center ** 2) / (n - 1));
    const [lower, upper] = half === null ? [null, null] : [center - half, center + half];
    return { judge, beside, criterion, offset: { n, mean: center, lower, upper }, agreement: same / n };
  });
}

function controlCounts({ controls }: GoldenTable): ControlCount[] {
  return CONTROL_KINDS.flatMap((kind) =>
    CONTROL_RESULTS.flatMap((result) => {
      const count = controls.get(`${kind}/${result}`);
      return count === undefined ? [] : [{ kind, result, count }];
    }),
  );
}

export function goldenStanding(table: GoldenTable): GoldenStanding {
  const runs = [...table.runs.values()].flat().sort((a, b) => a.finishedAt - b.finishedAt);
  const open = [...table.open.values()].map(({ answers }) => {
    const all = [...answers.values()];
    const { run = '', judge = '', total = 0 } = all[0] ?? {};
    return { run, judge, total, answered: [...answers.keys()], costUsd: sumOf(all.map(({ costUsd }) => costUsd)) };
  });
  return {
    runs,
    open,
    spentUsd: Object.fromEntries(table.spentUsd),
    controls: controlCounts(table),
    shadows: shadowStandings(table),
  };
}

export function encodeGolden({
  open,
  runs,
  complete,
  spentUsd,
  controls,
  shadows,
  controlsSeen,
}: GoldenTable): EncodedGolden {
  return {
    open: [...open].map(([key, run]) => [key, run.startedAt, run.finishedAt, [...run.answers.values()]]),
    runs: [...runs].map(([key, summaries]) => [key, [...summaries]]),
    complete: [...complete],
    spentUsd: [...spentUsd],
    controls: [...controls],
    shadows: [...shadows],
    controlsSeen: [...controlsSeen],
  };
}

export function decodeGolden({
  controls = [],
  shadows = [],
  controlsSeen = [],
  ...encoded
}: EncodedGolden): GoldenTable {
  const { open, runs, complete, spentUsd } = encoded;
  return {
    open: new Map(
      open.map(([key, startedAt, finishedAt, answers]) => [
        key,
        { startedAt, finishedAt, answers: new Map(answers.map((answer) => [answerKey(answer), answer])) },
      ]),
    ),
    runs: new Map(runs.map(([key, summaries]) => [key, [...summaries]])),
    complete: new Set(complete),
    spentUsd: new Map(spentUsd),
    controls: new Map(controls),
    shadows: new Map(shadows),
    controlsSeen: new Set(controlsSeen),
  };
}

const NONE: readonly GoldenRunSummary[] = [];

/** Of an answer beside live traffic. */
function besideKey(golden: GoldenAnswer): string {
  return `${runKey(golden)}\n${golden.item}`;
}

function runKey({ run, judge }: GoldenRunName): string {
  return `${run}\n${judge}`;
}

/** As `OpenGoldenRun.answered` has it. */
function answerKey({ item, repeat }: GoldenAnswer): string {
  return `${item}/${repeat}`;
}

/** One per criterion, in the order in which the answers name them. */
function summariesOf({ answers, startedAt, finishedAt }: OpenRun): GoldenRunSummary[] {
  const all = [...answers.values()];
  const criteria = new Set(all.flatMap(({ scores }) => scores.map(({ criterion }) => criterion)));
  const last = all.at(-1);
  if (last === undefined) return [];
  const reported = all.map(({ reportedVersion }) => reportedVersion).filter((version) => version !== null);
  const costUsd = sumOf(all.map((answer) => answer.costUsd));
  return [...criteria].map((criterion) => {
    const { set, seal, run, trigger, variant, judge, family, model, promptHash } = last;
    const names = { set, seal, run, trigger, variant, judge, family, model, promptHash };
    const scored = all.flatMap((answer) => {
      const score = answer.scores.find((one) => one.criterion === criterion);
      return score === undefined ? [] : [{ answer, score }];
    });
    const times = { startedAt, finishedAt };
    return { ...names, criterion, reportedVersion: reported.at(-1) ?? null, ...times, ...measure(scored), costUsd };
  });
}

interface Scored {
  readonly answer: GoldenAnswer;
  readonly score: GoldenScore;
}

type Measured = Pick<
  GoldenRunSummary,
  'items' | 'scored' | 'mean' | 'drift' | 'freshDrift' | 'changed' | 'noise' | 'human' | 'byProducer'
>;

function measure(all: readonly Scored[]): Measured {
  const first = all.filter(({ answer }) => answer.repeat === 0);
  const scores = first.flatMap(({ score }) => (score.score === null ? [] : [score.score]));
  return {
    items: first.length,
    scored: scores.length,
    mean: mean(scores),
    drift: driftOf(first),
    freshDrift: driftOf(first.filter(({ answer }) => answer.fresh)),
    changed: changedOf(first),
    noise: noiseOf(all),
    human: besidePeople(first),
    byProducer: byProducerOf(first),
  };
}

function driftOf(all: readonly Scored[]): MeanEstimate | null {
  return meanOf(
    all.flatMap(({ score: { score, sealed } }) => (score === null || sealed === null ? [] : [score - sealed])),
  );
}

function changedOf(all: readonly Scored[]): GoldenRunSummary['changed'] {
  let [pairs, up, down] = [0, 0, 0];
  for (const { score } of all) {
    const now = passes(score.score, score);
    const before = passes(score.base, score);
    if (now === null || before === null) continue;
    pairs += 1;
    if (now && !before) up += 1;
    if (before && !now) down += 1;
  }
  return { pairs, up, down };
}

function noiseOf(all: readonly Scored[]): GoldenRunSummary['noise'] {
  const verdicts = new Map(
    all.flatMap(({ answer, score }) => (answer.repeat === 0 ? [[answer.item, passes(score.score, score)]] : [])),
  );
  let [pairs, differing] = [0, 0];
  for (const { answer, score } of all) {
    if (answer.repeat === 0) continue;
    const first = verdicts.get(answer.item) ?? null;
    const again = passes(score.score, score);
    if (first === null || again === null) continue;
    pairs += 1;
    if (first !== again) differing += 1;
  }
  return { pairs, differing };
}

function besidePeople(all: readonly Scored[]): GoldenRunSummary['human'] {
  const counts = { bothPass: 0, judgePass: 0, humanPass: 0, bothFail: 0 };
  for (const { score } of all) {
    const judge = passes(score.score, score);
    if (judge === null || score.human === null) continue;
    const human = score.human >= HUMAN_PASS;
    if (judge) counts[human ? 'bothPass' : 'judgePass'] += 1;
    else counts[human ? 'humanPass' : 'bothFail'] += 1;
  }
  return counts;
}

function byProducerOf(all: readonly Scored[]): Readonly<Record<string, MeanEstimate>> {
  const errors = new Map<string, number[]>();
  for (const { answer, score } of all) {
    const { producerFamily } = answer;
    if (producerFamily === null || score.score === null || score.human === null) continue;
    errors.set(producerFamily, [...(errors.get(producerFamily) ?? []), score.score - score.human]);
  }
  const families = [...errors.keys()].sort();
  return Object.fromEntries(
    families.flatMap((family): [string, MeanEstimate][] => {
      const estimate = meanOf(errors.get(family) ?? []);
      return estimate === null ? [] : [[family, estimate]];
    }),
  );
}

/** A label in [0, 1] at or above it says that the answer passes. */
const HUMAN_PASS = 0.5;

function passes(score: number | null, { passAt }: GoldenScore): boolean | null {
  return score === null ? null : score >= passAt;
}

function meanOf(values: readonly number[]): MeanEstimate | null {
  const center = mean(values);
  if (center === null) return null;
  const [lower, upper] = tInterval(values) ?? [null, null];
  return { n: values.length, mean: center, lower, upper };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
