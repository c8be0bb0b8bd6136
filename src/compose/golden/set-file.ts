import { readFile } from 'node:fs/promises';
import { createRecordCodec } from '../../decode/avro-codec';
import { describeShapeFault } from '../../decode/shape-fault';
import { MonitorError } from '../../domain/error';
import { err, ok } from '../../domain/result';
import { type GoldenSet, type InteractionText, parseGoldenSet } from '../../golden/set';

const interactions = createRecordCodec('interaction');

export const interactionText: InteractionText = {
  toJson: (interaction) => interactions.toJson(interaction),
  fromJson(json) {
    const read = interactions.fromJson(json);
    return read.ok ? ok(read.value) : err(describeShapeFault(read.error));
  },
};

/** Rejects with FILE_UNREADABLE, or with CONFIG_INVALID for a set whose seal is broken or that is none. */
export async function readGoldenSet(path: string): Promise<GoldenSet> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read the golden set ${path}: make one with golden freeze`, {
      cause,
    });
  }
  const parsed = parseGoldenSet(text, interactionText);
  if (!parsed.ok) throw new MonitorError('CONFIG_INVALID', `golden.set: ${path}: ${parsed.error}`);
  return parsed.value;
}
