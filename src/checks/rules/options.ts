import { z } from 'zod';

const common = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}$/, 'lower-case letters, digits and `_`; at most 32')
    .describe('Name of the check in verdicts, metrics and `escalateOn`.'),
  version: z.int().min(1).default(1).describe('Count up when the rule changes.'),
  meaning: z.string().min(1).optional().describe('One sentence for those who read its results.'),
};
const path = z
  .string()
  .min(1)
  .max(500)
  .describe('Path into the answer as JSON: `$.items[0].price`, `$.items[*].price` for every item.');

export const ruleOptions = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('regex'),
    pattern: z.string().min(1).max(2000).describe('RE2 syntax, run by a linear-time engine.'),
    want: z.enum(['match', 'no_match']).default('no_match').describe('What passes.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('schema'),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema that the answer has to satisfy.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('range'),
    path,
    min: z.number().optional().describe('Least value, itself included.'),
    max: z.number().optional().describe('Greatest value, itself included.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('enum'),
    path: path.optional(),
    values: z
      .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .min(1)
      .describe('What the value at the path may be; without a path, the whole answer without its outer blanks.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('sections'),
    sections: z.array(z.string().min(1)).min(1).describe('Headings that the answer must hold, in this order.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('fact'),
    near: z.array(z.string().min(2)).min(1).describe('Phrases; values within `within` characters of one are claims.'),
    within: z.int().min(1).max(500).default(60).describe('Characters after the phrase, or before it, in its sentence.'),
    fact: z.string().min(1).describe('Path into the facts of the interaction, e.g. `capacity.free_seats`.'),
    compare: z.enum(['<=', '>=', '=', 'within']).describe('How the claim must relate to the fact.'),
    tolerance: z.number().min(0).default(0).describe('`within`: the largest difference, in units of the fact.'),
    as: z.enum(['number', 'date']).default('number').describe('What is compared; of dates the difference is in days.'),
  }),
]);
