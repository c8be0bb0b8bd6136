import { accountFor } from './chaos/account';
import { type FaultEvent, killBroker, stormOfJoins } from './chaos/faults';
import { openStage, type Stage } from './chaos/stage';
import { figureOf, openHandles, residentMb, slope } from './support/process-figures';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * One real process under a load that it can carry, for `--minutes N` (default 30; `--quick` 1.5), with a fault a minute
 * that it has to survive, in turn: members that join and leave, a judge that fails, records that nobody can decode, a
 * broker that is killed and comes back. Prints how memory, open handles and lag move after the warm-up, a quarter of the
 * time, and whether every record was accounted for.
 */
const RECORDS_PER_SECOND = 5;
const SAMPLE_MS = 2_000;
const FAULT_EVERY_MS = 60_000;
const HEAP_LIMIT_MB = 256;
const JUDGE_DOWN_MS = 10_000;
const BAD_RECORDS = 20;

interface Sample {
  readonly hours: number;
  readonly rssMb: number;
  readonly heapMb: number;
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

runScript(async () => {
  const flags = scriptFlags();
  const args = process.argv.slice(2);
  const given = args.indexOf('--minutes');
  const minutes = given >= 0 ? Number(args[given + 1]) : flags.quick ? 1.5 : 30;
  if (!(minutes > 0)) throw new Error('--minutes wants a number above 0');
  const stage = await openStage({ nodes: 1, recordsPerSecond: RECORDS_PER_SECOND });
  process.env['NODE_OPTIONS'] = `--max-old-space-size=${HEAP_LIMIT_MB}`;
  try {
    await stage.a.start();
    const endsAt = performance.now() + minutes * 60_000;
    const faults: string[] = [];
    const events: FaultEvent[] = [];
    const [samples] = await Promise.all([watch(stage, endsAt), disturb(stage, endsAt, faults, events)]);
    await stage.stopTraffic();
    await stage.caughtUp(120_000);
    const { code } = await stage.a.stop();
    const { records, lost, doubled } = await accountFor(stage, events);
    const settled = samples.slice(Math.floor(samples.length / 4));
    const perHour = (of: (sample: Sample) => number): number =>
      round(slope(settled.map((sample) => ({ x: sample.hours, y: of(sample) }))));
    const figures = {
      minutes,
      records_per_second: RECORDS_PER_SECOND,
      faults: faults.length,
      records,
      lost,
      doubled,
      rss_max_mb: round(Math.max(...samples.map(({ rssMb }) => rssMb))),
      rss_slope_mb_per_hour: perHour(({ rssMb }) => rssMb),
      heap_slope_mb_per_hour: perHour(({ heapMb }) => heapMb),
      handles_max: Math.max(...samples.map(({ handles }) => handles)),
      handles_slope_per_hour: perHour(({ handles }) => handles),
      lag_max_records: Math.max(...samples.map(({ lagRecords }) => lagRecords)),
      lag_slope_records_per_hour: perHour(({ lagRecords }) => lagRecords),
      exit: code,
    };
    const table = [
      `${records} records in ${minutes} minutes, ${faults.length} faults (${faults.join(', ')}): ${lost} lost, ${doubled} doubled, exit code ${code}`,
      `memory: at most ${figures.rss_max_mb} MB resident, ${figures.rss_slope_mb_per_hour} MB an hour; heap ${figures.heap_slope_mb_per_hour} MB an hour`,
      `handles: at most ${figures.handles_max}, ${figures.handles_slope_per_hour} an hour`,
      `lag: at most ${figures.lag_max_records} records, ${figures.lag_slope_records_per_hour} an hour`,
    ];
    finish(flags, table.join('\n'), figures);
    if (lost > 0 || doubled > 0 || code !== 0) process.exitCode = 1;
  } finally {
    await stage.close();
  }
});

async function watch(stage: Stage, endsAt: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const page = await stage.a.metrics();
    samples.push({
      hours: (performance.now() - startedAt) / 3_600_000,
      rssMb: residentMb(stage.a.pid()),
      heapMb: figureOf(page, 'plumbline_nodejs_heap_size_used_bytes') / 1e6,
      handles: openHandles(stage.a.pid()),
      lagRecords: figureOf(page, 'plumbline_consumer_lag'),
    });
  }
  return samples;
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
