import type { LookupFunction } from 'node:net';
import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import { MonitorError } from '../domain/error';
import { err, ok, type Result } from '../domain/result';
import { guardedLookup, literalFault } from '../platform/address-guard';
import { nestsDeeperThan } from './json-safety';
import type { RegistryOptions } from './options';
import { type AvroSchemaJson, fullNameOf, inlineReferences } from './schema-inline';

/** A writer's schema with its references written out. */
export interface RegisteredSchema {
  readonly format: 'avro' | 'json' | 'protobuf';
  /** Parsed Avro schema; null for the other formats. */
  readonly avro: unknown;
}

/** `unknown_schema`: the registry has no such id; `unreadable`: what it has is not a schema. */
export type SchemaMiss = 'unknown_schema' | 'unreadable';

export type SchemaLookup = Result<RegisteredSchema, SchemaMiss>;

/**
 * Schemas by id. Answers at once what it knows (an id never changes its meaning, so for ever; an unknown one for
 * `missTtlMs`), else with a promise; callers of the same id share one request. Rejects with MonitorError
 * SCHEMA_REGISTRY_UNAVAILABLE when the registry cannot be reached or answers anything but a schema or "not found".
 */
export interface SchemaRegistry {
  byId(id: number): SchemaLookup | Promise<SchemaLookup>;
  /** `guid` as text with dashes. */
  byGuid(guid: string): SchemaLookup | Promise<SchemaLookup>;
  /** Registers a schema (or finds it registered) and returns its id. */
  register(subject: string, schema: AvroSchemaJson): Promise<number>;
  close(): Promise<void>;
}

export interface RegistryDeps {
  /** The value of the environment variable that an `…Env` option names. */
  readonly secret: (variable: string) => string;
  /** Monotonic, ms; for how long a miss is remembered. */
  readonly monotonicMs: () => number;
  /** Default: the system's, each answer held against the addresses that no registry has. */
  readonly lookup?: LookupFunction;
}

/** Bytes of one answer; a schema beyond it is no schema. */
const MAX_ANSWER_BYTES = 2_097_152;
/** Deep enough for any real set of references, and an end for those that form a circle. */
const MAX_REFERENCE_DEPTH = 16;
const MAX_REFERENCES = 200;
/** Nesting of a schema's JSON. */
const MAX_SCHEMA_LEVELS = 256;
/** Strangers' bytes choose the ids, so what is remembered about unknown ones is bounded. */
const MAX_MISSES = 10_000;
/** With their compiled readers some 50 kB each. Topics have a few; a producer that registers one per message has no end. */
const MAX_KNOWN = 1_000;
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

