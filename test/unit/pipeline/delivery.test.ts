import { MonitorError } from '../../../src/domain/error';
import { partitionKey } from '../../../src/domain/coordinates';
import type { SourceHandlers, SourceRecord } from '../../../src/source/port';
import { createMemoryBroker, createMemorySource } from '../../support/fakes/memory-source';
import { heldJudge, P0, P1, skippedTurn, summary, type TestRecord, TOPIC, turn } from './rig';
import { rigsOfTests } from './rigs-of-tests';

const rigOf = rigsOfTests();
const unreachable = (): Error => new MonitorError('KAFKA_UNREACHABLE', 'down');

function recordAt(offset: bigint, record: TestRecord): SourceRecord {
  const value = Buffer.from(JSON.stringify(record));
  return { ...P0, offset, key: null, value, headers: {}, timestamp: 0, sizeBytes: value.length };
}

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
