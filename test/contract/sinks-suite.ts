import type { DeadLetter } from '../../src/domain/dead-letter';
import type { Verdict } from '../../src/domain/verdict';
import type { DeadLetterSink, VerdictSink } from '../../src/pipeline/ports';

export interface SinkHarness<S> {
  open(): Promise<S>;
  /** Everything that lies there, decoded; in order per partition. */
  published(): Promise<unknown[]>;
  close(): Promise<void>;
}

export interface SinkHarnesses {
  verdicts(): Promise<SinkHarness<VerdictSink>>;
  deadLetters(): Promise<SinkHarness<DeadLetterSink>>;
}

export function verdict(interactionId: string, conversationId = interactionId): Verdict {
  return {
    verdictId: `verdict-${interactionId}`,
    interactionId,
    conversationId,
    turnIndex: 0,
    source: { topic: 'llm.interactions', partition: 0, offset: 12n },
    occurredAt: 1_000,
    scoredAt: 2_000,
    outcome: 'checked_only',
    sampling: { sampled: false, probability: 0.1, upstreamProbability: 1, cell: 'all' },
    checks: [],
    criteria: [],
    trail: [],
    redactions: [],
    costUsd: 0,
    versions: { config: 'c', policy: 1, rubrics: 'r', prompt: 'p' },
    interaction: null,
    sealed: null,
  };
}

export function deadLetter(offset: bigint): DeadLetter {
  const source = { topic: 'llm.interactions', partition: 0, offset };
  return {
    source,
    recordedAt: 1_000,
    reason: 'undecodable',
    detail: 'at byte 3',
    hash: 'ab',
    sizeBytes: 9,
    schemaId: null,
  };
}

/** What every sink of the pipeline promises (src/pipeline/ports.ts). */
export function sinkContract(title: string, harnesses: SinkHarnesses): void {
  describe(`the contract of the sinks, ${title}`, () => {
    it('has verdicts when publishing resolves, in order, and more after it is opened again', async () => {
      const harness = await harnesses.verdicts();
      const sink = await harness.open();
      await sink.publish([]);
      // One conversation, so that they share a partition.
      await sink.publish([verdict('a', 'c'), verdict('b', 'c')]);
      expect(await harness.published()).toEqual([verdict('a', 'c'), verdict('b', 'c')]);
      await sink.close();
      const again = await harness.open();
      await again.publish([verdict('d', 'c')]);
      await again.close();
      expect(await harness.published()).toEqual([verdict('a', 'c'), verdict('b', 'c'), verdict('d', 'c')]);
      await harness.close();
    });

    it('has dead letters when publishing resolves', async () => {
      const harness = await harnesses.deadLetters();
      const sink = await harness.open();
      await sink.publish([deadLetter(1n)]);
      await sink.publish([deadLetter(2n)]);
      expect(await harness.published()).toEqual([deadLetter(1n), deadLetter(2n)]);
      await sink.close();
      await harness.close();
    });

    it('writes out what was given to it before it closes', async () => {
      const harness = await harnesses.verdicts();
      const sink = await harness.open();
      const publishing = sink.publish([verdict('a')]);
      await sink.close();
      await publishing;
      expect(await harness.published()).toEqual([verdict('a')]);
      await harness.close();
    });
  });
}
