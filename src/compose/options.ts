import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

const path = z.string().min(1);

/** Where a human label lies in the rows of a replay, for the agreement in its report. */
export const labelOptions = z.strictObject({
  criterion: z.string().min(1).describe('The criterion that the label is about.'),
  interactionId: path.describe('Path of the interaction id in the row.'),
  value: path.describe('Path of the label.'),
  pass: z.array(z.unknown()).min(1).describe('Values that mean a pass.'),
  fail: z.array(z.unknown()).min(1).describe('Values that mean a fail; any other value is no label.'),
});
export type LabelOptions = DeepReadonly<z.infer<typeof labelOptions>>;

export const replayOptions = z.strictObject({
  labels: labelOptions
    .optional()
    .describe('Human labels in the replayed rows; the report then states agreement with them.'),
  pairs: z
    .int()
    .min(0)
    .max(100_000)
    .default(100)
    .describe(
      'Most inputs with different answers on both sides that `replay --compare` and `compare --pairwise` have judged as pairs, each in both orders: two calls to every judge of an ensemble panel that is independent of both models. 0 = none.',
    ),
});
