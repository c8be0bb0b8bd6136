import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import type { Decoder } from '../../decode/port';
import type { DeadLetterReason, RecordOutcome } from '../../domain/accounting';
import { coordinatesKey, partitionKey, type SourceCoordinates } from '../../domain/coordinates';
import { err } from '../../domain/result';
import type { BehaviourRecord, OutcomeRecord } from '../../domain/ledger-record';
import { createKafkaLedgerWriter } from '../../ledger/kafka';
import type { LedgerWriter } from '../../ledger/port';
import { createKafkaVerdictSink } from '../../outputs/kafka-sinks';
import { createLogger } from '../../outputs/log';
import { createMetrics } from '../../outputs/prometheus';
import { valueHash } from '../../pipeline/dead-letter';
import type { DeadLetterSink } from '../../pipeline/ports';
import { systemClock } from '../../platform/clock';
import { NO_FAILPOINT } from '../../platform/failpoint';
import { withAdmin } from '../../source/kafka-client-admin';
import type { KafkaAccess } from '../../source/kafka-client';
import { lookUpOffsets } from '../../source/kafka-offsets';
import { clampRanges, createKafkaRangeSource, type OffsetRange } from '../../source/kafka-range';
import { closingAfter } from '../closers';
import { verdictMessages } from '../codecs';
import { createKafkaDecoder } from '../inputs';
import { createScoring } from '../scoring';
import { accessOf } from '../topics';
import { purseFor } from '../replay/purse';
import { startTelemetry } from '../telemetry';
import { programVersion } from '../version';
import { claimLedgerOnKafka, ledgerOn } from './on-kafka';
import { rangeOptions, settleDeadLetters, type StoredLetter, topicOf } from './dead-letters';

/** What a replay made of each letter. */
export interface LetterReplay {
  readonly id: string;
  /**
   * The outcome of the replayed record, or why it is a dead letter still: its reason; `gone` when the source no longer
   * has the record; `in_flight` when the monitor has not passed its offset yet; `over_budget` when there was no money left
   * to judge it.
   */
  readonly result: RecordOutcome | DeadLetterReason | 'gone' | 'in_flight' | 'over_budget';
  readonly isReplayed: boolean;
}

/**
 * Reads the records of dead letters from the source again and sends them the whole way under the present configuration:
 * verdict, then a ledger line that takes the place of `dead_lettered`. Sessions and estimates see them at their own event
 * time. What cannot be used now either stays a dead letter. Doing it twice counts nothing twice.
 */
export async function replayDeadLetters(
  loaded: LoadedConfig,
  env: Environment,
  stored: readonly StoredLetter[],
  signal: AbortSignal,
  budgetUsd: number | null,
): Promise<LetterReplay[]> {
  const access = accessOf(loaded.config, env);
  await claimLedgerOnKafka(loaded, access);
  const passed = await passedBySource(loaded, access, stored);
  const due = stored.filter(({ id }) => passed.has(id));
  const ranges = await clampRanges(access, toRanges(due.map(({ letter }) => letter.source)));
  const results = await score(loaded, env, access, due, ranges, { signal, budgetUsd });
  const replays = stored.map(({ id }): LetterReplay => {
    if (!passed.has(id)) return { id, result: 'in_flight', isReplayed: false };
    const result = results.get(id);
    if (result === undefined) return { id, result: 'gone', isReplayed: false };
    return { id, result: result.outcome ?? result.reason, isReplayed: result.outcome !== null };
  });
  const done = new Set(replays.filter(({ isReplayed }) => isReplayed).map(({ id }) => id));
  await settleDeadLetters(
    loaded,
    env,
    stored.filter(({ id }) => done.has(id)),
    'replayed',
  );
  return replays;
}

type Scored =
  | { readonly outcome: RecordOutcome; readonly reason: null }
  | { readonly outcome: null; readonly reason: DeadLetterReason | 'over_budget' };

interface ReplayBounds {
  readonly signal: AbortSignal;
  /** What judging may cost, USD; null = one lease where there is a budget, and no bound where there is none. */
  readonly budgetUsd: number | null;
}

