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
  retain: z
    .enum(['none', 'evidence', 'redacted'])
    .default('evidence')
    .describe(
      'Which verdicts carry the redacted text: `none`; `evidence` = those that a judge was asked about or that failed a check; `redacted` = all. Text that nothing was found in is most of what would be written, and the source has it.',
    ),
  userHashSaltEnv: z
    .string()
    .optional()
    .describe('Environment variable with a salt; when set, user ids are hashed again with it (HMAC-SHA-256).'),
});
export type PrivacyOptions = DeepReadonly<z.infer<typeof privacyOptions>>;
