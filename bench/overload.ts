import { ledgerMessages } from '../src/compose/codecs';
import { openStage, type Stage } from './chaos/stage';
import { ALLOCATOR, HEAP_LIMIT_MB, CONTAINER_OPTIONS } from './support/container';
import { anonymousMb, figureOf, median, residentMb, slope } from './support/process-figures';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s bench:overload -- [--json] [--quick] [--minutes N]
 *
 * A real broker, one real process whose judges answer some 13 items a second, and ten times as much traffic. `--minutes N`
 * (default 10; `--quick` half a minute). Prints what memory, window and event loop do meanwhile, and what a SIGTERM in
 * the middle of it leaves. Conversations are open for as long as event time takes to pass their idle time, ten times as long
 * as usual here, and 0.8 kB a turn: their number is bounded by `sessions.maxOpen`, which is small here, as the evidence
 * store is (`BRIEF_MEMORY` in bench/chaos/stage.ts), so that memory comes to its level within minutes. The slope is the
 * median over all pairs of samples. The restore of 10,000 segments is timed by test/unit/watch/checkpoint.test.ts.
 */
const RECORDS_PER_SECOND = 130;
const PADDING_BYTES = 8_000;
const SAMPLE_MS = 1_000;
/** Until it has joined, fetched and filled its window it is not yet under load. */
const WARM_UP_SAMPLES = 10;
interface LagShare {
  readonly ms: number;
  readonly share: number;
}

interface Sample {
  readonly seconds: number;
  readonly rssMb: number;
  readonly anonymousMb: number;
  readonly heapMb: number;
  readonly heapTotalMb: number;
  readonly externalMb: number;
  readonly inflightMb: number;
  /** Of the second before: milliseconds, each with the share of the time that was no later. */
  readonly lag: readonly LagShare[];
  readonly doneRecords: number;
}

runScript(async () => {
  const flags = scriptFlags();
  const minutes = Number(flagValue('--minutes') ?? (flags.quick ? 0.5 : 10));
  if (!(minutes > 0)) throw new Error('--minutes wants a number above 0');

  const stage = await openStage({
    nodes: 1,
    recordsPerSecond: RECORDS_PER_SECOND,
    padding: PADDING_BYTES,
    isBrief: true,
  });
  Object.assign(process.env, ALLOCATOR, { NODE_OPTIONS: CONTAINER_OPTIONS });
  try {
    await stage.a.start();
    const samples = (await watch(stage, minutes * 60_000)).slice(WARM_UP_SAMPLES);
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined) throw new Error('too short to say anything: give more --minutes');
    const seconds = last.seconds - first.seconds;
    const served = (last.doneRecords - first.doneRecords) / seconds;
    const stopAt = Date.now();
    const { code, ms } = await stage.a.stop();
    await stage.stopTraffic();
    const begun = stage.judge.calls.filter(({ startedAt }) => startedAt > stopAt + SAMPLE_MS).length;
    const holes = await committedWithoutLine(stage);
    const half = samples.slice(Math.floor(samples.length / 2));
    const series = byMinute(samples);
    const figures = {
      minutes,
      records_per_second: RECORDS_PER_SECOND,
      overload_ratio: round(RECORDS_PER_SECOND / served),
      rss_max_mb: round(Math.max(...samples.map(({ rssMb }) => rssMb))),
      rss_slope_mb_per_minute: round(slope(half.map(({ seconds: x, rssMb: y }) => ({ x, y }))).slope * 60),
      heap_limit_mb: HEAP_LIMIT_MB,
      heap_max_mb: round(Math.max(...samples.map(({ heapMb }) => heapMb))),
      external_max_mb: round(Math.max(...samples.map(({ externalMb }) => externalMb))),
      inflight_max_mb: round(Math.max(...samples.map(({ inflightMb }) => inflightMb))),
      loop_lag_p99_ms: round(lagQuantile(samples, 0.99)),
      loop_lag_max_ms: round(Math.max(...samples.flatMap(({ lag }) => lag.map(({ ms }) => ms)))),
      drain_ms: ms,
      drain_exit: code,
      calls_begun_after_sigterm: begun,
      committed_without_line: holes,
      series,
    };
    const table = [
      ['minute', 'resident', 'anonymous', 'heap', 'heap total', 'external MB']
        .map((title) => title.padStart(13))
        .join(''),
      ...series.map((row) =>
        Object.values(row)
          .map((value) => String(value).padStart(10))
          .join(''),
      ),
      `${RECORDS_PER_SECOND} records a second for ${minutes} minutes, ${round(served)} served: ${figures.overload_ratio} times too many`,
      `memory: at most ${figures.rss_max_mb} MB resident, ${figures.rss_slope_mb_per_minute} MB a minute in the second half; heap at most ${figures.heap_max_mb} of ${HEAP_LIMIT_MB} MB, outside of it ${figures.external_max_mb} MB`,
      `in flight: at most ${figures.inflight_max_mb} MB; event loop lag p99 ${figures.loop_lag_p99_ms} ms, at most ${figures.loop_lag_max_ms} ms`,
      `SIGTERM: exit code ${code} after ${ms} ms, ${begun} calls begun later than a second after it`,
      `${holes} committed offsets without a line in the ledger`,
    ];
    finish(flags, table.join('\n'), figures);
    if (code !== 0 || holes > 0) process.exitCode = 1;
  } finally {
    await stage.close();
  }
});

