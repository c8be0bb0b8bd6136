import type { Check } from '../../../src/checks/port';
import type { Decoded, DecodeFault, Decoder } from '../../../src/decode/port';
import type { Behaviour } from '../../../src/domain/behaviour';
import type { TopicPartition } from '../../../src/domain/coordinates';
import type { DeadLetter } from '../../../src/domain/dead-letter';
import { MonitorError } from '../../../src/domain/error';
import type { Interaction } from '../../../src/domain/interaction';
import type { BehaviourRecord, LedgerRecord, MarkerRecord, OutcomeRecord } from '../../../src/domain/ledger-record';
import { err, ok, type Result } from '../../../src/domain/result';
import type { CriterionVerdict, Verdict } from '../../../src/domain/verdict';
import type { JudgingRequest } from '../../../src/judge/cascade-port';
import { createPipeline } from '../../../src/pipeline/pipeline';
import type { Pipeline, PipelineDeps, PipelineOptions } from '../../../src/pipeline/deps';
import { silentLogger } from '../../../src/platform/logger';
import { silentObserver } from '../../../src/platform/observer';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildBehaviour, buildInteraction } from '../../support/builders/interaction';
import { buildSignals } from '../../support/builders/ledger-record';
import {
  buildCriterionVerdict,
  buildJudging,
  buildNotSampledVerdict,
  buildUnjudgedVerdict,
} from '../../support/builders/verdict';
import { createMemoryLedger, type MemoryLedger } from '../../support/fakes/memory-ledger';
import {
  createMemoryBroker,
  createMemorySource,
  type MemorySource,
  type OpenMemoryBroker,
} from '../../support/fakes/memory-source';
import { createVirtualTime, type VirtualTime } from '../../support/virtual-time';

export const TOPIC = 'llm.interactions';
export const P0: TopicPartition = { topic: TOPIC, partition: 0 };
export const P1: TopicPartition = { topic: TOPIC, partition: 1 };

/** What a test record says of itself; the rig's decoder reads it. */
export type TestRecord =
  | { readonly kind: 'interaction'; readonly interaction?: Partial<Interaction>; readonly sampled?: boolean }
  | { readonly kind: 'behaviour'; readonly behaviour?: Partial<Behaviour> }
  | { readonly kind: 'filtered' }
  | { readonly kind: 'fault' }
  | { readonly kind: 'decoder_bug' }
  | { readonly kind: 'check_bug'; readonly interaction?: Partial<Interaction> }
  | { readonly kind: 'needs_schema' };

export interface Published<T> {
  readonly all: T[];
  fail(error: Error | null): void;
}

export interface Rig {
  readonly time: VirtualTime;
  readonly broker: OpenMemoryBroker;
  readonly source: MemorySource;
  readonly ledger: MemoryLedger;
  readonly verdicts: Published<Verdict>;
  readonly deadLetters: Published<DeadLetter>;
  readonly pipeline: Pipeline;
  readonly judged: JudgingRequest[];
  readonly done: (OutcomeRecord | BehaviourRecord)[];
  registryDown(down: boolean): void;
  put(record: TestRecord, at?: TopicPartition, headers?: Readonly<Record<string, string>>): bigint;
  lines(): (OutcomeRecord | BehaviourRecord)[];
  markers(): MarkerRecord[];
}

export interface RigOptions {
  /** Shared between rigs to model restarts. */
  readonly broker?: OpenMemoryBroker;
  readonly ledger?: MemoryLedger;
  readonly time?: VirtualTime;
  readonly assigned?: readonly TopicPartition[];
  readonly options?: Partial<PipelineOptions>;
  readonly deps?: Partial<PipelineDeps>;
  /** What the cascade says; default: one criterion scored. */
  readonly judge?: (request: JudgingRequest) => Promise<readonly CriterionVerdict[]>;
  readonly attempt?: string;
}

