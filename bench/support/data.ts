import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Where the recorded rows lie: PLUMBLINE_DATA, or `../shared/data` beside the project. */
export function dataDirectory(): string {
  return process.env['PLUMBLINE_DATA'] ?? resolve(__dirname, '..', '..', '..', 'shared', 'data');
}

/** The path of a data set, or null when it is not there. */
export function dataFile(name: string): string | null {
  const path = join(dataDirectory(), `${name}.jsonl.gz`);
  return existsSync(path) ? path : null;
}

/** All rows of a gzipped JSON-lines file. */
export function readRows<T>(path: string): T[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
