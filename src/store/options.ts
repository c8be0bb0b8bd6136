import { z } from 'zod';

export const storeOptions = z.strictObject({
  path: z
    .string()
    .min(1)
    .default('data/evidence.db')
    .describe('File of the evidence store of the console role; its folder is made where there is none.'),
  retainDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(30)
    .describe(
      'Interactions and sessions older than this are deleted, in days of event time. Sums by hour and answers about golden items stay for 400 days.',
    ),
  maxMegabytes: z
    .number()
    .min(10)
    .max(10_000_000)
    .default(20_000)
    .describe('Above this size the oldest interactions are deleted before their time, in MB.'),
  searchText: z
    .boolean()
    .default(true)
    .describe(
      'Whether the words of kept text can be searched; needs text that `privacy.retain` keeps, and no `keyEnv`.',
    ),
  keyEnv: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Environment variable with 32 bytes in base64: verdicts are then encrypted at rest (AES-256-GCM). Text cannot be searched then.',
    ),
});
