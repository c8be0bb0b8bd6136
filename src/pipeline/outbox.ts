import type { DeadLetter } from '../domain/dead-letter';
import type { BehaviourRecord, OutcomeRecord } from '../domain/ledger-record';
import type { Verdict } from '../domain/verdict';
import type { LedgerWriter } from '../ledger/port';
import type { Item } from './in-flight';
import type { Observer } from '../platform/observer';
import type { DeadLetterSink, VerdictSink } from './ports';
import type { Persistence } from './retry';

/**
 * Finished items wait here and leave in the order they came, as many at a time as have gathered meanwhile: the batch
 * grows with the latency of the sinks, without a timer.
 */
export interface Outbox {
  add(item: Item): void;
  size(): number;
  /**
   * Publishes one batch: verdicts and dead letters first, then the ledger lines that name them, each acknowledged before
   * the next, so that a line never names what is not there. Returns the items whose lines are durable.
   */
  flush(): Promise<readonly Item[]>;
}

export interface OutboxDeps {
  readonly verdicts: VerdictSink;
  readonly deadLetters: DeadLetterSink;
  readonly ledger: LedgerWriter;
  readonly persistence: Persistence;
  readonly observer: Observer;
  readonly batchRecords: number;
  /** Called with items of lost partitions instead of publishing them. */
  readonly onVoid: (item: Item) => void;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { verdicts, deadLetters, ledger, persistence, observer, batchRecords, onVoid } = deps;
  let waiting: Item[] = [];

  const takeBatch = (): Item[] => {
    const taken = waiting.length <= batchRecords ? waiting : waiting.slice(0, batchRecords);
    waiting = waiting.length <= batchRecords ? [] : waiting.slice(batchRecords);
    const owned: Item[] = [];
    for (const item of taken) {
      if (item.partition.lost) onVoid(item);
      else owned.push(item);
    }
    return owned;
  };

  return {
    add: (item) => void waiting.push(item),
    size: () => waiting.length,
    async flush() {
      const batch = takeBatch();
      if (batch.length === 0) return batch;
      const { details, letters, lines } = contentsOf(batch);
      return observer.inSpan('plumbline.publish', { 'messaging.batch.message_count': batch.length }, async (span) => {
        // A batch is about many traces and part of none.
        for (const { publishLink } of batch) if (publishLink !== null) span.link(publishLink);
        if (details.length > 0) await persistence.persist('verdicts', () => verdicts.publish(details));
        if (letters.length > 0) await persistence.persist('dead letters', () => deadLetters.publish(letters));
        // Lines of a partition lost meanwhile may still be written: its new owner's come later or are the same in effect.
        await persistence.persist('ledger', () => ledger.append(lines));
        span.end();
        return batch;
      });
    },
  };
}

interface Contents {
  readonly details: Verdict[];
  readonly letters: DeadLetter[];
  readonly lines: (OutcomeRecord | BehaviourRecord)[];
}

function contentsOf(batch: readonly Item[]): Contents {
  const contents: Contents = { details: [], letters: [], lines: [] };
  for (const { verdict, deadLetter, line } of batch) {
    if (verdict !== null) contents.details.push(verdict);
    if (deadLetter !== null) contents.letters.push(deadLetter);
    if (line !== null) contents.lines.push(line);
  }
  return contents;
}
