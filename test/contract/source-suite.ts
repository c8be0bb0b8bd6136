import { partitionKey, type TopicPartition } from '../../src/domain/coordinates';
import type { Source, SourceHandlers, SourceRecord } from '../../src/source/port';
import { eventually } from '../support/eventually';

/** One source of records to test against: two partitions, empty at first. */
export interface SourceHarness {
  /** At least two; in file mode two files. */
  readonly partitions: readonly TopicPartition[];
  append(at: TopicPartition, records: readonly ContractRecord[]): Promise<void>;
  /** A source that reads on where earlier ones of this harness have committed. */
  open(): Source;
  /** The committed position, from whoever keeps it; null when there is none. */
  committed(at: TopicPartition): Promise<bigint | null>;
  close(): Promise<void>;
}

export interface ContractRecord {
  readonly key: string | null;
  /** A line of JSON, so that it can also stand in a file. Null for a tombstone. */
  readonly value: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SourceTraits {
  /** Keys, headers and tombstones come through; files have none. */
  readonly hasKeys: boolean;
  /** Records appended after the start are delivered too; else `onEnd` follows the last one. */
  readonly isEndless: boolean;
  /** Commits are kept, so that the next source goes on there. */
  readonly keepsCommits: boolean;
}

/** What a source delivered so far. */
export interface Delivered extends SourceHandlers {
  readonly records: SourceRecord[];
  readonly assignments: { readonly partitions: readonly TopicPartition[]; readonly epoch: number }[];
  readonly fatal: Error[];
  ends(): number;
  /** `a/0@3` for each record, in the order of delivery. */
  names(): string[];
  values(at: TopicPartition): (string | null)[];
  epoch(): number;
}

export function collect(): Delivered {
  const records: SourceRecord[] = [];
  const assignments: Delivered['assignments'] = [];
  const fatal: Error[] = [];
  let ends = 0;
  return {
    records,
    assignments,
    fatal,
    ends: () => ends,
    names: () => records.map((record) => `${partitionKey(record)}@${record.offset}`),
    values: (at) =>
      records
        .filter((record) => partitionKey(record) === partitionKey(at))
        .map(({ value }) => value?.toString() ?? null),
    epoch: () => assignments.at(-1)?.epoch ?? 0,
    onRecords: (delivered) => void records.push(...delivered),
    onAssigned: (partitions, epoch) => void assignments.push({ partitions, epoch }),
    onFatal: (error) => void fatal.push(error),
    onEnd: () => void (ends += 1),
  };
}

export function lines(from: number, count: number, key: string | null = null): ContractRecord[] {
  return Array.from({ length: count }, (_, index) => ({ key, value: `{"n":${from + index}}` }));
}

/** What every source promises (src/source/port.ts). Adapters call it with a harness of their own. */
export function sourceContract(title: string, create: () => Promise<SourceHarness>, traits: SourceTraits): void {
  describe(`the contract of a source, ${title}`, () => {
    let harness: SourceHarness;
    let opened: Source[];
    let at: TopicPartition;
    let other: TopicPartition;

    beforeEach(async () => {
      opened = [];
      harness = await create();
      const [first, second] = harness.partitions;
      if (first === undefined || second === undefined) throw new Error('the contract needs two partitions');
      [at, other] = [first, second];
    });
    afterEach(async () => {
      for (const source of opened) await source.stop();
      await harness.close();
    });

    const start = async (handlers: Delivered = collect(), prepare: (source: Source) => void = () => {}) => {
      const source = harness.open();
      opened.push(source);
      prepare(source);
      await source.start(handlers);
      return { source, delivered: handlers };
    };
    const delivers = (delivered: Delivered, count: number): Promise<void> =>
      eventually(() => expect(delivered.records).toHaveLength(count), { timeoutMs: 30_000 });

    it('tells the whole assignment before the first record', async () => {
      await harness.append(at, lines(0, 1));
      const handlers = collect();
      const order: string[] = [];
      await start({
        ...handlers,
        onAssigned: (partitions, epoch) => (order.push('assigned'), handlers.onAssigned(partitions, epoch)),
        onRecords: (records) => (order.push('records'), handlers.onRecords(records)),
      });
      await delivers(handlers, 1);
      expect(order[0]).toBe('assigned');
      const seen = handlers.assignments.at(-1)?.partitions.map(partitionKey).sort();
      expect(seen).toEqual(harness.partitions.map(partitionKey).sort());
    });

    it('delivers each record once, whole and in the order of its partition', async () => {
      await harness.append(at, lines(0, 50));
      await harness.append(other, lines(100, 30));
      const { delivered } = await start();
      await delivers(delivered, 80);
      expect(delivered.values(at)).toEqual(lines(0, 50).map(({ value }) => value));
      expect(delivered.values(other)).toEqual(lines(100, 30).map(({ value }) => value));
      expect(new Set(delivered.names()).size).toBe(80);
      const offsets = delivered.records.filter((record) => partitionKey(record) === partitionKey(at));
      expect(offsets.map(({ offset }) => offset)).toEqual(offsets.map((_, index) => BigInt(index)));
      for (const record of delivered.records) expect(record.sizeBytes).toBe(record.value?.length);
    });

    if (traits.hasKeys) {
      it('carries keys, headers and tombstones', async () => {
        await harness.append(at, [
          { key: 'k', value: '{}', headers: { 'plumbline-schema': 'interaction.v1' } },
          { key: 'gone', value: null },
        ]);
        const { delivered } = await start();
        await delivers(delivered, 2);
        const [full, tombstone] = delivered.records;
        expect(full?.key?.toString()).toBe('k');
        expect(full?.headers).toEqual({ 'plumbline-schema': 'interaction.v1' });
        expect(full?.sizeBytes).toBe(3);
        expect(tombstone?.value).toBeNull();
        expect(tombstone?.key?.toString()).toBe('gone');
      });
    }

    if (traits.isEndless) {
      it('delivers what is appended later', async () => {
        const { delivered } = await start();
        await eventually(() => expect(delivered.assignments).not.toHaveLength(0), { timeoutMs: 30_000 });
        await harness.append(at, lines(0, 3));
        await delivers(delivered, 3);
        expect(delivered.ends()).toBe(0);
      });
    } else {
      it('says once when everything has been handed over', async () => {
        await harness.append(at, lines(0, 3));
        const { delivered } = await start();
        await eventually(() => expect(delivered.ends()).toBe(1));
        expect(delivered.records).toHaveLength(3);
      });
    }

    it('delivers nothing of a paused partition, goes on with the others, and leaves out nothing afterwards', async () => {
      await harness.append(at, lines(0, 5));
      await harness.append(other, lines(0, 5));
      const handlers = collect();
      let source: Source | undefined;
      await start(
        {
          ...handlers,
          onAssigned(partitions, epoch) {
            handlers.onAssigned(partitions, epoch);
            source?.pause([at]);
            source?.pause([at]);
          },
        },
        (opening) => (source = opening),
      );
      await delivers(handlers, 5);
      expect(handlers.values(at)).toEqual([]);
      source?.resume([at]);
      await delivers(handlers, 10);
      expect(handlers.values(at)).toHaveLength(5);
      expect(new Set(handlers.names()).size).toBe(10);
    });

    it('says that it consumes, then that it has stopped', async () => {
      const { source, delivered } = await start();
      if (traits.isEndless)
        await eventually(() => expect(source.state().status).toBe('consuming'), { timeoutMs: 30_000 });
      expect(delivered.fatal).toEqual([]);
      await source.stop();
      await source.stop();
      expect(source.state()).toMatchObject({ status: 'stopped', assigned: [] });
    });

    if (!traits.keepsCommits) return;

    it('goes on behind the committed position, and shows what is left as lag', async () => {
      await harness.append(at, lines(0, 10));
      const first = await start();
      await delivers(first.delivered, 10);
      await first.source.commit([{ ...at, offset: 4n }], first.delivered.epoch());
      expect(await harness.committed(at)).toBe(4n);
      const lag = (await first.source.lag()).find((each) => partitionKey(each) === partitionKey(at));
      expect(lag).toEqual({ ...at, committed: 4n, end: 10n, lagRecords: 6 });
      await first.source.stop();

      const second = await start();
      await delivers(second.delivered, 6);
      expect(second.delivered.records[0]?.offset).toBe(4n);
    });

    it('never moves a commit backwards, and drops those of another epoch or partition', async () => {
      await harness.append(at, lines(0, 10));
      const { source, delivered } = await start();
      await delivers(delivered, 10);
      const epoch = delivered.epoch();
      await source.commit([{ ...at, offset: 7n }], epoch);
      await source.commit([{ ...at, offset: 3n }], epoch);
      await source.commit([{ ...at, offset: 9n }], epoch - 1);
      await source.commit([{ topic: at.topic, partition: 999, offset: 1n }], epoch);
      expect(await harness.committed(at)).toBe(7n);
    });

    it('drains: delivers nothing more, and still commits what was delivered', async () => {
      await harness.append(at, lines(0, 5));
      const { source, delivered } = await start();
      await delivers(delivered, 5);
      await source.drain();
      await harness.append(at, lines(5, 5));
      await harness.append(other, lines(0, 5));
      await source.commit([{ ...at, offset: 5n }], delivered.epoch());
      expect(await harness.committed(at)).toBe(5n);
      await source.stop();
      expect(delivered.records).toHaveLength(5);
    });
  });
}
