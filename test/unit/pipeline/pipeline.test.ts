import { MonitorError } from '../../../src/domain/error';
import { partitionKey } from '../../../src/domain/coordinates';
import type { SourceHandlers, SourceRecord } from '../../../src/source/port';
import { createMemoryBroker, createMemorySource } from '../../support/fakes/memory-source';
import { createDeferred } from '../../../src/platform/deferred';
import { buildUnjudgedVerdict } from '../../support/builders/verdict';
import { createRig, heldJudge, P0, P1, type Rig, skippedTurn, summary, type TestRecord, TOPIC, turn } from './rig';

const unreachable = (): Error => new MonitorError('KAFKA_UNREACHABLE', 'down');
const rigs: Rig[] = [];

function rigOf(...setup: Parameters<typeof createRig>): Rig {
  const rig = createRig(...setup);
  rigs.push(rig);
  return rig;
}

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.pipeline.stop();
});

function recordAt(offset: bigint, record: TestRecord): SourceRecord {
  const value = Buffer.from(JSON.stringify(record));
  return { ...P0, offset, key: null, value, headers: {}, timestamp: 0, sizeBytes: value.length };
}

describe('what becomes of a record', () => {
  it('ends every kind of record as exactly one line with its outcome', async () => {
    const rig = rigOf();
    rig.put(turn('i-1'));
    rig.put(skippedTurn('i-2'));
    rig.put({ kind: 'filtered' });
    rig.put({ kind: 'behaviour' });
    rig.put({ kind: 'fault' });
    await rig.pipeline.start();
    await rig.time.settle();
    // Durable, and so remembered: the second copy is recognised without a judge.
    rig.put(turn('i-1'));
    await rig.time.settle();
    expect(summary(rig).sort()).toEqual([
      'p0@0=judged',
      'p0@1=checked_only',
      'p0@2=filtered',
      'p0@3=behaviour',
      'p0@4=dead_lettered',
      'p0@5=duplicate',
    ]);
    expect(rig.verdicts.all.map(({ interactionId }) => interactionId).sort()).toEqual(['i-1', 'i-2']);
    expect(rig.judged).toHaveLength(1);
    expect(rig.done).toHaveLength(6);
  });

  it('names the published verdict in the ledger line', async () => {
    const rig = rigOf();
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const [line] = rig.lines();
    expect(line?.kind === 'outcome' ? line.item?.verdictId : null).toBe(rig.verdicts.all[0]?.verdictId);
  });

  it('keeps coordinates, reason, hash and size of a dead letter, and none of its text', async () => {
    const rig = rigOf();
    rig.put({ kind: 'decoder_bug' });
    rig.put({ kind: 'check_bug', interaction: { interactionId: 'i-1' } });
    rig.put({ kind: 'fault' });
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.deadLetters.all.map(({ reason, detail }) => ({ reason, detail }))).toEqual([
      { reason: 'handler_error', detail: 'failed 3 times with RangeError' },
      { reason: 'handler_error', detail: 'failed 3 times with TypeError' },
      { reason: 'undecodable', detail: 'wanted magic byte 0' },
    ]);
    expect(JSON.stringify(rig.deadLetters.all, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).not.toMatch(
      /secret/,
    );
    expect(rig.deadLetters.all[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('dead-letters what is too large without decoding it', async () => {
    let decoded = 0;
    const rig = rigOf({
      options: { maxRecordBytes: 50 },
      deps: { decoder: { decode: () => Promise.reject(new Error(`decoded ${++decoded}`)) } },
    });
    rig.broker.append(P0, { value: 'x'.repeat(51) });
    await rig.pipeline.start();
    await rig.time.settle();
    expect(decoded).toBe(0);
    expect(rig.deadLetters.all).toMatchObject([{ reason: 'too_large', sizeBytes: 51 }]);
  });

  it.each([
    ['upstream sampling', { upstreamSampling: { probability: 0, scheme: null } }],
    ['id', { interactionId: '' }],
    ['time', { occurredAt: -1 }],
  ])('turns away an interaction with an impossible %s', async (_, overrides) => {
    const rig = rigOf();
    rig.put(turn('i-1', overrides));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.deadLetters.all).toMatchObject([{ reason: 'invalid' }]);
  });

  it('dead-letters a record on which the cascade fails three times, and goes on with the next', async () => {
    let calls = 0;
    const rig = rigOf({
      judge: ({ interaction }) => {
        if (interaction.interactionId !== 'poison') return Promise.resolve([]);
        calls += 1;
        return Promise.reject(new TypeError('secret'));
      },
    });
    rig.put(turn('poison'));
    rig.put(turn('fine'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(calls).toBe(3);
    expect(summary(rig).sort()).toEqual(['p0@0=dead_lettered', 'p0@1=checked_only']);
  });

  it('leaves what has no score by the deadline unjudged, also when the cascade ignores its signal', async () => {
    const rig = rigOf({ judge: () => new Promise(() => {}) });
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.advance(5500);
    expect(rig.lines()).toHaveLength(0);
    await rig.time.advance(600);
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.verdicts.all[0]?.criteria).toMatchObject([{ result: 'unjudged', unjudgedReason: 'deadline' }]);
  });

  it('passes the names of failed checks that escalate', async () => {
    const rig = rigOf();
    rig.put(turn('i-1', { output: { text: '', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] } }));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.judged[0]?.failedChecks).toEqual(['non_empty']);
  });
});

describe('order and copies', () => {
  it('keeps the turns of a conversation in order and judges conversations side by side', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('a1', { conversationId: 'a' }));
    rig.put(turn('a2', { conversationId: 'a' }));
    rig.put(turn('b1', { conversationId: 'b' }));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(held.waiting()).toEqual(['a1', 'b1']);
    held.release('b1');
    await rig.time.settle();
    held.release('a1');
    await rig.time.settle();
    held.release('a2');
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=judged', 'p0@0=judged', 'p0@1=judged']);
  });

  it('lets no partition wait behind the backlog of another', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { concurrency: 2 } });
    for (let n = 0; n < 40; n++) rig.put(turn(`backlog-${n}`));
    rig.put(turn('other'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    expect(held.waiting()).toEqual(['backlog-0', 'other']);
    held.releaseAll();
    await rig.time.settle();
  });

  it('queues an unsampled turn behind a judged one of the same conversation', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('a1', { conversationId: 'a' }));
    rig.put(skippedTurn('a2', { conversationId: 'a' }));
    rig.put(skippedTurn('b1'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=checked_only']);
    held.releaseAll();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=checked_only', 'p0@0=judged', 'p0@1=checked_only']);
  });

  it('calls a copy a duplicate only once the line of the first is durable', async () => {
    const rig = rigOf();
    const release = rig.ledger.hold();
    rig.put(turn('i-1'));
    rig.put(turn('i-1'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.lines()).toHaveLength(0);
    release();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@0=judged', 'p1@0=duplicate']);
    expect(rig.judged).toHaveLength(1);
  });

  it('scores the copy when the first was revoked before its line was written', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('i-1'));
    rig.put(turn('i-1'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.assign([P1]);
    await rig.time.settle();
    held.releaseAll();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p1@0=judged']);
    expect(rig.pipeline.state()).toMatchObject({ revokedInflight: 1, inflightRecords: 0 });
  });
});