async function watch(stage: Stage, ms: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const page = await stage.a.metrics();
    samples.push({
      seconds: (performance.now() - startedAt) / 1000,
      rssMb: residentMb(stage.a.pid()),
      anonymousMb: anonymousMb(stage.a.pid()),
      heapMb: figureOf(page, 'plumbline_nodejs_heap_size_used_bytes') / 1e6,
      heapTotalMb: figureOf(page, 'plumbline_nodejs_heap_size_total_bytes') / 1e6,
      externalMb: figureOf(page, 'plumbline_nodejs_external_memory_bytes') / 1e6,
      inflightMb: figureOf(page, 'plumbline_inflight_bytes') / 1e6,
      lag: LAG_SHARES.map(([name, share]) => ({
        ms: figureOf(page, `plumbline_nodejs_eventloop_lag_${name}_seconds`) * 1000,
        share,
      })),
      doneRecords: figureOf(page, 'plumbline_records_total'),
    });
  }
  return samples;
}

interface Minute {
  readonly minute: number;
  readonly rss_mb: number;
  readonly anonymous_mb: number;
  readonly heap_mb: number;
  readonly heap_total_mb: number;
  readonly external_mb: number;
}

/** The medians of each whole minute's samples. */
function byMinute(samples: readonly Sample[]): Minute[] {
  return Array.from({ length: Math.floor((samples.at(-1)?.seconds ?? 0) / 60) }, (_, minute) => {
    const own = samples.filter(({ seconds }) => Math.floor(seconds / 60) === minute);
    const middle = (of: (sample: Sample) => number): number => round(median(own.map(of)));
    return {
      minute,
      rss_mb: middle(({ rssMb }) => rssMb),
      anonymous_mb: middle(({ anonymousMb: mb }) => mb),
      heap_mb: middle(({ heapMb }) => heapMb),
      heap_total_mb: middle(({ heapTotalMb }) => heapTotalMb),
      external_mb: middle(({ externalMb }) => externalMb),
    };
  });
}

/** A second's quantiles stand for all that lies below them, so what is made of them is an upper bound. */
const LAG_SHARES = [
  ['p50', 0.5],
  ['p90', 0.4],
  ['p99', 0.09],
  ['max', 0.01],
] as const;

function lagQuantile(samples: readonly Sample[], quantile: number): number {
  const shares = samples.flatMap(({ lag }) => lag).sort((a, b) => a.ms - b.ms);
  let left = quantile * samples.length;
  for (const { ms, share } of shares) {
    left -= share;
    if (left <= 0) return ms;
  }
  return shares.at(-1)?.ms ?? NaN;
}

async function committedWithoutLine(stage: Stage): Promise<number> {
  const written = new Set<string>();
  for (const { value, headers } of await stage.kafka.readAll(`${stage.prefix}.ledger`)) {
    const schema = String(headers['plumbline-schema']);
    const record = ledgerMessages.decode(value ?? Buffer.alloc(0), { 'plumbline-schema': schema });
    if (record.kind === 'outcome') written.add(`${record.source.partition}/${record.source.offset}`);
  }
  let holes = 0;
  for (const [partition, end] of await stage.kafka.committedOffsets(stage.groupId, stage.topic)) {
    for (let offset = 0n; offset < end; offset++) if (!written.has(`${partition}/${offset}`)) holes += 1;
  }
  return holes;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
