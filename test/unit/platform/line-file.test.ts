import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLineFile } from '../../../src/platform/line-file';

/** What every open file is an instance of; there is no other way to make a write fail on any machine. */
async function fileHandlePrototype(): Promise<{ datasync(): Promise<void> }> {
  const handle = await open(__filename, 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as { datasync(): Promise<void> };
}

describe('a file of lines', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lines-'));
    path = join(folder, 'deep', 'lines.jsonl');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('keeps the order of appends and writes those together that come while the disk is busy', async () => {
    const flush = jest.spyOn(await fileHandlePrototype(), 'datasync');
    const file = await openLineFile({ path, isFlushed: true });
    await Promise.all(Array.from({ length: 100 }, (_, index) => file.append([`${index}`, `${index}b`])));
    await file.append([]);
    await file.close();
    const expected = Array.from({ length: 100 }, (_, index) => `${index}\n${index}b\n`).join('');
    expect(readFileSync(path, 'utf8')).toBe(expected);
    expect(flush.mock.calls.length).toBeLessThan(10);
  });

  it('leaves nothing of an append that failed, and works again when the disk does', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const file = await openLineFile({ path, isFlushed: true });
    await file.append(['first']);
    const flush = jest.spyOn(await fileHandlePrototype(), 'datasync').mockRejectedValue(full);
    await expect(file.append(['second'])).rejects.toBe(full);
    expect(readFileSync(path, 'utf8')).toBe('first\n');
    flush.mockRestore();
    await file.append(['third']);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('first\nthird\n');
  });
});
