import type { LoadedConfig } from '../../config/load';
import type { Environment } from '../../config/secrets';
import { createRecordCodec } from '../../decode/avro-codec';
import type { Annotation } from '../../domain/annotation';
import { coordinatesKey } from '../../domain/coordinates';
import { MonitorError } from '../../domain/error';
import type { Label } from '../../domain/label';
import type { KeyedRecord, LedgerRecord } from '../../domain/ledger-record';
import type { SessionOutcome } from '../../domain/session-outcome';
import type { Verdict } from '../../domain/verdict';
import { createKafkaLedgerReader } from '../../ledger/kafka';
import type { LedgerReader } from '../../ledger/port';
import { systemClock } from '../../platform/clock';
import type { SourceRecord } from '../../source/port';
import { readRanges, rangesByTime } from '../../source/kafka-range';
import { readSessionMessage, readVerdictMessage } from '../codecs';
import { openDataDirectory, readLedgerOf, verdictsOf } from '../data-directory';
import { readJsonLines } from '../json-lines';
import { appendToLedger } from '../ledger/append';
import { ledgerOn } from '../ledger/on-kafka';
import { claimLedger, configRecordOf } from '../ledger/stamp';
import { textSealOf } from '../evidence/text-seal';
import { accessOf } from '../topics';

/** A directory that `replay` or `run` has written, or the topics of the configuration. */
export type RecordedPlace = { readonly directory: string } | { readonly env: Environment };

/** What a run has left behind, for those who judge the judges. */
export interface Recorded {
  /** Of each person about each criterion of an item the last. */
  readonly labels: readonly Label[];
  /** What people wrote on the timeline, of each id the last, oldest first. */
  readonly notes: readonly Annotation[];
  /** Verdicts that the ledger names, oldest first within a partition; one whose source it does not know counts too. */
  eachVerdict(visit: (verdict: Verdict) => void): Promise<void>;
  /** Conversations that were abandoned or handed over; none where no sessions were written. */
  unhappy(): Promise<ReadonlySet<string>>;
  append(records: readonly KeyedRecord[]): Promise<void>;
}

/** Reads the ledger to its present end. Rejects with the errors of Kafka, or with FILE_UNREADABLE. */
export async function openRecorded(loaded: LoadedConfig, place: RecordedPlace): Promise<Recorded> {
  const files = 'directory' in place ? fromDirectory(loaded, place.directory) : fromTopics(loaded, place.env);
  const seal = textSealOf(loaded);
  const { labels, notes, winners } = await readLedger(files.ledger);
  return {
    labels,
    notes,
    eachVerdict: (visit) =>
      files.eachVerdict((verdict) => {
        const winner = winners.get(coordinatesKey(verdict.source));
        if (winner === undefined || winner === verdict.verdictId) visit(seal === null ? verdict : seal.open(verdict));
      }),
    async unhappy() {
      const unhappy = new Set<string>();
      await files.eachSession(({ conversationId, ending }) => {
        if (ending === 'abandoned' || ending === 'handed_off') unhappy.add(conversationId);
      });
      return unhappy;
    },
    append: (records) => files.append(records),
  };
}

interface Sources extends Pick<Recorded, 'eachVerdict' | 'append'> {
  readonly ledger: LedgerReader;
  eachSession(visit: (session: Pick<SessionOutcome, 'conversationId' | 'ending'>) => void): Promise<void>;
}

interface LedgerView {
  readonly labels: readonly Label[];
  readonly notes: readonly Annotation[];
  /** By source offset, of what was judged: the verdict of the first line. */
  readonly winners: ReadonlyMap<string, string>;
}

async function readLedger(reader: LedgerReader): Promise<LedgerView> {
  const labels = new Map<string, Label>();
  const notes = new Map<string, Annotation>();
  const winners = new Map<string, string>();
  const take = (record: LedgerRecord): void => {
    if (record.kind === 'label') labels.set(record.key, record.label);
    if (record.kind === 'annotation') notes.set(record.key, record.annotation);
    if (record.kind !== 'outcome' || record.outcome !== 'judged' || record.item === null) return;
    const key = coordinatesKey(record.source);
    if (!winners.has(key)) winners.set(key, record.item.verdictId);
  };
  const onEntries = (entries: readonly { readonly record: LedgerRecord }[]): void => {
    for (const { record } of entries) take(record);
  };
  await reader.read({ from: 0n, follow: false, onEntries }).done;
  return { labels: [...labels.values()], notes: [...notes.values()], winners };
}

const verdicts = createRecordCodec('verdict');

/** Every readable verdict of a data directory, in order. */
export async function verdictsIn(directory: string, visit: (verdict: Verdict) => void): Promise<void> {
  for await (const json of readJsonLines(verdictsOf(directory))) {
    const verdict = verdicts.fromJson(json);
    if (verdict.ok) visit(verdict.value);
  }
}

function fromDirectory(loaded: LoadedConfig, directory: string): Sources {
  return {
    ledger: readLedgerOf(directory),
    async eachVerdict(visit) {
      await verdictsIn(directory, visit);
    },
    async eachSession(visit) {
      try {
        for await (const json of readJsonLines(`${directory}/sessions.jsonl`)) {
          const { conversation_id: id, ending } = json as {
            conversation_id?: string;
            ending?: SessionOutcome['ending'];
          };
          if (id !== undefined && ending !== undefined) visit({ conversationId: id, ending });
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    },
    async append(records) {
      const data = await openDataDirectory(directory);
      try {
        await claimLedger(data.reader, data.ledger, configRecordOf(loaded, systemClock.now()));
        await data.ledger.append(records);
      } finally {
        await data.close();
      }
    },
  };
}

function fromTopics(loaded: LoadedConfig, env: Environment): Sources {
  const { config } = loaded;
  const { topicPrefix, groupPrefix } = config.instance;
  const access = accessOf(config, env);
  const each = async (
    topic: string,
    visit: (record: SourceRecord & { readonly value: Buffer }) => void,
  ): Promise<void> => {
    const ranges = await rangesByTime(access, [topic], null, null);
    const options = { ...access, ranges, groupPrefix: `${groupPrefix}-reviews`, window: config.source.window };
    await readRanges({ ...options, clock: systemClock }, (records) => {
      // Without a value: what was erased.
      for (const record of records) if (record.value !== null) visit({ ...record, value: record.value });
    });
  };
  return {
    ledger: createKafkaLedgerReader({ ...ledgerOn(access, loaded), groupPrefix: `${groupPrefix}-reviews` }),
    eachVerdict: (visit) => each(`${topicPrefix}.verdicts`, (record) => visit(readVerdictMessage(record).value)),
    async eachSession(visit) {
      try {
        await each(`${topicPrefix}.sessions`, (record) => visit(readSessionMessage(record).value));
      } catch (error) {
        if (!(error instanceof MonitorError) || error.code !== 'TOPIC_MISSING') throw error;
      }
    },
    append: (records) => appendToLedger(loaded, env, records),
  };
}