export function createSchemaRegistry(options: RegistryOptions, deps: RegistryDeps): SchemaRegistry {
  const base = options.url.replace(/\/+$/, '');
  const refused = literalFault(new URL(options.url).hostname);
  const agent = new Agent({
    connect: { timeout: options.timeoutMs, lookup: guardedLookup(deps.lookup) },
    connections: 4,
  });
  const headers = { accept: `${MEDIA_TYPE}, application/json`, ...authorization(options, deps.secret) };
  const known = new Map<string, SchemaLookup>();
  const misses = new Map<string, number>();
  const pending = new Map<string, Promise<SchemaLookup>>();

  /** Null = the registry has no such thing. */
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer | null> => {
    if (refused !== null) throw unavailable(`the schema registry is at ${refused}`);
    let status: number;
    let text: string;
    try {
      const url = new URL(`${base}${path}`);
      const response = await request.call(agent, {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': MEDIA_TYPE },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      status = response.statusCode;
      text = await readText(response.body);
    } catch (cause) {
      throw unavailable(`no answer from the schema registry to ${method} ${path}`, cause);
    }
    const answer = parseAnswer(text);
    if (status === 200 && answer !== null) return answer;
    // A proxy's 404 page is an outage; the registry's own carries an error code.
    if (status === 404 && typeof answer?.error_code === 'number') return null;
    throw unavailable(`the schema registry answered ${status} to ${method} ${path}`);
  };

  const fetchSchema = async (path: string): Promise<SchemaLookup> => {
    const answer = await call('GET', path);
    return answer === null ? err('unknown_schema') : readSchema(answer);
  };

  const readSchema = async (answer: Answer): Promise<SchemaLookup> => {
    const format = formatOf(answer.schemaType);
    if (format === null) return err('unreadable');
    if (format !== 'avro') return ok({ format, avro: null });
    const named = new Map<string, unknown>();
    const own = await collect(answer, named, 0);
    return own === null ? err('unreadable') : ok({ format, avro: inlineReferences(own, named) });
  };

  /** The schema of an answer, after those it refers to were put into `named`; null when it is none. */
  const collect = async (answer: Answer, named: Map<string, unknown>, depth: number): Promise<unknown> => {
    const own = schemaOf(answer);
    const references = referencesOf(answer);
    if (own === null || depth > MAX_REFERENCE_DEPTH || named.size + references.length > MAX_REFERENCES) return null;
    for (const { subject, version } of references) {
      const referenced = await call('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`);
      const definition = referenced === null ? null : await collect(referenced, named, depth + 1);
      if (definition === null) return null;
      named.set(fullNameOf(definition), definition);
    }
    return own;
  };

  const lookup = (path: string): SchemaLookup | Promise<SchemaLookup> => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const missedUntil = misses.get(path);
    if (missedUntil !== undefined && deps.monotonicMs() < missedUntil) return err('unknown_schema');
    const running = pending.get(path);
    if (running !== undefined) return running;
    const started = fetchSchema(path)
      .then((result) => {
        if (result.ok || result.error === 'unreadable') rememberLatest(known, path, result, MAX_KNOWN);
        else rememberMiss(path);
        return result;
      })
      .finally(() => pending.delete(path));
    pending.set(path, started);
    return started;
  };

  const rememberMiss = (path: string): void =>
    rememberLatest(misses, path, deps.monotonicMs() + options.missTtlMs, MAX_MISSES);

  return {
    byId: (id) => lookup(`/schemas/ids/${id}`),
    byGuid: (guid) => lookup(`/schemas/guids/${encodeURIComponent(guid)}`),
    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await call('POST', path, { schema: JSON.stringify(schema), schemaType: 'AVRO' });
      if (typeof answer?.id !== 'number') throw unavailable(`the schema registry gave no id to POST ${path}`);
      return answer.id;
    },
    close: () => agent.destroy(),
  };
}

/** Of more than `most` the one that came first goes. */
function rememberLatest<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

type Answer = Readonly<Record<string, unknown>>;

interface Reference {
  readonly subject: string;
  readonly version: number;
}

function authorization(
  { usernameEnv, passwordEnv, tokenEnv }: RegistryOptions,
  secret: (variable: string) => string,
): Readonly<Record<string, string>> {
  if (tokenEnv !== undefined) return { authorization: `Bearer ${secret(tokenEnv)}` };
  if (usernameEnv === undefined || passwordEnv === undefined) return {};
  const pair = Buffer.from(`${secret(usernameEnv)}:${secret(passwordEnv)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`wanted at most ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseAnswer(text: string): Answer | null {
  const value = parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : null;
}

/** Null when there is none; text so deep that walking it would overflow is none. */
function schemaOf({ schema }: Answer): unknown {
  if (typeof schema !== 'string' || nestsDeeperThan(schema, MAX_SCHEMA_LEVELS)) return null;
  return parse(schema) ?? null;
}

/** Undefined when it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function formatOf(schemaType: unknown): RegisteredSchema['format'] | null {
  if (schemaType === undefined || schemaType === null || schemaType === 'AVRO') return 'avro';
  if (schemaType === 'JSON') return 'json';
  return schemaType === 'PROTOBUF' ? 'protobuf' : null;
}

function referencesOf(answer: Answer): readonly Reference[] {
  if (!Array.isArray(answer.references)) return [];
  return answer.references.flatMap((reference: unknown) => {
    if (typeof reference !== 'object' || reference === null) return [];
    const { subject, version } = reference as Readonly<Record<string, unknown>>;
    return typeof subject === 'string' && typeof version === 'number' ? [{ subject, version }] : [];
  });
}

function unavailable(message: string, cause?: unknown): MonitorError {
  return new MonitorError('SCHEMA_REGISTRY_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}
