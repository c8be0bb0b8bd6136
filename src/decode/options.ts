import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';
import { pathFault } from './path';

const path = z
  .string()
  .min(1)
  .superRefine((text, issues) => {
    const fault = pathFault(text);
    if (fault !== null) issues.addIssue({ code: 'custom', message: fault });
  })
  .describe(
    'A path into the record, e.g. `request.messages`, `choices[0].message.content`, `messages[-1]` (from the end), ' +
      '`attributes["a.b"]`, `.` (the value itself). Inside `each` it starts at the item; there `$.` starts at the record.',
  );

const filter = z.strictObject({
  path,
  equals: z.unknown().optional(),
  notEquals: z.unknown().optional(),
  in: z.array(z.unknown()).optional(),
  exists: z.boolean().optional().describe('Whether a value other than null must be there.'),
});
export type Filter = DeepReadonly<z.infer<typeof filter>>;

export const CONVERSIONS = [
  'string',
  'number',
  'boolean',
  'epoch_s',
  'epoch_ms',
  'epoch_us',
  'epoch_ns',
  'iso8601',
  'json',
  'lines',
  'text',
] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/**
 * How one field of our record is filled from a foreign record: a path, a constant, or the first of several that is
 * present, then a named conversion, then a table of replacements.
 */
const fieldRule = z.union([
  path,
  z.strictObject({
    path: path.optional(),
    firstOf: z.array(path).min(1).optional(),
    const: z.unknown().optional(),
    as: z
      .enum(CONVERSIONS)
      .optional()
      .describe(
        'Conversion applied to the value found. `epoch_*` and `iso8601` give ms since 1970 (without a zone: UTC), ' +
          '`json` parses text, `lines` joins a list of texts, `text` takes the text out of a list of content parts.',
      ),
    map: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Replaces values after the conversion: `{ "found": "wanted" }`; others stay as they are.'),
    default: z.unknown().optional().describe('Used when nothing, or null, is found.'),
  }),
]);
export type FieldRule = DeepReadonly<z.infer<typeof fieldRule>>;

/**
 * A field rule, a list built from one source list (`each`: element rules; `where`: which elements), an object of rules,
 * or a list of rules (a rule that finds nothing adds no item, a rule that gives a list adds its items).
 */
export type MappingRule =
  | FieldRule
  | {
      readonly each: string;
      readonly where?: readonly Filter[] | undefined;
      readonly item: Readonly<Record<string, MappingRule>>;
    }
  | { readonly object: Readonly<Record<string, MappingRule>> }
  | { readonly list: readonly MappingRule[] };

const mappingRule: z.ZodType<MappingRule> = z.lazy(() =>
  z.union([
    fieldRule,
    z.strictObject({ each: path, where: z.array(filter).optional(), item: z.record(z.string(), mappingRule) }),
    z.strictObject({ object: z.record(z.string(), mappingRule) }),
    z.strictObject({ list: z.array(mappingRule) }),
  ]),
);

export const mappingOptions = z.strictObject({
  filters: z
    .array(filter)
    .default([])
    .describe('A record must satisfy all of them; one that does not is accounted as `filtered`.'),
  fields: z
    .record(z.string(), mappingRule)
    .describe('Our field name (snake_case, as in schemas/interaction.v1.avsc) to the rule that fills it.'),
});
export type MappingOptions = DeepReadonly<z.infer<typeof mappingOptions>>;

export const registryOptions = z.strictObject({
  url: z.url().describe('Base URL of a Confluent-compatible schema registry.'),
  usernameEnv: z.string().optional(),
  passwordEnv: z.string().optional(),
  tokenEnv: z.string().optional(),
  timeoutMs: z.int().min(100).max(60000).default(5000),
  missTtlMs: z.int().min(0).default(60000).describe('How long an unknown schema id is remembered as unknown, ms.'),
});
export type RegistryOptions = DeepReadonly<z.infer<typeof registryOptions>>;

export const otlpOptions = z.strictObject({
  segments: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Our segment to the attribute of the span or its resource that fills it, e.g. `product: service.name`.'),
});
export type OtlpOptions = DeepReadonly<z.infer<typeof otlpOptions>>;

export const decodeOptions = z.strictObject({
  format: z
    .enum(['auto', 'avro', 'json', 'otlp'])
    .default('auto')
    .describe(
      '`auto` tells Confluent framing, Avro single-object framing and JSON apart by their first bytes; `otlp`: GenAI spans ' +
        'as an OpenTelemetry Collector writes them, JSON or Protobuf.',
    ),
  otlp: otlpOptions.prefault({}).describe('How spans become interactions; with `format: otlp` only.'),
  schemaFile: z.string().optional().describe('Avro schema of bare Avro records without framing.'),
  registry: registryOptions.optional(),
  mapping: mappingOptions.optional().describe('Declarative mapping of any other record shape onto ours.'),
  maxRecordBytes: z
    .int()
    .min(1024)
    .default(1048576)
    .describe('A larger record is dead-lettered as `too_large`, bytes.'),
  maxDepth: z.int().min(4).max(512).default(64).describe('Deepest nesting accepted in JSON.'),
});
export type DecodeOptions = DeepReadonly<z.infer<typeof decodeOptions>>;
