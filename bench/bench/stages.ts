import { randomUUID } from 'node:crypto';
import { createChecks } from '../../src/checks/create-checks';
import { ledgerMessages, verdictMessages } from '../../src/compose/codecs';
import { createFileDecoder } from '../../src/compose/inputs';
import { createJudges } from '../../src/compose/cascade/judges';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import type { LoadedConfig } from '../../src/config/load';
import type { Decoder } from '../../src/decode/port';
import type { Interaction } from '../../src/domain/interaction';
import { createCascade } from '../../src/judge/cascade';
import { createSampler } from '../../src/judge/sampling';
import { startTracing } from '../../src/outputs/otel';
import { createScorer } from '../../src/pipeline/score';
import { systemTimers } from '../../src/pipeline/timers';
import { systemClock } from '../../src/platform/clock';
import { silentLogger } from '../../src/platform/logger';
import { silentObserver } from '../../src/platform/observer';
import { INITIAL_POLICY } from '../../src/policy/policy';
import { createRedactor } from '../../src/privacy/redactor';
import { createRetain } from '../../src/privacy/retention';
import { turnSignals } from '../../src/signals/turn-signals';
import { monitorConfig } from './consumers/monitor';
import { cpuPerCall, type Spread } from './measure';
import type { Row, RowResult } from './row';
import { type Format, makeTraffic } from './traffic';

export interface StageFigures {
  /** µs of CPU per 4 kB record, medians. */
  readonly us_per_record: Readonly<Record<string, number>>;
  readonly us_per_record_by_check: Readonly<Record<string, number>>;
}

const BYTES = 4000;
const ITEMS = 200;

/** Each stage by itself, in one process: where the time of the Kafka path goes, but for the client and compression. */
export async function benchStages({
  seed,
  quick,
}: {
  readonly seed: number;
  readonly quick: boolean;
}): Promise<RowResult<StageFigures>> {
  const loaded = configOf();
  const { config } = loaded;
  const calls = quick ? 600 : 2_000;
  const repetitions = quick ? 5 : 15;
  const decoder = createFileDecoder(config);
  const payloads = { avro: payloadsOf(seed, 'avro'), json: payloadsOf(seed, 'json') };
  const raw = payloads.avro.map((payload) => decode(decoder, payload));
  const redactor = createRedactor(config.privacy);
  const clean = raw.map((interaction) => redactor.redactInteraction(interaction).interaction);
  const checks = createChecks(config.checks);
  const sampler = createSampler(config.sampling);
  const scorer = await scorerOf(loaded);
  const source = { topic: 'bench', partition: 0, offset: 7n };
  const prepared = raw.map((interaction) => scorer.prepare(source, interaction));
  const scored = prepared.map((one) => scorer.conclude(one, scorer.skip(one)));

  const time = <T>(items: readonly T[], work: (item: T) => void): Spread =>
    cpuPerCall((index) => work(items[index % ITEMS] as T), calls, repetitions);
  const stages = {
    'decode Avro': time(payloads.avro, (payload) => decode(decoder, payload)),
    'decode JSON': time(payloads.json, (payload) => decode(decoder, payload)),
    redact: time(raw, (interaction) => redactor.redactInteraction(interaction)),
    checks: time(clean, (interaction) => checks.forEach((check) => check.run(interaction))),
    signals: time(clean, (interaction) => turnSignals(interaction)),
    sample: time(clean, (interaction) => sampler(interaction, INITIAL_POLICY)),
    'verdict and ledger record': time(prepared, (one) => scorer.conclude(one, scorer.skip(one))),
    'encode verdict': time(scored, ({ verdict }) => verdictMessages.encode(verdict)),
    'encode ledger record': time(scored, ({ line }) => ledgerMessages.encode(line)),
  };
  const byCheck = checks.map((check): [string, number] => [
    check.name,
    time(clean, (interaction) => check.run(interaction)).median,
  ]);
  return {
    rows: Object.entries(stages).map(([name, value]): Row => {
      return { name: `${name}, 4 kB`, unit: 'µs CPU per record', value, reference: null, goal: null };
    }),
    figures: {
      us_per_record: Object.fromEntries(Object.entries(stages).map(([name, { median }]) => [name, median])),
      us_per_record_by_check: Object.fromEntries(byCheck),
    },
  };
}

interface Payload {
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

function payloadsOf(seed: number, format: Format): Payload[] {
  const own = { 'plumbline-schema': 'interaction.v1' };
  return makeTraffic(seed, ITEMS, BYTES, format).map(({ value }) =>
    format === 'avro' ? { value: value.subarray(5), headers: own } : { value, headers: {} },
  );
}

function decode(decoder: Decoder, { value, headers }: Payload): Interaction {
  const decoded = decoder.decode({ topic: 'bench', value, headers });
  if (decoded instanceof Promise || !decoded.ok || decoded.value.kind !== 'interaction') {
    throw new Error('the traffic of the bench is not understood');
  }
  return decoded.value.interaction;
}

async function scorerOf({ config, secrets, hash }: LoadedConfig): Promise<ReturnType<typeof createScorer>> {
  const tracing = await startTracing({ ...config.telemetry, instance: 'bench', version: '', logger: silentLogger });
  return createScorer({
    redactor: createRedactor(config.privacy),
    checks: createChecks(config.checks),
    escalateOn: config.checks.escalateOn,
    signals: turnSignals,
    sampler: createSampler(config.sampling),
    cascade: createCascade({
      criteria: config.criteria,
      judges: createJudges(config, secrets, tracing).judges,
      cascade: config.cascade,
      models: config.models,
      salt: config.sampling.salt,
      clock: systemClock,
      randomId: randomUUID,
      onCall: () => undefined,
    }),
    policy: () => INITIAL_POLICY,
    clock: systemClock,
    timers: systemTimers,
    observer: silentObserver,
    versions: { config: hash, rubrics: 'r', prompt: 'p' },
    randomId: randomUUID,
    options: { retain: createRetain(config.privacy, null) },
  });
}

function configOf(): LoadedConfig {
  const names = { brokers: ['127.0.0.1:9'], topic: 'bench', outputPrefix: 'bench', groupId: 'bench' };
  const text = monitorConfig({ ...names, registryUrl: 'http://127.0.0.1:9' });
  const loaded = loadMonitorConfig({ text: { name: 'bench', text }, env: {} });
  if (!loaded.ok) throw new Error(`the configuration of the bench: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}
