import { accountFor } from './chaos/account';
import { type FaultEvent, killBroker, stormOfJoins } from './chaos/faults';
import { openStage, type Stage } from './chaos/stage';
import { freeLoopbackPorts } from '../test/support/kafka/free-ports';
import { ALLOCATOR, CONTAINER_OPTIONS } from './support/container';
import { type HeldMemory, type Inspector, openInspector } from './support/inspector';
import { anonymousMb, figureOf, median, openHandles, residentMb, slope } from './support/process-figures';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s soak -- [--json] [--quick] [--minutes N] [--constructors]
 *
 * One real process under a load that it can carry, for `--minutes N` (default 30; `--quick` 1.5), with a fault a minute
 * that it has to survive, in turn: members that join and leave, a judge that fails, records that nobody can decode, a
 * broker that is killed and comes back. Prints how memory, open handles and lag move, and whether every record was
 * accounted for. Samples are taken every 20 s right after a full collection; a row of the table, and of `series`, is the
 * median of a round, in which each fault comes once. Slopes are medians over all pairs of rounds of the second half, with
 * their 95% interval.
 *
 * What is remembered for a time is remembered briefly here (`BRIEF_MEMORY` in bench/chaos/stage.ts), so that it comes to
 * its level within the warm-up; under the defaults it does so after a day. `--constructors` says in the end what of the
 * heap has grown since the warm-up; the snapshots it takes cost memory themselves, so that run's slopes of resident memory
 * mean little.
 */
const RECORDS_PER_SECOND = 5;
/** So that the evidence store is full, and its pages are held, within seven minutes. */
const PADDING_BYTES = 4_000;
const SAMPLE_MS = 20_000;
const WARM_UP_SHARE = 1 / 2;
const FAULT_EVERY_MS = 60_000;
const JUDGE_DOWN_MS = 10_000;
const BAD_RECORDS = 20;

interface Sample extends HeldMemory {
  readonly minutes: number;
  readonly rssMb: number;
  readonly anonymousMb: number;
  readonly handles: number;
  readonly lagRecords: number;
}

type Fault = (stage: Stage) => Promise<FaultEvent[]>;

const FAULTS: Readonly<Record<string, Fault>> = {
  joins: (stage) => stormOfJoins(stage, 2, 1_000),
  async judge(stage) {
    stage.judge.fail(JUDGE_DOWN_MS);
    await new Promise((resolve) => setTimeout(resolve, JUDGE_DOWN_MS));
    return [];
  },
  async records(stage) {
    const values = Array.from({ length: BAD_RECORDS }, (_, n) => ({ value: `not a record ${n}` }));
    await stage.kafka.produceAll(stage.topic, values);
    return [];
  },
  broker: (stage) => killBroker(stage, 1),
};
const ROUND_MINUTES = (Object.keys(FAULTS).length * FAULT_EVERY_MS) / 60_000;

runScript(async () => {
  const flags = scriptFlags();
  const minutes = Number(flagValue('--minutes') ?? (flags.quick ? 1.5 : 30));
  if (!(minutes > 0)) throw new Error('--minutes wants a number above 0');
  const namesGrowth = process.argv.includes('--constructors');
  const stage = await openStage({
    nodes: 1,
    recordsPerSecond: RECORDS_PER_SECOND,
    padding: PADDING_BYTES,
    isBrief: true,
  });
  const [inspectorPort] = await freeLoopbackPorts(1);
  Object.assign(process.env, ALLOCATOR, { NODE_OPTIONS: `${CONTAINER_OPTIONS} --inspect=127.0.0.1:${inspectorPort}` });
  try {
    await stage.a.start();
    const inspector = await openInspector(inspectorPort ?? 0);
    const startedAt = performance.now();
    const endsAt = startedAt + minutes * 60_000;
    const warmAt = startedAt + minutes * 60_000 * WARM_UP_SHARE;
    const faults: string[] = [];
    const events: FaultEvent[] = [];
    const disturbed = disturb(stage, endsAt, faults, events);
    const cold = await watch(stage, inspector, startedAt, warmAt);
    const before = namesGrowth ? await inspector.byConstructor() : null;
    const settled = await watch(stage, inspector, startedAt, endsAt);
    const after = namesGrowth ? await inspector.byConstructor() : null;
    await disturbed;
    inspector.close();
    await stage.stopTraffic();
    await stage.caughtUp(120_000);
    const { code } = await stage.a.stop();
    const { records, lost, doubled } = await accountFor(stage, events);
    const samples = [...cold, ...settled];
    const series = rounds(samples);
    const late = rounds(settled);
    const perHour = (of: (sample: Sample) => number): HourlySlope => {
      // Too short for two rounds: any two samples, and no interval.
      const points = late.length > 1 ? late : settled;
      const { slope: middle, low, high } = slope(points.map((one) => ({ x: one.minutes / 60, y: of(one) })));
      return { slope: round(middle), low: low === null ? null : round(low), high: high === null ? null : round(high) };
    };
    const rss = perHour(({ rssMb }) => rssMb);
    const heap = perHour(({ heapUsedMb }) => heapUsedMb);
    const figures = {
      minutes,
      records_per_second: RECORDS_PER_SECOND,
      faults: faults.length,
      records,
      lost,
      doubled,
      rss_max_mb: round(Math.max(...samples.map(({ rssMb }) => rssMb))),
      rss_slope_mb_per_hour: rss.slope,
      rss_slope_interval: [rss.low, rss.high],
      heap_held_first_mb: round(settled[0]?.heapUsedMb ?? NaN),
      heap_held_last_mb: round(settled.at(-1)?.heapUsedMb ?? NaN),
      heap_held_slope_mb_per_hour: heap.slope,
      heap_held_slope_interval: [heap.low, heap.high],
      handles_max: Math.max(...samples.map(({ handles }) => handles)),
      handles_slope_per_hour: perHour(({ handles }) => handles).slope,
      lag_max_records: Math.max(...samples.map(({ lagRecords }) => lagRecords)),
      lag_slope_records_per_hour: perHour(({ lagRecords }) => lagRecords).slope,
      series: series.map(rounded),
      exit: code,
    };
    const table = [
      `${records} records in ${minutes} minutes, ${faults.length} faults (${faults.join(', ')}): ${lost} lost, ${doubled} doubled, exit code ${code}`,
      ...series.map((one, i) => rowOf(one, i === 0)),
      `in the second half, by the median slope over ${late.length} rounds of ${ROUND_MINUTES} minutes (95% interval):`,
      `memory: at most ${figures.rss_max_mb} MB resident, ${textOf(rss)} MB an hour; heap after a collection ${figures.heap_held_first_mb} to ${figures.heap_held_last_mb} MB, ${textOf(heap)} MB an hour`,
      `handles: at most ${figures.handles_max}, ${figures.handles_slope_per_hour} an hour`,
      `lag: at most ${figures.lag_max_records} records, ${figures.lag_slope_records_per_hour} an hour`,
      ...(before === null || after === null ? [] : grownMost(before, after)),
    ];
    finish(flags, table.join('\n'), figures);
    if (lost > 0 || doubled > 0 || code !== 0) process.exitCode = 1;
  } finally {
    await stage.close();
  }
});

