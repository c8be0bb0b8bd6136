import { createChecks, runChecks } from '../../src/checks/create-checks';
import { checksOptions } from '../../src/checks/options';
import type { Interaction } from '../../src/domain/interaction';
import { privacyOptions } from '../../src/privacy/options';
import { createRedactor } from '../../src/privacy/redactor';
import { createRng, pick, type Rng } from '../../src/simulate/rng';
import { cpuMicros } from '../bench/measure';
import { HOSTILE_PIECES } from './fuzzed';
import { exchange, round, rowsOf, textOf } from './rows';

const checks = createChecks(checksOptions.parse({}));
const redactor = createRedactor(privacyOptions.parse({}));

export interface CostReport {
  readonly items: number;
  /** Median microseconds per 1,000 code units of what the interaction holds (prompt and answer). */
  readonly checksUsPerKb: number | null;
  /** The same over the answer alone, which most checks read. */
  readonly checksUsPerKbOfAnswer: number | null;
  readonly redactionUsPerKb: number | null;
  readonly byCheckUsPerKb: Readonly<Record<string, number>>;
  readonly hostile: HostileReport;
}

export interface HostileReport {
  readonly texts: number;
  /** Slowest single run of several, at 64 kB, milliseconds. */
  readonly checksMaxMs: number;
  readonly redactionMaxMs: number;
  readonly over50Ms: number;
  readonly over5Ms: number;
}

export function measureCost(hostileTexts: number): CostReport {
  const items = [
    ...rowsOf('realmistake').map((row) => exchange(textOf(row.prompt), textOf(row.response))),
    ...rowsOf('llmbar').map((row) => exchange(textOf(row.prompt), textOf(row.response_1))),
  ].filter(({ output }) => output.text.length >= 200);
  const answer = ({ output }: Interaction): number => output.text.length;
  const whole = (item: Interaction): number => answer(item) + (item.input[0]?.content.length ?? 0);
  return {
    items: items.length,
    checksUsPerKb: median(items, whole, (item) => runChecks(checks, item)),
    checksUsPerKbOfAnswer: median(items, answer, (item) => runChecks(checks, item)),
    redactionUsPerKb: median(items, whole, (item) => redactor.redactInteraction(item)),
    byCheckUsPerKb: Object.fromEntries(
      checks.map((check) => [check.name, median(items, whole, (item) => check.run(item)) ?? 0]),
    ),
    hostile: measureHostile(hostileTexts),
  };
}

/** Median over items of the best of five runs, as noise only adds; the whole set in turn, so that nothing kept from the last item helps. */
function median(
  items: readonly Interaction[],
  sizeOf: (item: Interaction) => number,
  run: (item: Interaction) => unknown,
): number | null {
  const best = new Array<number>(items.length).fill(Infinity);
  for (let pass = 0; pass < 7; pass++) {
    items.forEach((item, index) => {
      const ms = bestMs(1, () => run(item));
      // The first two passes warm up.
      if (pass >= 2) best[index] = Math.min(best[index] ?? Infinity, ms);
    });
  }
  const perKb = items.map((item, index) => ((best[index] ?? 0) * 1e6) / sizeOf(item)).sort((a, b) => a - b);
  const middle = perKb[perKb.length >> 1];
  return middle === undefined ? null : round(middle, 1);
}

/** CPU time of the process, ms: what else the machine does is not counted, compiling and collecting are. */
function bestMs(runs: number, run: () => unknown): number {
  let best = Infinity;
  for (let k = 0; k < runs; k++) best = Math.min(best, cpuMicros(run) / 1000);
  return best;
}

const SIZE = 65_536;
function hostileText(rng: Rng): string {
  const parts = Array.from({ length: 1 + Math.floor(rng() * 3) }, () => pick(rng, HOSTILE_PIECES));
  const shuffled = rng() < 0.3;
  let text = '';
  if (shuffled) while (text.length < SIZE) text += pick(rng, parts);
  else text = parts.join('').repeat(Math.ceil(SIZE / parts.join('').length));
  // Through bytes, as texts of records come: flat, not a tree of slices.
  return Buffer.from(text.slice(0, SIZE)).toString('utf8');
}

/** On a busy machine a few runs can all be disturbed; what looks slow is run again before it is believed. */
function undisturbedMs(run: () => unknown): number {
  const best = bestMs(3, run);
  return best > 4 ? Math.min(best, bestMs(15, run)) : best;
}

function measureHostile(count: number): HostileReport {
  const rng = createRng(500);
  const times = Array.from({ length: count }, () => {
    const text = hostileText(rng);
    const item = exchange(text, text);
    return {
      checks: undisturbedMs(() => runChecks(checks, item)),
      redaction: undisturbedMs(() => redactor.redactText(text)),
    };
  });
  const most = (values: readonly number[]): number => round(Math.max(0, ...values), 2);
  const over = (limit: number): number => times.filter((time) => time.checks > limit || time.redaction > limit).length;
  return {
    texts: count,
    checksMaxMs: most(times.map((time) => time.checks)),
    redactionMaxMs: most(times.map(({ redaction }) => redaction)),
    over50Ms: over(50),
    over5Ms: over(5),
  };
}
