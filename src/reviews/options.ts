import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

const share = z.number().min(0).max(1);

export const reviewOptions = z.strictObject({
  salt: z
    .string()
    .min(1)
    .default('plumbline')
    .describe('Changing it draws other items for review, and other second labels.'),
  random: z
    .number()
    .min(0.0001)
    .max(1)
    .default(0.02)
    .describe('Share of judged interactions drawn for review by chance alone: these stand for the traffic.'),
  disagreement: share.default(0.2).describe('Added to the chance of an item on which the judges disagree fully.'),
  divergence: share.default(0.2).describe('Added where judges pass an answer and the user fared badly.'),
  coverage: share.default(0.05).describe('Added in segments with few labels.'),
  release: share.default(0.05).describe('Added for the newest release.'),
  coverageLabels: z.int().min(1).default(30).describe('From so many labels on a segment is covered.'),
  second: share.default(0.2).describe('Share of the items that a second person labels, blind to the first.'),
  goldenPerWeek: z
    .int()
    .min(0)
    .max(200)
    .default(5)
    .describe('Items of the golden set that people label again each week, blind: it shows whether they have moved.'),
  cohort: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .default('default')
    .describe('Group of people who label by one guideline; part of every label.'),
  rubricVersion: z
    .string()
    .min(1)
    .max(64)
    .default('1')
    .describe('Version of that guideline; labels of another are refused.'),
  targets: z
    .strictObject({
      f1: share.default(0.85).describe('F1 of the failing class.'),
      kappa: share.default(0.75).describe('Cohen’s kappa.'),
      replaceUnder: share.default(0.6).describe('A judge whose kappa is under this beyond doubt should be replaced.'),
    })
    .prefault({})
    .describe('What `judges audit` holds judges to.'),
  raterSaltEnv: z.string().optional().describe('Environment variable with the salt of the hash over who labelled.'),
});
export type ReviewOptions = DeepReadonly<z.infer<typeof reviewOptions>>;