describe('delivery', () => {
  it('marks and commits the contiguous watermark, after the lines below it', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    for (const id of ['i-0', 'i-1', 'i-2']) rig.put(turn(id));
    await rig.pipeline.start();
    await rig.time.settle();
    held.release('i-0');
    held.release('i-2');
    await rig.time.advance(1000);
    expect(rig.broker.committed(P0)).toBe(1n);
    held.release('i-1');
    await rig.time.advance(1000);
    expect(rig.broker.committed(P0)).toBe(3n);
    expect(rig.markers().map(({ positions }) => positions[0]?.offset)).toEqual([1n, 3n]);
  });

  it('marks no offset whose line waits to be written, however finished it is', async () => {
    const rig = rigOf();
    const release = rig.ledger.hold();
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.put(turn('i-1'));
    await rig.time.advance(1500);
    release();
    await rig.time.settle();
    expect(rig.markers().map(({ positions }) => positions[0]?.offset)).toEqual([1n]);
    expect(rig.broker.committed(P0)).toBe(1n);
    await rig.time.advance(1000);
    expect(rig.broker.committed(P0)).toBe(2n);
  });

  it('marks every second, idle or not, and says which partitions are idle', async () => {
    const rig = rigOf();
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.advance(3000);
    expect(rig.markers().map(({ positions }) => positions.map(({ idle }) => idle))).toEqual([[false], [true], [true]]);
    const [first, second] = rig.markers();
    expect((second?.recordedAt ?? 0) - (first?.recordedAt ?? 0)).toBe(1000);
    expect(rig.broker.commits).toEqual([`${partitionKey(P0)}@1`]);
  });

  it('reports only the event time of what lies below the position', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('i-0', { occurredAt: 1000 }));
    rig.put(turn('i-1', { occurredAt: 2000 }));
    rig.put(turn('i-2', { occurredAt: 3000 }));
    await rig.pipeline.start();
    await rig.time.settle();
    held.release('i-0');
    held.release('i-2');
    await rig.time.advance(1000);
    expect(rig.markers().at(-1)?.positions[0]).toMatchObject({ offset: 1n, eventTime: 1000 });
    held.release('i-1');
    await rig.time.advance(1000);
    expect(rig.markers().at(-1)?.positions[0]).toMatchObject({ offset: 3n, eventTime: 3000 });
  });

  it('takes no event time from the future, so that one clock ahead does not make all others late', async () => {
    const rig = rigOf();
    rig.put(turn('ahead', { occurredAt: rig.time.clock.now() + 86_400_000 }));
    await rig.pipeline.start();
    await rig.time.advance(2000);
    const { recordedAt, positions } = rig.markers().at(-1) ?? { recordedAt: 0, positions: [] };
    expect(positions[0]?.offset).toBe(1n);
    expect(positions[0]?.eventTime).toBeLessThanOrEqual(recordedAt);
  });

  it('commits nothing while the ledger fails, keeps memory bounded and the order when it is back', async () => {
    const rig = rigOf({ options: { window: { maxBytes: 1_000_000, maxRecords: 20, resumeRatio: 0.5 } } });
    for (let i = 0; i < 100; i++) rig.put(skippedTurn(`i-${i}`));
    rig.ledger.fail(unreachable());
    await rig.pipeline.start();
    await rig.time.advance(5000);
    expect(rig.ledger.entries).toHaveLength(0);
    expect(rig.broker.committed(P0)).toBeNull();
    expect(rig.source.isPaused(P0)).toBe(true);
    expect(rig.pipeline.state().inflightRecords).toBeLessThanOrEqual(30);
    expect(rig.pipeline.state().reason).toBe('ledger: KAFKA_UNREACHABLE');
    rig.ledger.fail(null);
    await rig.time.advance(12_000);
    expect(rig.lines().map(({ source }) => source.offset)).toEqual(Array.from({ length: 100 }, (_, i) => BigInt(i)));
    expect(rig.broker.committed(P0)).toBe(100n);
    expect(rig.pipeline.state().reason).toBe('');
  });

  it('writes no ledger line before its verdict is acknowledged', async () => {
    const rig = rigOf();
    rig.verdicts.fail(unreachable());
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.advance(2000);
    expect(rig.ledger.entries).toHaveLength(0);
    rig.verdicts.fail(null);
    await rig.time.advance(2000);
    expect(summary(rig)).toEqual(['p0@0=judged']);
  });

  it('ends when a failure cannot heal', async () => {
    const rig = rigOf();
    rig.ledger.fail(new MonitorError('KAFKA_DENIED', 'no rights'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await expect(rig.pipeline.finished).rejects.toMatchObject({ code: 'KAFKA_DENIED' });
    expect(rig.pipeline.state()).toMatchObject({ status: 'failed', reason: 'no rights' });
    expect(rig.broker.committed(P0)).toBeNull();
  });

  it('ends when the source does', async () => {
    const rig = rigOf();
    await rig.pipeline.start();
    rig.source.crash(new MonitorError('POISONED_INPUT', 'p0@7'));
    await expect(rig.pipeline.finished).rejects.toMatchObject({ code: 'POISONED_INPUT', exitCode: 3 });
  });

  it('throws away results of a lost partition and neither marks nor commits it', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.assign([P1]);
    held.releaseAll();
    await rig.time.advance(1000);
    expect(summary(rig)).toEqual(['p1@0=judged']);
    expect(rig.markers().flatMap(({ positions }) => positions.map(({ partition }) => partition))).toEqual([1]);
    expect(rig.broker.committed(P0)).toBeNull();
    expect(rig.judged.find(({ interaction }) => interaction.interactionId === 'i-0')?.signal.aborted).toBe(true);
  });

  it('skips what is delivered again while it is in flight or done', async () => {
    const held = heldJudge();
    const deliver: SourceHandlers['onRecords'][] = [];
    const real = createMemorySource({ broker: createMemoryBroker({ [TOPIC]: 2 }) });
    const rig = rigOf({
      judge: held.judge,
      deps: {
        source: {
          ...real,
          start: (handlers) => {
            deliver.push((records) => handlers.onRecords(records));
            return real.start(handlers);
          },
        },
      },
    });
    await rig.pipeline.start();
    const records = ['i-0', 'i-1'].map((id, i) => recordAt(BigInt(i), turn(id)));
    deliver[0]?.(records);
    await rig.time.settle();
    held.release('i-0');
    await rig.time.settle();
    deliver[0]?.([...records, recordAt(2n, turn('i-2'))]);
    await rig.time.settle();
    held.releaseAll();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@0=judged', 'p0@1=judged', 'p0@2=judged']);
    expect(rig.judged).toHaveLength(3);
    expect(rig.pipeline.state()).toMatchObject({ redeliveredSkipped: 2, inflightRecords: 0 });
  });

  it('says for how long nothing was done of what is in flight', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { itemDeadlineMs: 120_000 } });
    for (const id of ['i-0', 'i-1']) rig.put(turn(id));
    await rig.pipeline.start();
    await rig.time.advance(30_000);
    expect(rig.pipeline.state().quietMs).toBeGreaterThan(29_000);
    held.release('i-0');
    await rig.time.advance(1_000);
    expect(rig.pipeline.state()).toMatchObject({ inflightRecords: 1 });
    expect(rig.pipeline.state().quietMs).toBeLessThanOrEqual(1_000);
    held.releaseAll();
    await rig.time.advance(60_000);
    expect(rig.pipeline.state()).toMatchObject({ inflightRecords: 0, quietMs: 0 });
  });

  it('does again what it lost and got back, and counts it once', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.assign([]);
    rig.source.assign([P0]);
    await rig.time.settle();
    held.releaseAll();
    await rig.time.advance(1000);
    expect(summary(rig)).toEqual(['p0@0=judged', 'p0@1=judged']);
    expect(rig.broker.committed(P0)).toBe(2n);
  });

  it('pauses only the partition whose schema cannot be had, and goes on when the registry is back', async () => {
    const rig = rigOf();
    rig.registryDown(true);
    rig.put({ kind: 'needs_schema' });
    rig.put(turn('behind'));
    rig.put(turn('beside'), P1);
    await rig.pipeline.start();
    await rig.time.advance(3000);
    expect(summary(rig)).toEqual(['p1@0=judged']);
    expect(rig.source.isPaused(P0)).toBe(true);
    expect(rig.source.isPaused(P1)).toBe(false);
    expect(rig.pipeline.state().waitingForSchema).toEqual([partitionKey(P0)]);
    rig.registryDown(false);
    await rig.time.advance(5000);
    expect(summary(rig)).toEqual(['p1@0=judged', 'p0@0=judged', 'p0@1=judged']);
    expect(rig.source.isPaused(P0)).toBe(false);
  });
});

