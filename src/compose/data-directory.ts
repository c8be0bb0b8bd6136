import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStore } from '../ledger/checkpoint-port';
import { createFileCheckpointStore } from '../ledger/files-checkpoints';
import { createFileLedgerReader, createFileLedgerWriter } from '../ledger/files';
import type { LedgerReader, LedgerWriter } from '../ledger/port';
import { createFileDeadLetterSink, createFileVerdictSink } from '../outputs/file-sinks';
import type { DeadLetterSink, VerdictSink } from '../pipeline/ports';
import { deadLetterLine, ledgerLines, verdictLine } from './codecs';

/** The files of one run without Kafka: what the topics are otherwise. */
export interface DataDirectory {
  readonly verdictsPath: string;
  readonly verdicts: VerdictSink;
  readonly deadLetters: DeadLetterSink;
  readonly ledger: LedgerWriter;
  readonly reader: LedgerReader;
  /** A cache beside the ledger: what is there is never needed, and never trusted unread. */
  readonly checkpoints: CheckpointStore;
  close(): Promise<void>;
}

/**
 * Creates the directory where there is none and opens its files for appending. Appends do not wait for the disk: a
 * replay that a power cut has hurt is run again from its inputs.
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  await mkdir(path, { recursive: true });
  const verdictsPath = verdictsOf(path);
  const isFlushed = false;
  const [verdicts, deadLetters, ledger] = await Promise.all([
    createFileVerdictSink({ path: verdictsPath, toJson: verdictLine, isFlushed }),
    createFileDeadLetterSink({ path: join(path, 'dead-letters.jsonl'), toJson: deadLetterLine, isFlushed }),
    createFileLedgerWriter({ path: ledgerPath(path), codec: ledgerLines, isFlushed }),
  ]);
  return {
    verdictsPath,
    verdicts,
    deadLetters,
    ledger,
    reader: readLedgerOf(path),
    checkpoints: checkpointsOf(path),
    close: async () => {
      await Promise.all([verdicts.close(), deadLetters.close(), ledger.close()]);
    },
  };
}

/** The ledger of a data directory, for reading only. */
export function readLedgerOf(path: string): LedgerReader {
  return createFileLedgerReader({ path: ledgerPath(path), codec: ledgerLines });
}

/** The stored state of a data directory. */
export function checkpointsOf(path: string): CheckpointStore {
  return createFileCheckpointStore(join(path, STATE_FOLDER));
}

export const STATE_FOLDER = 'state';

/** The evidence store of a data directory, made from its other files. */
export const EVIDENCE_FILE = 'evidence.db';

/** The verdicts of a data directory, one JSON line each. */
export function verdictsOf(directory: string): string {
  return join(directory, 'verdicts.jsonl');
}

/** The ledger of a data directory. */
export function ledgerPath(directory: string): string {
  return join(directory, 'ledger.jsonl');
}
