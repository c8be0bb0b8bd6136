import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

export const REDACTION_KINDS = [
  'email',
  'phone',
  'card',
  'iban',
  'ip',
  'secret',
  'national_id',
  'name',
  'address',
] as const;

/** Names and addresses have no check sum: what finds some of them also takes places and titles out of answers. */
const BY_DEFAULT = REDACTION_KINDS.filter((kind) => kind !== 'name' && kind !== 'address');

/** Fields of an interaction that a judge can be shown. `request`: the last user message; `messages`: the others. */
export const JUDGE_FIELDS = [
  'request',
  'messages',
  'context',
  'facts',
  'tools',
  'tool_calls',
  'reference_answer',
  'output_schema',
] as const;
export type JudgeField = (typeof JUDGE_FIELDS)[number];

const retention = z.enum(['none', 'evidence', 'redacted', 'encrypted']);

export const privacyOptions = z.strictObject({
  redact: z
    .array(z.enum(REDACTION_KINDS))
    .default(BY_DEFAULT)
    .describe(
      'Classes of personal data and secrets replaced before anything is judged, published or logged. `name` and `address` find only what stands beside words that announce it.',
    ),
  patterns: z
    .array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), pattern: z.string().min(1) }))
    .default([])
    .describe('Your own patterns, run by a linear-time engine (RE2 syntax).'),
  allow: z
    .array(
      z.strictObject({
        judges: z.array(z.string()).min(1).optional().describe('Names of judges; absent = any.'),
        providers: z.array(z.string()).min(1).optional().describe('As `judges[].provider`; absent = any.'),
        regions: z.array(z.string()).min(1).optional().describe('As `judges[].region`; absent = any.'),
        fields: z
          .array(z.enum(JUDGE_FIELDS))
          .describe('What they may see beside the answer, where a criterion needs it; all else never leaves.'),
      }),
    )
    .default([])
    .describe(
      'Which fields a judge may see; the first rule about it counts, one without conditions is about all. Judges without a rule see what their criteria need.',
    ),
  retain: retention
    .default('redacted')
    .describe(
      'Which verdicts carry the redacted text: `none`; `redacted` = all; `evidence` = those that a judge was asked about or that failed a check, which is far less to write, and the source has the rest; `encrypted` = all, under the key of `keyEnv`.',
    ),
  retainIn: z
    .array(z.strictObject({ where: z.record(z.string(), z.string()), retain: retention }))
    .default([])
    .describe('Other retention for parts of the traffic, by their segments; the first that matches counts.'),
  keyEnv: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Environment variable with 32 bytes in base64: the key of text that is retained `encrypted` (AES-256-GCM). Who reads it back, the console and `golden freeze`, needs the same.',
    ),
  userHashSaltEnv: z
    .string()
    .optional()
    .describe('Environment variable with a salt; when set, user ids are hashed again with it (HMAC-SHA-256).'),
});
export type PrivacyOptions = DeepReadonly<z.infer<typeof privacyOptions>>;
