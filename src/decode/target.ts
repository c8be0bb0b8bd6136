import type { Behaviour } from '../domain/behaviour';
import type { Interaction } from '../domain/interaction';
import { err, ok, type Result } from '../domain/result';
import { canonicalForm } from './avro-fingerprint';
import { compileDomainBytesReader } from './avro-domain-bytes';
import { type AvroType, parseAvroType } from './avro-type';
import { behaviourFault, interactionFault, interactionReadHooks } from './interaction-shape';
import type { Decoded } from './port';
import { readSchemaVersions, type Subject } from './schema-files';
import { compileMissing, type MissingFields } from './shape-missing';
import type { ShapeFault } from './shape-fault';
import { compileReader } from './shape-reader';

/** One of the two records that a source may bring, and every way to get there. */
export interface Target {
  /** Full name of the record, e.g. `plumbline.Interaction`. */
  readonly name: string;
  /** Our versions, oldest first, by the name that the header `plumbline-schema` uses. */
  readonly versions: ReadonlyMap<string, AvroType>;
  /** Of the newest version: bytes written with an equal schema can be read by `fromOwnBytes`. */
  readonly canonicalForm: string;
  fromJson(value: unknown): Result<Decoded, ShapeFault>;
  /** From a value under the schema's names, JSON fields as text. */
  fromAvroValue(value: unknown): Result<Decoded, ShapeFault>;
  /** One pass, for bytes of the newest schema. Null when they are not sound: `fromAvroValue` then finds out why. */
  fromOwnBytes(bytes: Buffer): Decoded | null;
  readonly missingFields: MissingFields;
  /** The schema of one of `versions`, everything inlined. */
  schemaJson(name: string): unknown;
}

export function createInteractionTarget(): Target {
  return createTarget<Interaction>('interaction', interactionFault, (interaction) => ({
    kind: 'interaction',
    interaction,
  }));
}

export function createBehaviourTarget(): Target {
  return createTarget<Behaviour>('behaviour', behaviourFault, (behaviour) => ({ kind: 'behaviour', behaviour }));
}

function createTarget<T>(
  subject: Subject,
  faultOf: (value: T) => ShapeFault | null,
  wrap: (value: T) => Decoded,
): Target {
  const files = readSchemaVersions(subject);
  const versions = new Map(files.map(({ name, json }) => [name, ownType(json)]));
  const newest = [...versions.values()].at(-1);
  if (newest?.kind !== 'record') throw new Error(`no schema files for ${subject}`);
  const readJson = compileReader<T>(newest, 'json', interactionReadHooks);
  const readAvro = compileReader<T>(newest, 'avro', interactionReadHooks);
  const readBytes = compileDomainBytesReader<T>(newest, interactionReadHooks);
  const finish = (read: Result<T, ShapeFault>): Result<Decoded, ShapeFault> => {
    if (!read.ok) return read;
    const fault = faultOf(read.value);
    return fault === null ? ok(wrap(read.value)) : err(fault);
  };
  return {
    name: newest.name,
    versions,
    canonicalForm: canonicalForm(newest),
    fromJson: (value) => finish(readJson(value)),
    fromAvroValue: (value) => finish(readAvro(value)),
    fromOwnBytes(bytes) {
      const read = readBytes(bytes);
      return read.ok && faultOf(read.value) === null ? wrap(read.value) : null;
    },
    missingFields: compileMissing(newest),
    schemaJson: (name) => files.find((file) => file.name === name)?.json,
  };
}

function ownType(json: unknown): AvroType {
  const parsed = parseAvroType(json);
  if (!parsed.ok) throw new Error(`a schema of ours has ${parsed.error}`);
  return parsed.value;
}
