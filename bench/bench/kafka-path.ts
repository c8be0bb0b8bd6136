import type { BenchBroker } from './broker';
import type { Reading } from './consumers/consumer';
import { privacyOptions } from '../../src/privacy/options';
import { interleaved, ratioSpread, type Spread, spreadOf } from './measure';
import type { Row, RowResult } from './row';
import { type Format, makeTraffic } from './traffic';

export interface KafkaPathFigures {
  /** Which verdicts carried their text; the default, so every one. */
  readonly retain: string;
  /** Decode, redact, checks, signals, verdict, ledger; the dearer of Avro and JSON. */
  readonly us_per_kb: number;
  /** CPU of the hand-written consumer over ours, both reading JSON. */
  readonly ratio_to_handwritten: number;
  /** The same with a hand-written consumer that redacts, with regular expressions. */
  readonly ratio_to_handwritten_redacting: number;
  /** CPU of the bare consumer over our path without redaction, checks and signals; the worse of Avro and JSON. */
  readonly ratio_without_checks_to_bare: number;
  readonly us_per_kb_without_checks: number;
  readonly loop_lag_p99_ms: number;
  readonly formats: Readonly<Record<Format, FormatFigures>>;
}

interface FormatFigures {
  readonly us_per_record: Spread;
  readonly us_per_record_without_checks: Spread;
  readonly us_per_record_bare: Spread;
  readonly ratio_without_checks_to_bare: Spread;
}

const BYTES = 4000;

/** CPU per record of 4 kB through a real broker, every consumer over the same topics in turn. */
export async function benchKafkaPath(
  broker: BenchBroker,
  { seed, quick }: { readonly seed: number; readonly quick: boolean },
): Promise<RowResult<KafkaPathFigures>> {
  const records = quick ? 4_000 : 12_000;
  // Fewer records than some 8,000 leave a consumer half compiled.
  const plan = { warmUps: quick ? 2 : 1, repetitions: quick ? 3 : 7 };
  const consumers = {
    bare: broker.consumer('bare'),
    unread: broker.consumer('unread'),
    monitor: broker.consumer('monitor'),
    byHand: broker.consumer('byHand'),
    byHandRedacting: broker.consumer('byHandRedacting'),
  };
  const topics = {
    avro: await broker.fill(makeTraffic(seed, records, BYTES, 'avro')),
    json: await broker.fill(makeTraffic(seed, records, BYTES, 'json')),
  };
  const on = (name: keyof typeof consumers, format: Format) => () => consumers[name].read(topics[format], records);
  const avro = await interleaved(
    { bare: on('bare', 'avro'), unread: on('unread', 'avro'), monitor: on('monitor', 'avro') },
    plan,
  );
  const json = await interleaved(
    {
      bare: on('bare', 'json'),
      unread: on('unread', 'json'),
      monitor: on('monitor', 'json'),
      byHand: on('byHand', 'json'),
      byHandRedacting: on('byHandRedacting', 'json'),
    },
    plan,
  );
  const formats = { avro: formatFigures(avro), json: formatFigures(json) };
  const byHand = ratioSpread(costs(json.byHand), costs(json.monitor));
  const byHandRedacting = ratioSpread(costs(json.byHandRedacting), costs(json.monitor));
  const perKb = (spread: Spread): number => spread.median / (BYTES / 1000);
  const dearest = Math.max(...Object.values(formats).map(({ us_per_record }) => perKb(us_per_record)));
  return {
    rows: [
      ...rowsOf('Avro', formats.avro),
      ...rowsOf('JSON', formats.json),
      {
        name: 'hand-written consumer, same checks, JSON',
        unit: 'µs CPU per record',
        value: spreadOf(costs(json.byHand)),
        reference: { name: 'it to ours', ratio: byHand },
        goal: { of: 'ratio', atLeast: 1.2 },
      },
      {
        name: 'hand-written consumer that also redacts',
        unit: 'µs CPU per record',
        value: spreadOf(costs(json.byHandRedacting)),
        reference: { name: 'it to ours', ratio: byHandRedacting },
        goal: null,
      },
      {
        name: 'event-loop lag at saturation, 99th percentile',
        unit: 'ms',
        value: spreadOf(avro.monitor.map(({ loopLagMs }) => loopLagMs)),
        reference: null,
        goal: { of: 'value', atMost: 100 },
      },
    ],
    figures: {
      retain: privacyOptions.parse({}).retain,
      us_per_kb: dearest,
      ratio_to_handwritten: byHand.median,
      ratio_to_handwritten_redacting: byHandRedacting.median,
      ratio_without_checks_to_bare: Math.min(
        ...Object.values(formats).map(({ ratio_without_checks_to_bare }) => ratio_without_checks_to_bare.median),
      ),
      us_per_kb_without_checks: Math.max(
        ...Object.values(formats).map(({ us_per_record_without_checks }) => perKb(us_per_record_without_checks)),
      ),
      loop_lag_p99_ms: spreadOf(avro.monitor.map(({ loopLagMs }) => loopLagMs)).median,
      formats,
    },
  };
}

type Readings = Readonly<Record<'bare' | 'unread' | 'monitor', readonly Reading[]>>;

function formatFigures({ bare, unread, monitor }: Readings): FormatFigures {
  return {
    us_per_record: spreadOf(costs(monitor)),
    us_per_record_without_checks: spreadOf(costs(unread)),
    us_per_record_bare: spreadOf(costs(bare)),
    ratio_without_checks_to_bare: ratioSpread(costs(bare), costs(unread)),
  };
}

/** µs of CPU per record. */
function costs(readings: readonly Reading[]): number[] {
  return readings.map(({ cpuUs, records }) => cpuUs / records);
}

function rowsOf(format: string, figures: FormatFigures): Row[] {
  const kb = BYTES / 1000;
  const { median, low, high, repetitions } = figures.us_per_record;
  return [
    {
      name: `Kafka path, 4 kB ${format}: decode, redact, checks, verdict with its text, ledger`,
      unit: 'µs CPU per kB',
      value: { median: median / kb, low: low / kb, high: high / kb, repetitions },
      reference: null,
      goal: { of: 'value', atMost: 100 },
    },
    {
      name: `Kafka path, 4 kB ${format}, without redaction, checks and signals`,
      unit: 'µs CPU per record',
      value: figures.us_per_record_without_checks,
      reference: { name: 'the bare consumer to it', ratio: figures.ratio_without_checks_to_bare },
      goal: { of: 'ratio', atLeast: 0.4 },
    },
    {
      name: `bare kafkajs consumer, 4 kB ${format}`,
      unit: 'µs CPU per record',
      value: figures.us_per_record_bare,
      reference: null,
      goal: null,
    },
  ];
}
