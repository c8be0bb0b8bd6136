/**
 * The hostile-input lane: `npm run -s test:hostile -- [--json] [--quick] [--nightly] [--seed N]`. Fuzzes what reads
 * foreign bytes, and runs the tests behind every row of the threat table (bench/hostile/rows.ts). `--quick` fuzzes a
 * hundredth; `--nightly` ten times as much.
 */
import { runScript } from './support/script';
import { runCompiled } from './support/snapshot';

runScript(() => runCompiled('hostile/main.js'));