async function watch(stage: Stage, inspector: Inspector, startedAt: number, endsAt: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const lagRecords = figureOf(await stage.a.metrics(), 'plumbline_consumer_lag');
    const held = await inspector.held();
    const pid = stage.a.pid();
    samples.push({
      ...held,
      minutes: (performance.now() - startedAt) / 60_000,
      rssMb: residentMb(pid),
      anonymousMb: anonymousMb(pid),
      handles: openHandles(pid),
      lagRecords,
    });
  }
  return samples;
}

interface HourlySlope {
  readonly slope: number;
  readonly low: number | null;
  readonly high: number | null;
}

function textOf({ slope: middle, low, high }: HourlySlope): string {
  return low === null || high === null ? `${middle}` : `${middle} (${low} to ${high})`;
}

/** The medians of whole rounds of faults. */
function rounds(samples: readonly Sample[]): Sample[] {
  const size = Math.round((ROUND_MINUTES * 60_000) / SAMPLE_MS);
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) => {
    const some = samples.slice(i * size, (i + 1) * size);
    return mapped(some[0] as Sample, (key) => median(some.map((one) => one[key])));
  });
}

function mapped(sample: Sample, to: (key: keyof Sample) => number): Sample {
  const keys = Object.keys(sample) as (keyof Sample)[];
  return Object.fromEntries(keys.map((key) => [key, to(key)])) as unknown as Sample;
}

function rounded(sample: Sample): Sample {
  return mapped(sample, (key) => round(sample[key]));
}

const COLUMNS = [
  ['minutes', 'minutes'],
  ['heapUsedMb', 'heap used'],
  ['heapTotalMb', 'heap total'],
  ['codeMb', 'code'],
  ['externalMb', 'external'],
  ['arrayBuffersMb', 'array buffers'],
  ['anonymousMb', 'anonymous'],
  ['rssMb', 'resident MB'],
] as const;

function rowOf(sample: Sample, isFirst: boolean): string {
  const row = COLUMNS.map(([key]) => sample[key].toFixed(1).padStart(13)).join('');
  return isFirst ? `${COLUMNS.map(([, title]) => title.padStart(13)).join('')}\n${row}` : row;
}

function grownMost(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  const grown = [...after].map(([name, bytes]) => ({ name, by: bytes - (before.get(name) ?? 0) }));
  grown.sort((one, other) => other.by - one.by);
  return grown
    .slice(0, 15)
    .map(({ name, by }) => `${(by / 1000).toFixed(1).padStart(10)} kB more ${name.slice(0, 60)}`);
}

async function disturb(stage: Stage, endsAt: number, done: string[], events: FaultEvent[]): Promise<void> {
  const names = Object.keys(FAULTS);
  for (let at = performance.now() + FAULT_EVERY_MS / 2; at < endsAt; at += FAULT_EVERY_MS) {
    const waitMs = at - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const name = names[done.length % names.length] ?? '';
    events.push(...((await FAULTS[name]?.(stage)) ?? []));
    done.push(name);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
