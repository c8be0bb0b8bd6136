import { z } from 'zod';

export const goldenOptions = z.strictObject({
  set: z
    .string()
    .min(1)
    .optional()
    .describe('The sealed set, a file of `golden freeze`. Absent = judges are never held against one.'),
  everyHours: z
    .number()
    .min(1)
    .max(24 * 90)
    .default(168)
    .describe('Hours between scheduled runs of every judge over the whole set.'),
  monthlyUsd: z
    .number()
    .min(0)
    .optional()
    .describe('Most that golden runs may cost in a calendar month (UTC), USD, besides `budget.goldenShare`.'),
  share: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('Share of every judge’s rate and concurrency that is kept for golden runs: traffic never gets it.'),
  duplicates: z
    .int()
    .min(0)
    .max(200)
    .default(20)
    .describe('Items asked twice in a run; how often the two verdicts differ is the judge’s noise.'),
  probes: z
    .boolean()
    .default(true)
    .describe('Once per scheduled run the items are also shown with the options swapped, or padded, in turn.'),
  concurrency: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Golden calls in flight per judge; never more than `share` of its `maxConcurrent`.'),
});
