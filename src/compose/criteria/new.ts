import { writeFile } from 'node:fs/promises';
import { printCriteria } from '../../config/print';
import { MonitorError } from '../../domain/error';
import { RUBRICS, type Rubric } from '../../judge/rubrics';

/** The library's criteria, for a table. */
export function libraryCriteria(): readonly Rubric[] {
  return RUBRICS;
}

/**
 * A criterion as YAML that a configuration may include: one of the library under a name of its own, or a frame to fill
 * in. The wording becomes the owner's: nothing is looked up later. Throws USAGE for a name that the library does not have.
 */
export function newCriterion(name: string, from: string | null): string {
  if (from === null) return printCriteria([{ ...FRAME, name }]);
  const found = RUBRICS.find((rubric) => rubric.name === from);
  if (found === undefined) {
    throw new MonitorError('USAGE', `the library has no ${from}; it has ${RUBRICS.map((one) => one.name).join(', ')}`);
  }
  return printCriteria([{ ...found, name }]);
}

/** Never over a file that is there. Rejects with USAGE. */
export async function writeCriterion(path: string, yaml: string): Promise<void> {
  try {
    await writeFile(path, yaml, { flag: 'wx' });
  } catch (cause) {
    throw new MonitorError('USAGE', `cannot write ${path}: it is there already, or its folder is not`, { cause });
  }
}

const FRAME: Omit<Rubric, 'name'> = {
  rubric: 'Does the answer …? It passes if …. It fails if …. … does not count.',
  appliesWhen: 'The user …',
  requires: [],
  safety: false,
  examples: [
    { expect: 'pass', request: '…', answer: '…' },
    { expect: 'fail', request: '…', answer: '…' },
    { expect: 'not_applicable', request: '…', answer: '…' },
  ],
};
