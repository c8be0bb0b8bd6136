import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

const sasl = z
  .discriminatedUnion('mechanism', [
    z.strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string().min(1),
      passwordEnv: z.string().min(1).describe('Name of the environment variable that holds the password.'),
    }),
    z.strictObject({
      mechanism: z.literal('oauthbearer'),
      tokenFile: z.string().min(1).describe('File holding a bearer token; read again when the token expires.'),
    }),
  ])
  .describe('SASL authentication; secrets come from the environment or from files only.');

export const kafkaOptions = z.strictObject({
  brokers: z.array(z.string().min(1)).min(1).describe('Bootstrap brokers as `host:port`.'),
  clientId: z.string().min(1).default('plumbline').describe('Client id shown in broker logs and quotas.'),
  tls: z
    .union([
      z.boolean(),
      z.strictObject({
        caFile: z.string().optional(),
        certFile: z.string().optional(),
        keyFile: z.string().optional(),
      }),
    ])
    .default(false)
    .describe('TLS to the brokers: `true` for the system roots, or file paths.'),
  sasl: sasl.optional(),
  sessionTimeoutMs: z.int().min(6000).max(300000).default(30000).describe('Group session timeout, ms.'),
  connectionTimeoutMs: z.int().min(100).max(60000).default(10000).describe('TCP connect timeout, ms.'),
});
export type KafkaOptions = DeepReadonly<z.infer<typeof kafkaOptions>>;

export const windowOptions = z.strictObject({
  maxBytes: z.int().min(65536).default(33554432).describe('Bytes of records in flight before fetching pauses.'),
  maxRecords: z.int().min(1).default(2000).describe('Records in flight before fetching pauses.'),
  resumeRatio: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Fetching resumes when the window has drained to this share.'),
});
export type WindowOptions = DeepReadonly<z.infer<typeof windowOptions>>;

export const topicOptions = z.strictObject({
  interactions: z.string().min(1).default('llm.interactions').describe('Topic that carries interactions.'),
  behaviour: z
    .string()
    .min(1)
    .nullable()
    .default('llm.behaviour')
    .describe('Topic that carries user behaviour; null when there is none.'),
});
export type TopicOptions = DeepReadonly<z.infer<typeof topicOptions>>;
