import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';
import { ACTIONS } from './claims/actions';
import { ruleOptions } from './rules/options';

const toolClaimsOptions = z.strictObject({
  tools: z
    .partialRecord(z.enum(ACTIONS), z.array(z.string().min(1)))
    .default({})
    .describe('Names of the tools that can do an action, instead of what their names and descriptions say.'),
  phrases: z
    .array(
      z.strictObject({
        phrase: z.string().min(3).describe('Words of the claim, found without regard to case.'),
        tools: z.array(z.string().min(1)).min(1).describe('One of these must have been called, and not have failed.'),
      }),
    )
    .default([])
    .describe('Further claims that need a tool call.'),
});

const groundingOptions = z.strictObject({
  urls: z.boolean().default(true).describe('URLs have to occur in a source.'),
  citations: z.boolean().default(true).describe('`[3]` needs a third document.'),
  quotes: z.boolean().default(true).describe('Quotations of four words and more have to occur in a source.'),
  numbers: z
    .boolean()
    .default(true)
    .describe('Numbers from 13 up, decimals and percentages have to occur in a source.'),
  allow: z.array(z.string().min(1)).default([]).describe('Hosts, numbers and quotations that need no source.'),
});

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
  toolClaims: toolClaimsOptions.prefault({}).describe('`tool_claims`: what an answer claims to have done.'),
  grounding: groundingOptions.prefault({}).describe('`grounding`: what has to occur in the documents given.'),
  rules: z
    .array(ruleOptions)
    .default([])
    .describe('Your own checks without code; see `examples/evidence-checks.yaml`.'),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder with your own checks in code, one a file (`.js`, `.cjs`; `.ts` where `typescript` is installed beside it or Node strips types), relative to the working directory.',
    ),
  escalateOn: z
    .array(z.string())
    .default([
      'non_empty',
      'repetition',
      'truncated',
      'output_schema',
      'language_switch',
      'tool_claims',
      'unknown_tool',
      'self_contradiction',
      'degenerate',
      'injection',
    ])
    .describe('Failed checks that send an item to the ensemble.'),
  criteriaAfter: z
    .record(z.string(), z.array(z.string()).min(1))
    .default({ self_contradiction: ['self_contradiction'] })
    .describe(
      'Criterion → checks: the criterion is judged only where one of them failed, and is not applicable elsewhere.',
    ),
});
export type ChecksOptions = DeepReadonly<z.infer<typeof checksOptions>>;
