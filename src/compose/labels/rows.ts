import { compilePath, type PathReader } from '../../decode/path';
import { readJsonLines } from '../json-lines';
import type { LabelOptions } from '../options';
import { labelAgreement, type LabelAgreement } from './agreement';

/** Joins human labels in the replayed rows with the verdicts that the replay wrote; null without `replay.labels`. */
export async function readLabelAgreement(
  options: LabelOptions | undefined,
  inputs: readonly string[],
  verdictsPath: string,
): Promise<LabelAgreement | null> {
  if (options === undefined) return null;
  const labels = await readLabels(options, inputs);
  const verdicts = new Map<string, boolean>();
  for await (const verdict of readJsonLines(verdictsPath)) {
    const { interaction_id: id, criteria } = verdict as WrittenVerdict;
    const pass = criteria.find(({ criterion }) => criterion === options.criterion)?.pass;
    if (typeof pass === 'boolean') verdicts.set(id, pass);
  }
  return labelAgreement(options.criterion, labels, verdicts);
}

interface WrittenVerdict {
  readonly interaction_id: string;
  readonly criteria: readonly { readonly criterion: string; readonly pass: boolean | null }[];
}

async function readLabels(options: LabelOptions, inputs: readonly string[]): Promise<Map<string, boolean>> {
  const idOf = compilePath(options.interactionId);
  const valueOf = compilePath(options.value);
  const labels = new Map<string, boolean>();
  for (const input of inputs) {
    if (!/\.jsonl(\.gz)?$/.test(input)) continue;
    for await (const row of readJsonLines(input)) readLabel(row, idOf, valueOf, options, labels);
  }
  return labels;
}

function readLabel(
  row: unknown,
  idOf: PathReader,
  valueOf: PathReader,
  options: LabelOptions,
  labels: Map<string, boolean>,
): void {
  const id = idOf(row);
  const value = valueOf(row);
  if (typeof id !== 'string') return;
  if (options.pass.includes(value)) labels.set(id, true);
  else if (options.fail.includes(value)) labels.set(id, false);
}
