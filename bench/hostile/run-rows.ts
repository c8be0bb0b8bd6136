import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE_ROWS, type HostileRow } from './rows';

export interface RowVerdict {
  readonly threat: string;
  /** Tests of the row that ran and passed. */
  readonly passed: number;
  readonly failed: readonly string[];
  readonly reason: string | null;
  readonly open: string | null;
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs the tests behind the rows, all at once, from the sources in `root`. */
export async function runRows(root: string): Promise<readonly RowVerdict[]> {
  const files = [...new Set(HOSTILE_ROWS.flatMap(({ tests }) => tests.map(({ file }) => file)))];
  const report = await runJest(root, files);
  return HOSTILE_ROWS.map((row) => verdictOf(row, report));
}

async function runJest(root: string, files: readonly string[]): Promise<JestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-hostile-'));
  const output = join(folder, 'report.json');
  try {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const flags = ['--selectProjects', 'core', '--silent', '--json', '--outputFile', output, '--runTestsByPath'];
    const child = spawn(process.execPath, [jest, ...flags, ...files], { cwd: root, stdio: 'ignore' });
    await once(child, 'exit');
    return JSON.parse(await readFile(output, 'utf8')) as JestReport;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function verdictOf({ threat, tests, reason, open }: HostileRow, { testResults }: JestReport): RowVerdict {
  const ran = tests.flatMap(({ file, names }) => {
    const all = testResults.find(({ name }) => name.endsWith(file))?.assertionResults ?? [];
    const wanted = all.filter(({ fullName }) => names.test(fullName));
    // A name that was changed must not make a row pass for want of tests.
    return wanted.length > 0 ? wanted : [{ fullName: `${file}: no test named ${names.source}`, status: 'missing' }];
  });
  return {
    threat,
    passed: ran.filter(({ status }) => status === 'passed').length,
    failed: ran.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
    reason,
    open: open ?? null,
  };
}

/** Every test of it passed, and nothing is left open. */
export function hasPassed({ passed, failed, open }: RowVerdict): boolean {
  return passed > 0 && failed.length === 0 && open === null;
}
