import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AvroSchemaJson, fullNameOf, inlineReferences } from './schema-inline';

/** What we write and read ourselves: one Avro record each, `schemas/<subject>.v<n>.avsc`. */
export type Subject =
  'interaction' | 'behaviour' | 'verdict' | 'dead-letter' | 'session-outcome' | 'alert' | 'ledger-record' | 'policy';

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
  const named = new Map<string, unknown>();
  const own = readOwn(name, directory, named);
  return inlineReferences(own, named) as AvroSchemaJson;
}

/** The schema without its list of references, whose definitions are put into `named`. */
function readOwn(name: string, directory: string, named: Map<string, unknown>): AvroSchemaJson {
  const schema = JSON.parse(readFileSync(join(directory, `${name}.avsc`), 'utf8')) as AvroSchemaJson;
  const { references, ...own } = schema;
  for (const reference of (references ?? []) as readonly string[]) {
    const referenced = readOwn(reference, directory, named);
    named.set(fullNameOf(referenced), referenced);
  }
  return own;
}