/** A pipeline among fakes, on virtual time. */
export function createRig(setup: RigOptions = {}): Rig {
  const time = setup.time ?? createVirtualTime();
  const broker = setup.broker ?? createMemoryBroker({ [TOPIC]: 2 });
  const ledger = setup.ledger ?? createMemoryLedger();
  const source = createMemorySource({ broker, ...(setup.assigned === undefined ? {} : { assigned: setup.assigned }) });
  const verdicts = published<Verdict>();
  const deadLetters = published<DeadLetter>();
  const judged: JudgingRequest[] = [];
  const done: (OutcomeRecord | BehaviourRecord)[] = [];
  let registryIsDown = false;
  let ids = 0;

  const decoder: Decoder = {
    decode({ value }) {
      const record = JSON.parse(String(value)) as TestRecord;
      if (record.kind === 'needs_schema' && registryIsDown) {
        return Promise.reject(new MonitorError('SCHEMA_REGISTRY_UNAVAILABLE', 'down'));
      }
      return record.kind === 'needs_schema' ? Promise.resolve(ok(toDecoded(record))) : decodeNow(record);
    },
  };

  const pipeline = createPipeline({
    source,
    decoder,
    redactor: { redactInteraction: (interaction) => ({ interaction, counts: [] }), redactText: (text) => text },
    checks: [emptiness, buggy],
    escalateOn: ['non_empty'],
    signals: () => buildSignals(),
    sampler: ({ segments }) => {
      const sampled = segments['sampled'] !== 'no';
      return { sampled, probability: sampled ? 1 : 0.1, upstreamProbability: 1, cell: 'default' };
    },
    cascade: {
      async judge(request) {
        judged.push(request);
        return buildJudging(await (setup.judge ?? scored)(request));
      },
      notSampled: () => buildJudging([buildNotSampledVerdict()], { costUsd: 0 }),
    },
    policy: () => INITIAL_POLICY,
    verdicts: { publish: (records) => verdicts.publish(records), close: () => Promise.resolve() },
    deadLetters: { publish: (records) => deadLetters.publish(records), close: () => Promise.resolve() },
    ledger,
    clock: time.clock,
    timers: time.timers,
    logger: silentLogger,
    observer: silentObserver,
    listener: { recordDone: (record) => void done.push(record), answered: () => {}, inflight: () => {} },
    versions: { config: 'cfg-1', rubrics: 'rub-1', prompt: 'prm-1' },
    randomId: () => `v-${setup.attempt ?? 'a'}-${ids++}`,
    onLeaving: () => {},
    ...setup.deps,
    options: {
      window: { maxBytes: 1_000_000, maxRecords: 1000, resumeRatio: 0.5 },
      concurrency: 4,
      itemDeadlineMs: 5000,
      retain: (interaction) => ({ interaction, sealed: null }),
      maxRecordBytes: 100_000,
      recentIds: 1_000,
      ...setup.options,
    },
  });

  return {
    time,
    broker,
    source,
    ledger,
    verdicts,
    deadLetters,
    pipeline,
    judged,
    done,
    registryDown: (down) => {
      registryIsDown = down;
    },
    put: (record, at = P0, headers = {}) =>
      broker.append(at, { value: JSON.stringify(record), headers, timestamp: time.clock.now() }),
    lines: () => recordsOf(ledger).filter((record) => record.kind === 'outcome' || record.kind === 'behaviour'),
    markers: () => recordsOf(ledger).filter((record) => record.kind === 'marker'),
  };
}

export function recordsOf(ledger: MemoryLedger): LedgerRecord[] {
  return ledger.entries.map(({ record }) => record);
}

/** `p0@3=judged` for each line, in ledger order. */
export function summary(rig: Rig): string[] {
  return rig.lines().map((line) => {
    const what = line.kind === 'outcome' ? line.outcome : 'behaviour';
    return `p${line.source.partition}@${line.source.offset}=${what}`;
  });
}

/** An interaction with its own id and conversation. */
export function turn(id: string, overrides: Partial<Interaction> = {}): TestRecord {
  return { kind: 'interaction', interaction: { interactionId: id, conversationId: `c-${id}`, ...overrides } };
}

/** The same, but left out of the sample. */
export function skippedTurn(id: string, overrides: Partial<Interaction> = {}): TestRecord {
  return turn(id, { segments: { product: 'support', sampled: 'no' }, ...overrides });
}

/** A judge whose answers wait until they are let go, in any order. */
export function heldJudge(): {
  readonly judge: (request: JudgingRequest) => Promise<readonly CriterionVerdict[]>;
  readonly waiting: () => string[];
  readonly release: (id: string) => void;
  readonly releaseAll: () => void;
} {
  const held = new Map<string, () => void>();
  return {
    judge: ({ interaction, signal }) =>
      new Promise((resolve) => {
        held.set(interaction.interactionId, () => resolve([buildCriterionVerdict()]));
        signal.addEventListener('abort', () => resolve([buildUnjudgedVerdict('deadline')]), { once: true });
      }),
    waiting: () => [...held.keys()],
    release(id) {
      held.get(id)?.();
      held.delete(id);
    },
    releaseAll() {
      for (const release of held.values()) release();
      held.clear();
    },
  };
}

const scored = (): Promise<readonly CriterionVerdict[]> => Promise.resolve([buildCriterionVerdict()]);

const emptiness: Check = {
  name: 'non_empty',
  version: 1,
  meaning: 'the answer is not empty',
  run: ({ output }) => ({
    check: 'non_empty',
    version: 1,
    result: output.text === '' ? 'fail' : 'pass',
    span: null,
    detail: null,
  }),
};

const buggy: Check = {
  name: 'buggy',
  version: 1,
  meaning: 'fails as a bug would',
  run: ({ segments }) => {
    if (segments['bug'] === 'yes') throw new TypeError(`secret text of ${String(segments['product'])}`);
    return { check: 'buggy', version: 1, result: 'pass', span: null, detail: null };
  },
};

function decodeNow(record: TestRecord): Result<Decoded, DecodeFault> {
  if (record.kind === 'fault') return err({ reason: 'undecodable', detail: 'wanted magic byte 0', schemaId: null });
  if (record.kind === 'decoder_bug') throw new RangeError('secret text');
  return ok(toDecoded(record));
}

function toDecoded(record: TestRecord): Decoded {
  switch (record.kind) {
    case 'behaviour':
      return { kind: 'behaviour', behaviour: buildBehaviour(record.behaviour) };
    case 'filtered':
      return { kind: 'filtered' };
    case 'check_bug':
      return {
        kind: 'interaction',
        interaction: buildInteraction({ ...record.interaction, segments: { bug: 'yes' } }),
      };
    case 'interaction':
      return { kind: 'interaction', interaction: buildInteraction(record.interaction) };
    default:
      return { kind: 'interaction', interaction: buildInteraction({ interactionId: 'needs-schema' }) };
  }
}

function published<T>(): Published<T> & { publish(records: readonly T[]): Promise<void> } {
  const all: T[] = [];
  let failure: Error | null = null;
  return {
    all,
    fail(error) {
      failure = error;
    },
    publish(records) {
      if (failure !== null) return Promise.reject(failure);
      all.push(...records);
      return Promise.resolve();
    },
  };
}
