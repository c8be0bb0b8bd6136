import type { Alert, Incident } from '../../domain/alert';
import { MonitorError } from '../../domain/error';
import type { SessionOutcome } from '../../domain/session-outcome';
import type { LedgerReader } from '../../ledger/port';
import type { Logger } from '../../platform/logger';
import { readLines } from '../../platform/line-reader';
import { pause } from '../../platform/pause';
import type { EvidenceBatch, EvidenceStore } from '../../store/port';
import type { ClosedSession } from '../../sessions/fold';
import type { Closers } from '../closers';
import { alertLine, sessionLine, verdictFromJson } from '../codecs';
import { verdictsOf } from '../data-directory';

/** Writes to a store that may be full for a while: nothing is given up, and nothing else waits for it. */
export interface PatientWriter {
  /** Resolves when the batch is in; rejects only when the writer is closed before. */
  write(batch: EvidenceBatch): Promise<void>;
  state(): WriterState;
  close(): void;
}

export interface WriterState {
  readonly written: number;
  readonly refused: number;
  readonly failures: number;
  /** Why nothing is being written just now; empty when it is. */
  readonly problem: string;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/** `onStalled` is told when writing begins to fail, and when it is possible again. */
export function createPatientWriter(
  store: EvidenceStore,
  logger: Logger,
  onStalled: (stalled: boolean) => void = () => {},
): PatientWriter {
  const closing = new AbortController();
  let state: WriterState = { written: 0, refused: 0, failures: 0, problem: '' };
  return {
    async write(batch) {
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
        try {
          const { items, refused } = await store.write(batch);
          if (state.problem !== '') onStalled(false);
          state = { ...state, written: state.written + items, refused: state.refused + refused, problem: '' };
          return;
        } catch (error) {
          if (!(error instanceof MonitorError)) throw error;
          if (state.problem === '') {
            logger.error({ err: error }, 'evidence cannot be stored; all else goes on');
            onStalled(true);
          }
          state = { ...state, failures: state.failures + 1, problem: error.message };
          await pause(pauseMs, closing.signal);
          if (closing.signal.aborted) throw error;
        }
      }
    },
    state: () => state,
    close: () => closing.abort(),
  };
}

export interface FileFeedOptions {
  readonly verdictsPath: string;
  readonly ledger: LedgerReader;
  readonly store: EvidenceStore;
  readonly writer: PatientWriter;
  /** Goes on as the files grow; false ends at their ends. */
  readonly follow: boolean;
}

export interface EvidenceFeed {
  /** Resolves at the ends of what is read, or when stopped; rejects when it cannot be read any further. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

const VERDICTS = 'verdicts.jsonl';
const LEDGER = 'ledger.jsonl';
const POLL_MS = 200;

/** Verdicts and ledger of a data directory into a store, from where it was read last. */
export async function feedFromFiles(options: FileFeedOptions): Promise<EvidenceFeed> {
  const { verdictsPath, ledger, store, writer, follow } = options;
  const [verdictsFrom, ledgerFrom] = await Promise.all([store.position(VERDICTS), store.position(LEDGER)]);
  const readings = [
    readLines({
      path: verdictsPath,
      from: BigInt(verdictsFrom ?? 0),
      follow,
      pollMs: POLL_MS,
      onLines: (lines) =>
        writer.write({
          verdicts: lines.map(({ text }) => ({ value: verdictFromJson(text), json: text })),
          positions: { [VERDICTS]: String(lines.at(-1)!.number + 1n) },
        }),
    }),
    ledger.read({
      from: BigInt(ledgerFrom ?? 0),
      follow,
      onEntries: (entries) => writer.write({ entries, positions: { [LEDGER]: String(entries.at(-1)!.position + 1n) } }),
    }),
  ];
  return {
    done: Promise.all(readings.map(({ done }) => done)).then(() => {}),
    async stop() {
      await Promise.all(readings.map((reading) => reading.stop()));
    },
  };
}

/** Collects what the fold tells; it is written now and then, since the fold does not wait. */
export interface FoldFeed {
  readonly onSession: (session: ClosedSession) => void;
  readonly onAlert: (alert: Alert) => void;
  /** What has been told since the last call. */
  take(): { readonly sessions: readonly SessionOutcome[]; readonly alerts: readonly Alert[] };
}

/** Of more sessions than this, told while the store cannot be written, the oldest are left out. */
const MOST_WAITING = 20_000;

export function createFoldFeed(): FoldFeed {
  let sessions: SessionOutcome[] = [];
  /** The latest version of each. */
  let alerts = new Map<string, Alert>();
  return {
    onSession({ outcome }) {
      if (sessions.length >= MOST_WAITING) sessions.splice(0, MOST_WAITING / 2);
      sessions.push(outcome);
    },
    onAlert: (alert) => void alerts.set(alert.id, alert),
    take() {
      const told = { sessions, alerts: [...alerts.values()] };
      sessions = [];
      alerts = new Map();
      return told;
    },
  };
}

export interface KeepOptions {
  readonly store: EvidenceStore;
  readonly directory: string;
  readonly ledger: LedgerReader;
  readonly told: FoldFeed;
  readonly incidents: () => readonly Incident[];
  readonly onStalled: (stalled: boolean) => void;
  readonly logger: Logger;
}

const FLUSH_MS = 1_000;

/** Keeps a store up with a data directory that is being written and with the fold of its ledger, until closed. */
export async function keepEvidence(options: KeepOptions, closers: Closers): Promise<PatientWriter> {
  const { store, directory, ledger, told, incidents, logger } = options;
  const writer = createPatientWriter(store, logger, options.onStalled);
  const feed = await feedFromFiles({ verdictsPath: verdictsOf(directory), ledger, store, writer, follow: true });
  feed.done.catch((error: unknown) => logger.error({ err: error }, 'evidence is not read any further'));
  closers.add(() => feed.stop());
  let writing: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    const { sessions, alerts } = told.take();
    await writer.write({
      sessions: sessions.map((value) => ({ value, json: sessionLine(value) })),
      alerts: alerts.map((value) => ({ value, json: alertLine(value) })),
      incidents: incidents(),
    });
  };
  const timer = setInterval(() => {
    // Never two at once; a writer that waits for room is left to wait.
    writing ??= flush()
      .catch((error: unknown) => logger.debug({ err: error }, 'evidence of the fold was not stored'))
      .finally(() => (writing = null));
  }, FLUSH_MS);
  closers.add(async () => {
    clearInterval(timer);
    writer.close();
    await writing;
  });
  return writer;
}
