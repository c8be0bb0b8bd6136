import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { differences, type Difference } from './compare';
import { type Fields, numberOr, records, text, toFields } from './read';

/**
 * How one file of reference vectors is computed with the project's own functions.
 * `compute` gets a case's input and, for its keys only (a table's arguments are sometimes its keys), what is expected;
 * it returns an object with at least the expected keys.
 */
export interface VectorSuite {
  /** File name, e.g. `aipw.json`. */
  readonly file: string;
  readonly compute: (input: Fields, shape: Fields) => Fields;
  /** How cases are read out of a file that has no `cases` list. */
  readonly casesOf?: (content: Fields) => readonly Fields[];
}

export interface CaseResult {
  readonly name: string;
  /** Empty = passed. A thrown error is one difference. */
  readonly differences: readonly Difference[];
}

/** Folder of the vector files: PLUMBLINE_VECTORS, else ../shared/stats-vectors beside the project. */
export function vectorFolder(): string {
  return process.env['PLUMBLINE_VECTORS'] ?? resolve(__dirname, '../../../shared/stats-vectors');
}

/** True when an absent file is a failure and not a skip: PLUMBLINE_REQUIRE_ALL=1. */
export function mustHaveAll(): boolean {
  return process.env['PLUMBLINE_REQUIRE_ALL'] === '1';
}

/** The file's content, or null when there is no such file. */
export function readVectorFile(file: string): Fields | null {
  const path = join(vectorFolder(), file);
  return existsSync(path) ? toFields(JSON.parse(readFileSync(path, 'utf8')), file) : null;
}

/** Every case of one file, computed and compared with the file's own tolerance. */
export function runSuite(suite: VectorSuite, content: Fields): CaseResult[] {
  const tolerance = numberOr(content, 'tolerance', 1e-9);
  const cases = suite.casesOf?.(content) ?? records(content, 'cases');
  return cases.map((vector) => {
    const expected = toFields(vector['expected'], 'expected');
    return {
      name: text(vector, 'name'),
      differences: caseDifferences(suite, toFields(vector['input'], 'input'), expected, tolerance),
    };
  });
}

function caseDifferences(suite: VectorSuite, input: Fields, expected: Fields, tolerance: number): Difference[] {
  try {
    return differences(expected, suite.compute(input, expected), tolerance);
  } catch (error) {
    return [String(error)];
  }
}
