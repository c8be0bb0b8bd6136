import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileLedgerReader, createFileLedgerWriter } from '../../../src/ledger/files';
import type { LedgerEntry } from '../../../src/ledger/port';
import { ledgerMarker } from '../../support/ledger-marker';
import { eventually } from '../../support/eventually';
import { jsonCodec } from '../../support/json-codec';

describe('a ledger in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    path = join(folder, 'ledger.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const line = (stamp: number): string => `${jsonCodec.toJson(ledgerMarker(stamp))}\n`;
  const readAll = async (): Promise<number[]> => {
    const seen: LedgerEntry[] = [];
    const reader = createFileLedgerReader({ path, codec: jsonCodec });
    await reader.read({ from: 0n, follow: false, onEntries: (entries) => void seen.push(...entries) }).done;
    return seen.map(({ record }) => record.recordedAt);
  };

  it('ignores a line that a crash has torn, and cuts it off when it is opened to write', async () => {
    for (let cut = 1; cut < line(3).length; cut++) {
      writeFileSync(path, line(1) + line(2) + line(3).slice(0, cut));
      expect(await readAll()).toEqual([1, 2]);
      const writer = await createFileLedgerWriter({ path, codec: jsonCodec, isFlushed: false });
      await writer.append([ledgerMarker(4)]);
      await writer.close();
      expect(readFileSync(path, 'utf8')).toBe(line(1) + line(2) + line(4));
    }
  });

  it('cuts off a torn line that is all there is, and one longer than a chunk', async () => {
    for (const torn of ['{"kind"', 'x'.repeat(200_000)]) {
      writeFileSync(path, torn);
      await (await createFileLedgerWriter({ path, codec: jsonCodec })).close();
      expect(readFileSync(path, 'utf8')).toBe('');
      writeFileSync(path, line(1) + torn);
      await (await createFileLedgerWriter({ path, codec: jsonCodec })).close();
      expect(readFileSync(path, 'utf8')).toBe(line(1));
    }
  });

  it('waits for the rest of a line that is being written while it follows', async () => {
    writeFileSync(path, line(1).slice(0, 10));
    const seen: number[] = [];
    const reader = createFileLedgerReader({ path, codec: jsonCodec, pollMs: 2 });
    const reading = reader.read({
      from: 0n,
      follow: true,
      onEntries: (entries) => void seen.push(...entries.map(({ record }) => record.recordedAt)),
    });
    appendFileSync(path, line(1).slice(10));
    await eventually(() => expect(seen).toEqual([1]));
    await reading.stop();
  });

  it('names the line that is no ledger record', async () => {
    writeFileSync(path, `${line(1)}not json\n`);
    await expect(readAll()).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringMatching(/^line 2 of .*ledger\.jsonl is not a ledger record/) as string,
    });
  });

  it('is empty where there is no file, and says so where a folder stands in its place', async () => {
    expect(await readAll()).toEqual([]);
    path = folder;
    await expect(createFileLedgerWriter({ path, codec: jsonCodec })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('reads lines across its chunks', async () => {
    const count = 12_000;
    writeFileSync(path, Array.from({ length: count }, (_, index) => line(index)).join(''));
    expect(await readAll()).toEqual(Array.from({ length: count }, (_, index) => index));
  });
});
