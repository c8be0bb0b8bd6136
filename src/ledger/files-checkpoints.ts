import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MonitorError } from '../domain/error';
import { replaceFile, TORN } from '../platform/replace-file';
import type { CheckpointStore } from './checkpoint-port';

/**
 * A folder with one file per key. It is a cache: the ledger beside it is the truth, so deleting the folder only costs
 * time. A file is written under another name, flushed and renamed, so a crash leaves the old one or the new one.
 * `load` rejects with FILE_UNREADABLE; writes reject with the system's error.
 */
export function createFileCheckpointStore(folder: string): CheckpointStore {
  return {
    async load() {
      try {
        const names = await readdir(folder).catch(emptyWhereThereIsNone);
        const stored = new Map<string, Buffer>();
        for (const name of names) {
          if (!name.endsWith(TORN)) stored.set(decodeURIComponent(name), await readFile(join(folder, name)));
        }
        return stored;
      } catch (cause) {
        throw new MonitorError('FILE_UNREADABLE', `cannot read the state in ${folder}`, { cause });
      }
    },
    async write(records) {
      await mkdir(folder, { recursive: true });
      for (const { key, value } of records) {
        const path = join(folder, encodeURIComponent(key));
        if (value === null) await rm(path, { force: true });
        else await replaceFile(path, value);
      }
    },
    close: () => Promise.resolve(),
  };
}

function emptyWhereThereIsNone(failure: NodeJS.ErrnoException): string[] {
  if (failure.code === 'ENOENT') return [];
  throw failure;
}
