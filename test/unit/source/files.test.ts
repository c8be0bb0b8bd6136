import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { streams } from 'avsc';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { openAvroContainer } from '../../../src/decode/avro-container';
import { createFileSource, type FileSourceOptions } from '../../../src/source/files';
import type { Source, SourceRecord } from '../../../src/source/port';
import { collect, sourceContract } from '../../contract/source-suite';
import { eventually } from '../../support/eventually';

let directory: string;
const started: Source[] = [];

function sourceOf(files: readonly string[], more: Partial<FileSourceOptions> = {}): Source {
  const source = createFileSource({
    files,
    speed: 'max',
    eventTime: () => null,
    maxRecordBytes: 1024,
    openAvroContainer,
    clock: { now: () => 1, monotonicMs: () => performance.now() },
    ...more,
  });
  started.push(source);
  return source;
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function linesOf(count: number): string {
  return Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join('');
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumbline-files-'));
});
afterEach(async () => {
  for (const source of started.splice(0)) await source.stop();
  rmSync(directory, { recursive: true });
});

sourceContract(
  'in files',
  () => {
    const partitions = ['a.jsonl', 'b.jsonl'].map((topic) => ({ topic, partition: 0 }));
    for (const { topic } of partitions) writeFileSync(join(directory, topic), '');
    return Promise.resolve({
      partitions,
      append(at, records) {
        for (const { value } of records) appendFileSync(join(directory, at.topic), `${value ?? ''}\n`);
        return Promise.resolve();
      },
      open: () => sourceOf(partitions.map(({ topic }) => join(directory, topic))),
      committed: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    });
  },
  { hasKeys: false, isEndless: false, keepsCommits: false },
);

