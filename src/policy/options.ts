import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

const usd = z.number().positive().max(1e9);

const ceiling = z.strictObject({
  where: z
    .record(z.string(), z.string())
    .refine((where) => Object.keys(where).length > 0, 'name at least one segment, e.g. `{product: support}`')
    .describe('Segments an item must all have, e.g. `{product: support}`.'),
  monthlyUsd: usd.describe('At most this much a month for such items, USD.'),
});

export const budgetOptions = z.strictObject({
  monthlyUsd: usd
    .optional()
    .describe('What judging may cost a calendar month, golden runs included, USD. Absent = unlimited.'),
  timeZone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, 'an IANA name such as `Europe/Berlin`')
    .describe('Where days and months begin. Spend is kept by the hour: zones off the full hour shift by up to 45 min.'),
  pacing: z
    .enum(['daily', 'none'])
    .default('daily')
    .describe(
      '`daily`: each day gets what is left of the month over the days left, so what a day leaves is carried over. `none`: the month is one purse.',
    ),
  goldenShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe(
      'Part of the budget reserved for golden runs; traffic cannot take it, and they cannot take more. Control items and shadow judges are paid from it until half is spent: the other half is for golden runs alone.',
    ),
  ceilings: z
    .array(ceiling)
    .max(100)
    .default([])
    .describe('Further bounds for parts of the traffic; items of a part that has reached its own are not judged.'),
  leaseSeconds: z
    .number()
    .min(5)
    .max(3600)
    .default(60)
    .describe('How long a lease of budget holds on a source partition. Without a valid one SCORE runs checks only, s.'),
  leaseShare: z
    .number()
    .min(0.001)
    .max(0.5)
    .default(0.02)
    .describe(
      "All partitions' leases together are this part of a day's allowance, as far as leases are not too small.",
    ),
  leaseMinUsd: usd
    .default(0.5)
    .describe(
      'No lease is smaller while the budget has so much left: it must hold the most that one item can cost, USD.',
    ),
});
export type BudgetOptions = DeepReadonly<z.infer<typeof budgetOptions>>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