async function score(
  loaded: LoadedConfig,
  env: Environment,
  access: KafkaAccess,
  stored: readonly StoredLetter[],
  ranges: readonly OffsetRange[],
  { signal, budgetUsd }: ReplayBounds,
): Promise<Map<string, Scored>> {
  const results = new Map<string, Scored>();
  if (ranges.length === 0) return results;
  return closingAfter(async (closers) => {
    const { config, hash } = loaded;
    const version = programVersion();
    const logger = createLogger({ level: config.telemetry.logLevel, secretValues: loaded.secrets.values() });
    const tracing = await startTelemetry(loaded, logger, closers);
    const ledger = await createKafkaLedgerWriter(ledgerOn(access, loaded));
    closers.add(() => ledger.close());
    const verdicts = await createKafkaVerdictSink({
      ...access,
      topic: topicOf(loaded, 'verdicts'),
      encoder: verdictMessages,
    });
    closers.add(() => verdicts.close());
    const metrics = createMetrics({
      version,
      configHash: hash,
      clock: systemClock,
      maxSegments: 1,
      processMetrics: false,
    });
    const { budget, desk } = await purseFor(
      { loaded, access, metrics, logger, closers, failpoint: NO_FAILPOINT },
      budgetUsd,
    );
    const scoring = createScoring(
      { ...loaded, config: { ...config, budget } },
      {
        source: createKafkaRangeSource(rangeOptions(loaded, access, ranges)),
        decoder: onlyTheSame(createKafkaDecoder(loaded, closers), stored),
        verdicts,
        deadLetters: NO_LETTERS,
        ledger: asReplays(ledger, results),
        metrics,
        tracing,
        desk,
        logger,
      },
    );
    closers.add(() => scoring.close());
    closers.add(() => scoring.pipeline.stop());
    signal.addEventListener('abort', () => void scoring.pipeline.drain(DRAIN_MS).catch(() => {}), { once: true });
    await scoring.pipeline.start();
    await scoring.pipeline.finished;
    return results;
  });
}

const DRAIN_MS = 25_000;

/** What is a dead letter again is one already. */
const NO_LETTERS: DeadLetterSink = { publish: () => Promise.resolve(), close: () => Promise.resolve() };

/** A topic that was made anew has other records at the same offsets. */
function onlyTheSame(decoder: Decoder, stored: readonly StoredLetter[]): Decoder {
  const hashes = new Set(stored.map(({ letter }) => letter.hash));
  return {
    decode(record) {
      if (hashes.has(valueHash(record.value))) return decoder.decode(record);
      return err({ reason: 'invalid', detail: 'another record lies there now', schemaId: null });
    },
  };
}

/** Marks each line as a replay; markers are for those who commit. */
function asReplays(ledger: LedgerWriter, results: Map<string, Scored>): LedgerWriter {
  return {
    async append(records) {
      const lines = records.flatMap((record) => {
        if (record.kind !== 'outcome' && record.kind !== 'behaviour') return [];
        const outcome = record.kind === 'behaviour' ? 'behaviour' : record.outcome;
        const reason = record.kind === 'behaviour' ? null : record.deadLetterReason;
        const scored: Scored =
          outcome === 'dead_lettered'
            ? { outcome: null, reason: reason ?? 'handler_error' }
            : isUnpaid(record)
              ? { outcome: null, reason: 'over_budget' }
              : { outcome, reason: null };
        return [{ line: { ...record, isReplay: true as const }, id: coordinatesKey(record.source), scored }];
      });
      const usable = lines.filter(({ scored }) => scored.outcome !== null);
      if (usable.length > 0) await ledger.append(usable.map(({ line }) => line));
      for (const { id, scored } of lines) results.set(id, scored);
    },
    close: () => ledger.close(),
  };
}

/** It stays a dead letter: its one replay would be used up by a line that says nothing. */
function isUnpaid(record: OutcomeRecord | BehaviourRecord): boolean {
  if (record.kind !== 'outcome' || record.item === null) return false;
  return record.item.criteria.some(({ unjudgedReason }) => unjudgedReason === 'over_budget');
}

/** Ids of letters that SCORE has committed past: only then is their line below a marker, and a replay can take its place. */
async function passedBySource(
  { config }: LoadedConfig,
  access: KafkaAccess,
  stored: readonly StoredLetter[],
): Promise<Set<string>> {
  const topics = [...new Set(stored.map(({ letter }) => letter.source.topic))];
  if (topics.length === 0) return new Set();
  const groupId = `${config.instance.groupPrefix}-score`;
  const offsets = await withAdmin(access, `look up the offsets of group ${groupId}`, (admin) =>
    lookUpOffsets(admin, groupId, topics),
  );
  const isPassed = ({ letter: { source } }: StoredLetter): boolean =>
    (offsets.get(partitionKey(source))?.committed ?? 0n) > source.offset;
  return new Set(stored.filter(isPassed).map(({ id }) => id));
}

/** Neighbours in one range, those of each partition in order. */
function toRanges(sources: readonly SourceCoordinates[]): OffsetRange[] {
  const sorted = [...sources].sort(
    (a, b) => (partitionKey(a) < partitionKey(b) ? -1 : partitionKey(a) > partitionKey(b) ? 1 : 0) || further(a, b),
  );
  const ranges: OffsetRange[] = [];
  for (const { topic, partition, offset } of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && partitionKey(last) === partitionKey({ topic, partition }) && last.to === offset) {
      ranges[ranges.length - 1] = { ...last, to: offset + 1n };
    } else ranges.push({ topic, partition, from: offset, to: offset + 1n });
  }
  return ranges;
}

function further(a: SourceCoordinates, b: SourceCoordinates): number {
  return a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0;
}