describe('the end', () => {
  it('finishes a finite input with a final marker', async () => {
    const rig = rigOf();
    for (let i = 0; i < 25; i++) rig.put(turn(`i-${i}`));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.end();
    await rig.pipeline.finished;
    expect(rig.lines()).toHaveLength(25);
    expect(rig.markers().at(-1)).toMatchObject({ final: true, positions: [{ offset: 25n }] });
    expect(rig.broker.committed(P0)).toBe(25n);
    expect(rig.pipeline.state().status).toBe('stopped');
  });

  it('drains: started judge calls finish, unbegun records go back, the last marker is committed', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { concurrency: 2 } });
    for (let i = 0; i < 5; i++) rig.put(turn(`i-${i}`));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    expect(rig.pipeline.drain(10_000)).toBe(report);
    await rig.time.advance(500);
    held.releaseAll();
    await expect(report).resolves.toEqual({ completed: 2, abandoned: 0, returned: 3 });
    expect(rig.broker.committed(P0)).toBe(2n);
    expect(rig.markers().at(-1)).toMatchObject({ final: false });
    await rig.pipeline.finished;
  });

  it('gives back at once what another call would have to judge, once it drains', async () => {
    const calls = new Set<string>();
    const leaving = createDeferred();
    // The first item's call is in flight when the drain begins; the second waits for its turn with the judge.
    const held = heldJudge();
    const rig = rigOf({
      judge: async (request) => {
        const { interactionId } = request.interaction;
        if (interactionId === 'i-1') {
          await leaving.promise;
          return [buildUnjudgedVerdict('deadline')];
        }
        calls.add(interactionId);
        return held.judge(request);
      },
      deps: { onLeaving: () => leaving.resolve() },
    });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    await rig.time.settle();
    held.release('i-0');
    await expect(report).resolves.toEqual({ completed: 1, abandoned: 0, returned: 1 });
    expect([...calls]).toEqual(['i-0']);
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.broker.committed(P0)).toBe(1n);
  });

  it('keeps a verdict without a score where it does not drain', async () => {
    const rig = rigOf({ judge: () => Promise.resolve([buildUnjudgedVerdict('deadline')]) });
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(summary(rig)).toHaveLength(1);
  });

  it('abandons at the deadline what is still with a judge, and publishes nothing of it', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { itemDeadlineMs: 60_000 } });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    held.release('i-0');
    await rig.time.advance(8000);
    await expect(report).resolves.toEqual({ completed: 1, abandoned: 1, returned: 0 });
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.broker.committed(P0)).toBe(1n);
  });

  it('fails a drain whose last marker cannot be written', async () => {
    const rig = rigOf();
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.ledger.fail(unreachable());
    const report = rig.pipeline.drain(2000);
    const failed = expect(report).rejects.toMatchObject({ code: 'DRAIN_FAILED', exitCode: 4 });
    await rig.time.advance(2000);
    await failed;
    expect(rig.time.pending()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const rig = rigOf();
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.advance(1500);
    await rig.pipeline.stop();
    await rig.time.settle();
    expect(rig.time.pending()).toBe(0);
  });
});
