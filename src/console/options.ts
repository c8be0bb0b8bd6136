import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

/** What a person, or a program, may do; each may do what those before it may. */
export const ROLE_NAMES = ['viewer', 'labeller', 'admin'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

const role = z.enum(ROLE_NAMES);
const segments = z
  .array(z.string().min(1))
  .default([])
  .describe('Segments that may be seen, e.g. `product=support`; empty = all.');

export const authOptions = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Who holds it; the author of what is done with it.'),
        tokenEnv: z.string().min(1).describe('Environment variable that holds the token, at least 16 characters.'),
        role: role.describe(
          'What its holder may do: `viewer` reads, `labeller` labels and annotates, `admin` everything.',
        ),
        segments,
      }),
    )
    .default([])
    .describe('Bearer tokens.'),
  proxy: z
    .strictObject({
      userHeader: z.string().min(1).default('x-forwarded-user').describe('Header that names the user.'),
      trusted: z
        .array(z.string().min(1))
        .min(1)
        .describe('Addresses of the proxies whose headers are believed; from anywhere else they are ignored.'),
      users: z
        .array(z.strictObject({ user: z.string().min(1), role, segments }))
        .default([])
        .describe('Users with a role of their own.'),
      otherwise: z
        .enum([...ROLE_NAMES, 'none'])
        .default('viewer')
        .describe('Role of every other user that the proxy lets in.'),
    })
    .optional()
    .describe('An authenticating proxy in front of the console.'),
});
export type AuthOptions = DeepReadonly<z.infer<typeof authOptions>>;

const template = z.string().min(1).max(2000);

export const linkOptions = z.strictObject({
  trace: template.optional().describe('URL of a trace; `{trace_id}` is filled in.'),
  release: template.optional().describe('URL of a release; `{release}` is filled in.'),
  runbook: template.optional().describe('URL of a runbook; `{kind}` is filled in.'),
  ticket: template.optional().describe('URL of a new ticket; `{alert}` and `{title}` are filled in.'),
  alertmanager: z.url().optional().describe('Address of Alertmanager, for links to silences.'),
});
