/**
 * The figures of docs/figures.md: `npm run -s bench -- [--json] [--quick] [--seed N] [--only kafka,fold]`.
 * The full run takes about ten minutes and writes bench/results.json; `--quick` takes about two and writes nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { takeSnapshot } from './bench/snapshot';
import { runScript } from './support/script';

const ROOT = resolve(__dirname, '..');

async function main(): Promise<void> {
  const snapshot = await takeSnapshot();
  try {
    const entry = join(snapshot.folder, 'bench', 'bench', 'main.js');
    const child = spawn(process.execPath, ['--expose-gc', entry, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: {
        ...process.env,
        PLUMBLINE_CACHE: process.env['PLUMBLINE_CACHE'] ?? join(ROOT, '.cache'),
        PLUMBLINE_BENCH_RESULTS: join(ROOT, 'bench', 'results.json'),
      },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await snapshot.remove();
  }
}

runScript(main);
