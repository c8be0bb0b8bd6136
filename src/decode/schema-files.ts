import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What we write and read ourselves: one Avro record each, `schemas/<subject>.v<n>.avsc`. */
export type Subject = 'interaction' | 'behaviour' | 'verdict' | 'dead-letter' | 'ledger-record';

/** An Avro schema as parsed JSON. */
export type AvroSchemaJson = Readonly<Record<string, unknown>>;

/** One version of a subject, with everything it names written out inside it. */
export interface SchemaVersion {
  /** `verdict.v1`, as in the header `plumbline-schema`. */
  readonly name: string;
  readonly version: number;
  readonly json: AvroSchemaJson;
}

/** From both `src/decode` and `dist/decode`. */
export const SCHEMAS_DIRECTORY = join(__dirname, '..', '..', 'schemas');

/**
 * All versions of a subject, oldest first. A schema that names a record of another subject says which version it means:
 * `"references": ["interaction.v1"]`.
 */
export function readSchemaVersions(subject: string, directory = SCHEMAS_DIRECTORY): readonly SchemaVersion[] {
  const pattern = new RegExp(`^${subject}\\.v(\\d+)\\.avsc$`);
  return readdirSync(directory)
    .flatMap((file) => {
      const version = pattern.exec(file)?.[1];
      return version === undefined ? [] : [Number(version)];
    })
    .sort((a, b) => a - b)
    .map((version) => {
      const name = `${subject}.v${version}`;
      return { name, version, json: readInlined(name, directory) };
    });
}

function readInlined(name: string, directory: string): AvroSchemaJson {
  const schema = JSON.parse(readFileSync(join(directory, `${name}.avsc`), 'utf8')) as AvroSchemaJson;
  const { references, ...own } = schema;
  const named = new Map<string, AvroSchemaJson>();
  for (const reference of (references ?? []) as readonly string[]) {
    const inlined = readInlined(reference, directory);
    named.set(String(inlined.name), inlined);
  }
  return inline(own, named) as AvroSchemaJson;
}

/** Replaces the first mention of each referenced name by its definition; later ones stay names, as Avro wants. */
function inline(schema: unknown, named: Map<string, AvroSchemaJson>): unknown {
  if (typeof schema === 'string') {
    const definition = named.get(schema);
    if (definition === undefined) return schema;
    named.delete(schema);
    return definition;
  }
  if (Array.isArray(schema)) return schema.map((branch) => inline(branch, named));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, unknown> = { ...schema };
  for (const key of ['type', 'items', 'values']) if (key in out) out[key] = inline(out[key], named);
  if (Array.isArray(out.fields)) out.fields = out.fields.map((field) => inline(field, named));
  return out;
}
