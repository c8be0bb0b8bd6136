import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Verdict } from '../../domain/verdict';
import { createKafkaLedgerReader, createKafkaLedgerWriter } from '../../ledger/kafka';
import type { LedgerWriter } from '../../ledger/port';
import { createKafkaVerdictEraser } from '../../outputs/kafka-sinks';
import { systemClock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { KafkaAccess } from '../../source/kafka-client';
import { readTopics, type TopicRecord } from '../../source/kafka-topic-reader';
import { checkTopics, requiredTopics } from '../../source/kafka-topics';
import type { EvidenceBatch, EvidenceStore, WithJson } from '../../store/port';
import { openSqliteStore } from '../../store/sqlite';
import type { FoldSnapshot } from '../../watch/fold';
import { createWatch } from '../../watch/watch';
import type { Closers } from '../closers';
import { ledgerMessages, readAlertMessage, readSessionMessage, readVerdictMessage, verdictLine } from '../codecs';
import { goldenSetPlace } from '../golden/erasure';
import { foldOf } from '../ledger/fold';
import { ledgerOn } from '../ledger/on-kafka';
import { createErase, type Erase, type ErasedPlace, EXPORTS, saltsOf, type TextPlace } from './erasure';
import { createPatientWriter, type PatientWriter } from './evidence';
import { type TextSeal, textSealOf } from './text-seal';

export interface KafkaEvidenceSetup {
  readonly loaded: LoadedConfig;
  readonly access: KafkaAccess;
  readonly onStalled: (stalled: boolean) => void;
  readonly logger: Logger;
  readonly closers: Closers;
}

/** What feeds the console's store. */
export interface KafkaEvidence {
  readonly writer: PatientWriter;
  readonly ledger: LedgerWriter;
  readonly erase: Erase;
}

const DAY_MS = 86_400_000;
const RETAIN_EVERY_MS = 600_000;
/** Between two rounds of retention the store may outgrow its size by this; then it takes no more. */
const HEADROOM = 1.2;

/** The store as configured. Rejects with STORE_FAILED or CONFIG_INVALID. */
export function openStore({ config, secrets }: LoadedConfig): EvidenceStore {
  const { path, searchText, keyEnv, maxMegabytes } = config.store;
  const key = keyEnv === undefined ? null : Buffer.from(secrets.get(keyEnv), 'base64');
  return openSqliteStore({ path, searchText, key, sizeLimitBytes: maxMegabytes * 1_000_000 * HEADROOM });
}

/**
 * The console's evidence on Kafka: verdicts, ledger, sessions and alerts into the store. A store of its own is a consumer
 * group of its own, so that an empty one is filled from the beginning of the topics.
 */
export async function startKafkaEvidence(setup: KafkaEvidenceSetup, store: EvidenceStore): Promise<KafkaEvidence> {
  const { loaded, access, logger, closers } = setup;
  const { topicPrefix, groupPrefix } = loaded.config.instance;
  const retain = keepRetention(loaded, store, logger, closers);
  const writer = createPatientWriter(store, logger, (stalled) => {
    // More than the headroom came between two rounds: else nothing would be written until the next one.
    if (stalled) retain();
    setup.onStalled(stalled);
  });
  const seal = textSealOf(loaded);
  const open = (verdict: WithJson<Verdict>): WithJson<Verdict> =>
    seal === null ? verdict : opened(verdict, seal, logger);
  const names = { verdicts: '', ledger: '', sessions: '', alerts: '' };
  for (const name of Object.keys(names) as (keyof typeof names)[]) names[name] = `${topicPrefix}.${name}`;
  const missing = await missingTopics(setup);
  const reader = readTopics({
    ...access,
    topics: Object.values(names).filter((topic) => !missing.has(topic)),
    groupId: `${groupPrefix}-console-${store.id.slice(0, 8)}`,
    onRecords: (records) => writer.write(toBatch(records, names, open, logger)),
  });
  reader.done.catch((error: unknown) => logger.error({ err: error }, 'evidence is not read any further'));
  // A writer that waits for room must not keep the reader from stopping.
  closers.add(() => reader.stop());
  closers.add(() => writer.close());
  const ledger = await createKafkaLedgerWriter(ledgerOn(access, loaded));
  closers.add(() => ledger.close());
  const eraser = await createKafkaVerdictEraser({ ...access, topic: names.verdicts });
  closers.add(() => eraser.close());
  const verdicts: TextPlace = {
    name: `${names.verdicts}: tombstones`,
    async erase({ interactions }) {
      await eraser.erase(interactions);
      const { length } = interactions;
      return { found: length, erased: length, left: 'gone once the broker compacts the topic; 30 days at most' };
    },
  };
  const { set } = loaded.config.golden;
  const erase = createErase({
    store,
    places: set === undefined ? [verdicts] : [verdicts, goldenSetPlace(set)],
    expiring: EXPIRING,
    salts: saltsOf(loaded),
    append: (records) => ledger.append(records),
    now: () => systemClock.now(),
  });
  return { writer, ledger, erase };
}

/** No text lies there, but pseudonyms: said, so that nobody has to ask. */
const EXPIRING: readonly ErasedPlace[] = [
  {
    place: 'ledger: pseudonyms, figures, comments of labels',
    found: 0,
    erased: 0,
    left: 'expires with the topic, 90 days',
  },
  { place: 'sessions: pseudonyms and figures', found: 0, erased: 0, left: 'expires with the topic, 90 days' },
  { place: 'dead letters: coordinates and hashes', found: 0, erased: 0, left: 'expires with the topic, 14 days' },
  EXPORTS,
  { place: 'source topics', found: 0, erased: 0, left: 'belong to the producer; a late replay of them is turned away' },
];

async function missingTopics({ loaded, access }: KafkaEvidenceSetup): Promise<ReadonlySet<string>> {
  const { instance, source } = loaded.config;
  const findings = await checkTopics(access, requiredTopics(instance.topicPrefix, source.topics));
  return new Set(findings.filter(({ kind }) => kind === 'missing').map(({ topic }) => topic));
}

type Names = Readonly<Record<'verdicts' | 'ledger' | 'sessions' | 'alerts', string>>;

/** A record that cannot be read is left out and said so: it is no reason to stop showing the others. */
function toBatch(
  records: readonly TopicRecord[],
  names: Names,
  open: (verdict: WithJson<Verdict>) => WithJson<Verdict>,
  logger: Logger,
): EvidenceBatch {
  const readable = <T>(topic: string, read: (record: TopicRecord) => T): T[] =>
    records.flatMap((record) => {
      if (record.topic !== topic) return [];
      try {
        return [read(record)];
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error;
        const { partition, offset } = record;
        logger.warn({ err: error, topic, partition, offset: String(offset) }, 'a record of ours cannot be read');
        return [];
      }
    });
  return {
    verdicts: readable(names.verdicts, (record) => open(readVerdictMessage(record))),
    sessions: readable(names.sessions, readSessionMessage),
    alerts: readable(names.alerts, readAlertMessage),
    entries: readable(names.ledger, ({ offset, value, headers }) => ({
      position: offset,
      record: ledgerMessages.decode(value, headers),
    })),
  };
}

/** With its text, which the store keeps under a key of its own; a text that cannot be opened stays sealed. */
function opened(verdict: WithJson<Verdict>, seal: TextSeal, logger: Logger): WithJson<Verdict> {
  if (verdict.value.sealed === null) return verdict;
  try {
    const value = seal.open(verdict.value);
    return { value, json: verdictLine(value) };
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    logger.warn({ err: error }, 'the text of a verdict stays sealed');
    return verdict;
  }
}

/** Deletes what is past its retention every ten minutes, and whenever what is returned is called. */
function keepRetention({ config }: LoadedConfig, store: EvidenceStore, logger: Logger, closers: Closers): () => void {
  const { retainDays, maxMegabytes } = config.store;
  let running = false;
  const retain = (): void => {
    if (running) return;
    running = true;
    store
      .retain({ now: systemClock.now(), maxAgeMs: retainDays * DAY_MS, maxBytes: maxMegabytes * 1_000_000 })
      .then((gone) => gone > 0 && logger.info({ interactions: gone }, 'evidence past its retention was deleted'))
      .catch((error: unknown) => logger.warn({ err: error }, 'retention of the evidence store failed'))
      .finally(() => (running = false));
  };
  const timer = setInterval(retain, RETAIN_EVERY_MS);
  timer.unref();
  closers.add(() => clearInterval(timer));
  return retain;
}

/** Folds the ledger for the console of a process without the watch role; it owns nothing and writes nothing. */
export function followLedger({
  loaded,
  access,
  logger,
  closers,
}: Omit<KafkaEvidenceSetup, 'onStalled'>): () => FoldSnapshot {
  const { groupPrefix, name: instance } = loaded.config.instance;
  const ledger = ledgerOn(access, loaded);
  const reader = createKafkaLedgerReader({ ...ledger, groupPrefix: `${groupPrefix}-console-reader` });
  const watch = createWatch({ reader, fold: foldOf(loaded.config, { isLive: true }), follow: true, instance });
  watch.done.catch((error: unknown) => logger.error({ err: error }, 'the console cannot follow the ledger'));
  watch.start();
  closers.add(() => watch.stop());
  return () => watch.snapshot();
}