describe('files as a source', () => {
  const readAll = async (source: Source): Promise<ReturnType<typeof collect>> => {
    const delivered = collect();
    await source.start(delivered);
    await eventually(() => expect(delivered.ends() + delivered.fatal.length).toBe(1));
    return delivered;
  };

  it('reads gzipped lines, numbers records and not lines, and passes over blank ones', async () => {
    const path = fileOf('x.jsonl.gz', gzipSync('{"n":0}\n\n  \r\n{"n":1}'));
    const { records } = await readAll(sourceOf([path]));
    expect(records.map(({ topic, partition, offset, value }) => [topic, partition, offset, value?.toString()])).toEqual(
      [
        ['x.jsonl.gz', 0, 0n, '{"n":0}'],
        ['x.jsonl.gz', 0, 1n, '{"n":1}'],
      ],
    );
  });

  it.each(['null', 'deflate'])('reads Avro containers packed with %s', async (codec) => {
    const path = join(directory, 'x.avro');
    const schema = {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'n', type: 'int' },
        { name: 's', type: ['null', 'string'] },
      ],
    } as const;
    const encoder = new streams.BlockEncoder(schema as never, { codec, blockSize: 200 });
    const written = encoder.pipe(createWriteStream(path));
    for (let n = 0; n < 500; n++) encoder.write({ n, s: n % 2 === 0 ? null : 'é' });
    encoder.end();
    await finished(written);
    const { records, fatal } = await readAll(sourceOf([path]));
    expect(fatal).toEqual([]);
    expect(records.map(({ decoded }) => decoded)).toEqual(
      Array.from({ length: 500 }, (_, n) => ({ n, s: n % 2 === 0 ? null : 'é' })),
    );
    expect(records.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true);
  });

  it('hands over a line above the limit as too large, without keeping it in memory', async () => {
    const huge = 160 * 1024 * 1024;
    const path = join(directory, 'x.jsonl');
    writeFileSync(path, '{"n":0}\n');
    const part = Buffer.alloc(1024 * 1024, 'x');
    for (let written = 0; written < huge; written += part.length) appendFileSync(path, part);
    appendFileSync(path, '\n{"n":1}\n');
    let peak = 0;
    const before = process.memoryUsage();
    const watch = setInterval(() => {
      const { external, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, external + heapUsed - before.external - before.heapUsed);
    }, 1);
    const { records } = await readAll(sourceOf([path]));
    clearInterval(watch);
    expect(records.map(({ value, sizeBytes }) => [value?.length, sizeBytes])).toEqual([
      [7, 7],
      [1025, huge],
      [7, 7],
    ]);
    expect(peak).toBeLessThan(huge / 2);
  });

  it('hands over everything before the damage of a truncated file, then fails naming the file and the record', async () => {
    const whole = gzipSync(linesOf(20_000));
    const path = fileOf('x.jsonl.gz', whole.subarray(0, whole.length - 200));
    const delivered = await readAll(sourceOf([path]));
    expect(delivered.records.length).toBeGreaterThan(0);
    expect(delivered.fatal[0]).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(delivered.fatal[0]?.message).toContain(`${path} cannot be read beyond record ${delivered.records.length}`);
    expect(delivered.ends()).toBe(0);
  });

  it.each<[string, Buffer]>([
    ['a file that is no container', Buffer.from('hello')],
    ['a container cut off in its header', Buffer.from('Obj\u0001\u0004\u0016avro', 'latin1')],
  ])('fails on %s', async (_, bytes) => {
    const { fatal } = await readAll(sourceOf([fileOf('x.avro', bytes)]));
    expect(fatal[0]).toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('fails on a file that is not there', async () => {
    const source = sourceOf([join(directory, 'none.jsonl')]);
    const { fatal } = await readAll(source);
    expect(fatal[0]).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(source.state()).toMatchObject({ status: 'failed', assigned: [] });
  });

  it('refuses two files of one name, whose records could not be told apart', () => {
    expect(() => sourceOf(['a/x.jsonl', 'b/x.jsonl'])).toThrow('saw x.jsonl twice');
  });

  it('reads no further ahead than a batch while it is paused, and shows that as lag', async () => {
    const source = sourceOf([fileOf('x.jsonl', linesOf(1000))]);
    const delivered = collect();
    const at = { topic: 'x.jsonl', partition: 0 };
    await source.start({
      ...delivered,
      onRecords(records) {
        delivered.onRecords(records);
        source.pause([at]);
      },
    });
    await eventually(() => expect(delivered.records).toHaveLength(64));
    const [lag] = await source.lag();
    expect(lag?.committed).toBe(64n);
    expect(lag?.lagRecords).toBeLessThanOrEqual(64);
    expect(delivered.ends()).toBe(0);
  });

  it('stops handing over when drained', async () => {
    const source = sourceOf([fileOf('x.jsonl', linesOf(10_000))]);
    const delivered = collect();
    await source.start({ ...delivered, onRecords: (records) => (delivered.onRecords(records), void source.drain()) });
    await eventually(() => expect(delivered.records).toHaveLength(64));
    await source.stop();
    expect(delivered.records).toHaveLength(64);
    expect(delivered.ends()).toBe(0);
  });

  it('paces records by their event time', async () => {
    const seconds = [0, 60, 60, 120];
    const path = fileOf('x.jsonl', seconds.map((t) => `{"t":${t}}\n`).join(''));
    const eventTime = ({ value }: SourceRecord): number => (JSON.parse(String(value)) as { t: number }).t * 1000;
    const arrivals: number[] = [];
    const delivered = collect();
    const source = sourceOf([path], { speed: 600, eventTime });
    const startedAt = performance.now();
    await source.start({
      ...delivered,
      onRecords(records) {
        delivered.onRecords(records);
        for (const _ of records) arrivals.push(performance.now() - startedAt);
      },
    });
    await eventually(() => expect(delivered.ends()).toBe(1), { intervalMs: 5 });
    expect(delivered.records).toHaveLength(4);
    // 60 s at 600 times the speed are 100 ms. Timers are late on a busy machine, never early.
    expect(arrivals[1]).toBeGreaterThanOrEqual(98);
    expect(arrivals[3]).toBeGreaterThanOrEqual(198);
  });
});
