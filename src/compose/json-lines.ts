import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** Values of a `.jsonl` or `.jsonl.gz`. Lines that are not JSON are passed over: the pipeline has dead-lettered them. */
export async function* readJsonLines(path: string): AsyncGenerator<unknown> {
  const bytes = createReadStream(path);
  const lines = createInterface({
    input: path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes,
    crlfDelay: Infinity,
  });
  for await (const line of lines) {
    try {
      yield JSON.parse(line) as unknown;
    } catch {
      continue;
    }
  }
}
