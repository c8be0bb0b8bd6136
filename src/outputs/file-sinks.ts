import type { DeadLetter } from '../domain/dead-letter';
import type { Verdict } from '../domain/verdict';
import type { DeadLetterSink, VerdictSink } from '../pipeline/ports';
import { openLineFile } from '../platform/line-file';

export interface FileSinkOptions<T> {
  /** E.g. `data/verdicts.jsonl`; created with its folder when there is none. */
  readonly path: string;
  /** One line of JSON without its newline. */
  readonly toJson: (value: T) => string;
  /** Whether publishing waits until the disk has it; default true. */
  readonly isFlushed?: boolean;
}

/** Rejects with FILE_UNREADABLE; publishing rejects with the system's error, and then left nothing behind. */
export function createFileVerdictSink(options: FileSinkOptions<Verdict>): Promise<VerdictSink> {
  return createFileSink(options);
}

/** Rejects as `createFileVerdictSink`. */
export function createFileDeadLetterSink(options: FileSinkOptions<DeadLetter>): Promise<DeadLetterSink> {
  return createFileSink(options);
}

interface FileSink<T> {
  publish(values: readonly T[]): Promise<void>;
  close(): Promise<void>;
}

async function createFileSink<T>({ path, toJson, isFlushed = true }: FileSinkOptions<T>): Promise<FileSink<T>> {
  const file = await openLineFile({ path, isFlushed });
  return {
    publish: (values) => file.append(values.map(toJson)),
    close: () => file.close(),
  };
}
