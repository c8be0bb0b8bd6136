import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

export const checksOptions = z.strictObject({
  disable: z.array(z.string()).default([]).describe('Names of checks to switch off; see docs/checks.md.'),
  minLength: z.int().min(0).default(1).describe('`length`: fewest characters of an answer.'),
  maxLength: z.int().min(1).default(20000).describe('`length`: most characters of an answer.'),
  repetitionRatio: z
    .number()
    .gt(0)
    .lte(1)
    .default(0.5)
    .describe('`repetition`: fails when this share of the answer repeats what it already said.'),
  escalateOn: z
    .array(z.string())
    .default(['non_empty', 'repetition', 'truncated', 'output_schema', 'language_switch'])
    .describe('Failed checks that send an item to the ensemble.'),
});
export type ChecksOptions = DeepReadonly<z.infer<typeof checksOptions>>;
