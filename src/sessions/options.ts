import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

export const sessionOptions = z.strictObject({
  idleMinutes: z
    .number()
    .min(1)
    .max(1440)
    .default(30)
    .describe('Silence after which a session is closed; a later turn of its conversation opens a new, linked one.'),
  latenessMinutes: z
    .number()
    .min(0)
    .max(1440)
    .default(5)
    .describe('How far behind the event watermark a record may come and still be counted as if it had come in order.'),
  maxHours: z.number().min(1).max(168).default(24).describe('Longest session; one that goes on is split.'),
  amendmentHours: z
    .number()
    .min(0)
    .max(168)
    .default(24)
    .describe(
      'How long a closed session is remembered: a new turn is linked to it, behaviour is counted as its amendment.',
    ),
  recoveryTurns: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Horizon of `recovery_ratio`: turns within which a bad turn must be followed by one that is not bad.'),
  badTurnFrom: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.2)
    .describe('Friction from which a turn is bad, in (0, 1); lower = more turns are bad.'),
  maxOpen: z
    .int()
    .min(100)
    .default(30000)
    .describe(
      'Open conversations kept in memory, and closed ones remembered; beyond that those next to close are closed as `open`, and those closed first are forgotten.',
    ),
  panelUsers: z
    .int()
    .min(0)
    .default(20000)
    .describe('Users in the sample, chosen by hash, from which returns are estimated; 0 turns that off.'),
  rightCheck: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Check that passes where the answer was right and fails where it was wrong, e.g. a rule of `checks.rules` that compares it with the facts; needed for over- and under-reliance.',
    ),
  rightCriterion: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Criterion whose labels by people say whether an answer was right; with it over- and under-reliance are told by people too, over the answers that stand for the traffic (drawn at random, or imported).',
    ),
  churnDays: z
    .int()
    .min(1)
    .max(60)
    .default(28)
    .describe('Absence, in days, from which a user counts as gone in `churn_ratio`.'),
  minGroup: z.int().min(1).default(10).describe('Sessions below which no ratio of a segment is published.'),
});
export type SessionOptions = DeepReadonly<z.infer<typeof sessionOptions>>;
