/**
 * Compares the statistics with the reference vectors in PLUMBLINE_VECTORS (default ../shared/stats-vectors):
 * `tsx test/vectors/run.ts [--json]`. Prints a table and each failed case; with --json the last line is
 * `{"files", "cases", "failed", "skipped"}`, `skipped` counting files that are not there. Exit code 1 when a case failed,
 * or a file is missing under PLUMBLINE_REQUIRE_ALL=1.
 */
import { type CaseResult, mustHaveAll, readVectorFile, runSuite, vectorFolder, type VectorSuite } from './suite';
import { SUITES } from './suites';

/** Differences printed per failed case. */
const SHOWN = 3;

interface FileResult {
  readonly file: string;
  /** Null when the file is not there. */
  readonly results: readonly CaseResult[] | null;
}

const answers = SUITES.map(answer);
const present = answers.filter((found) => found.results !== null);
const cases = present.flatMap((found) => found.results ?? []);
const failed = cases.filter((result) => result.differences.length > 0);
const skipped = answers.length - present.length;

process.stdout.write(`reference vectors in ${vectorFolder()}\n`);
process.stdout.write(answers.map(toLine).join(''));
process.stdout.write(failed.map(toExplanation).join(''));
if (process.argv.includes('--json')) {
  process.stdout.write(
    `${JSON.stringify({ files: present.length, cases: cases.length, failed: failed.length, skipped })}\n`,
  );
}
process.exitCode = failed.length > 0 || (skipped > 0 && mustHaveAll()) ? 1 : 0;

function answer(suite: VectorSuite): FileResult {
  const content = readVectorFile(suite.file);
  return { file: suite.file, results: content === null ? null : runSuite(suite, content) };
}

function toLine({ file, results }: FileResult): string {
  if (results === null) return `${file.padEnd(28)} skipped: not there\n`;
  const wrong = results.filter((result) => result.differences.length > 0).length;
  return `${file.padEnd(28)} ${String(results.length).padStart(4)} cases ${String(wrong).padStart(4)} failed\n`;
}

function toExplanation(result: CaseResult): string {
  return `failed: ${result.name}\n${result.differences
    .slice(0, SHOWN)
    .map((difference) => `  ${difference}\n`)
    .join('')}`;
}
