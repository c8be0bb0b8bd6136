import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');
const ROWS = readFileSync(join(PROJECT, 'docs', 'faults.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d/.test(line));

/** Faults of delivery, state and operation; those of judges have suites of their own. */
const WANTED = [...range(1, 14), ...range(29, 40)].map((n) => `F${n}`);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** What is known of one row: `` `file` "sentence" `` pairs, scripts, and a reason. */
function evidenceOf(row: string): { tests: { file: string; sentence: string }[]; isElsewhere: boolean } {
  const tests = [...row.matchAll(/`(test\/[^`]+\.test\.ts)` "([^"]+)"/g)].map(([, file = '', sentence = '']) => ({
    file,
    sentence,
  }));
  return { tests, isElsewhere: /chaos|npm run|Reason/.test(row) };
}

describe('the table of faults', () => {
  it('has every fault once', () => {
    expect(ROWS.map((row) => /F\d+/.exec(row)?.[0])).toEqual(WANTED);
  });

  it.each(ROWS.map((row) => [/F\d+/.exec(row)?.[0] ?? '', row]))('names for %s tests that exist', (_, row) => {
    const { tests, isElsewhere } = evidenceOf(row);
    expect(tests.length > 0 || isElsewhere).toBe(true);
    for (const { file, sentence } of tests) {
      const path = join(PROJECT, file);
      expect([file, existsSync(path)]).toEqual([file, true]);
      expect(readFileSync(path, 'utf8')).toContain(sentence);
    }
  });
});
