/**
 * The figures of docs/figures.md: `npm run -s bench -- [--json] [--quick] [--seed N] [--only kafka,fold]`.
 * The full run takes about ten minutes and writes bench/results.json; `--quick` takes about two and writes nothing.
 */
import { join } from 'node:path';
import { runScript } from './support/script';
import { runCompiled } from './support/snapshot';

runScript(() => runCompiled('bench/main.js', { PLUMBLINE_BENCH_RESULTS: join(__dirname, 'results.json') }));
