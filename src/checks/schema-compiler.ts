import type { Ajv, ValidateFunction } from 'ajv';
import { refusalOf, type SchemaRefusal } from './schema-cost';
import type * as SchemaEngine from './schema-engine';

/** A schema ready to validate, or why it is not. */
export type CompiledSchema =
  | { readonly ok: true; readonly validate: ValidateFunction }
  | { readonly ok: false; readonly reason: SchemaRefusal | 'invalid_schema' };

/** One compilation takes milliseconds, so schemas are kept; products have a few dozen. */
const MOST_SCHEMAS = 64;
const LONGEST_SCHEMA = 64 * 1024;

/**
 * Compiles JSON Schemas (draft 2020-12; draft-07 when `$schema` says so) that came with records. Patterns run in a
 * linear-time engine, references stay inside the document. Keeps the 64 last used, by their text.
 */
export function createSchemaCompiler(): (schema: unknown) => CompiledSchema {
  const kept = new Map<string, CompiledSchema>();
  const shared: Compilers = { current: renewing(newCurrent), draft7: renewing(newDraft7) };
  return (schema) => {
    const text = textOf(schema);
    if (text === null) return { ok: false, reason: 'too_deep' };
    if (text.length > LONGEST_SCHEMA) return { ok: false, reason: 'too_large' };
    const known = kept.get(text);
    if (known !== undefined) kept.delete(text);
    const compiled = known ?? compile(schema, NAMED_PART.test(text) ? FRESH : shared);
    kept.set(text, compiled);
    if (kept.size > MOST_SCHEMAS) kept.delete(kept.keys().next().value ?? '');
    return compiled;
  };
}

/** Null for what nests so deep that even writing it overflows. */
function textOf(schema: unknown): string | null {
  try {
    const text: string | undefined = JSON.stringify(schema);
    return text ?? '';
  } catch {
    return null;
  }
}

interface Compilers {
  readonly current: () => Ajv;
  readonly draft7: () => Ajv;
}

/** Loaded with the first schema: it takes megabytes and a tenth of a second, and most products send none. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a check is synchronous, so is what it loads
const engine = (): typeof SchemaEngine => require('./schema-engine') as typeof SchemaEngine;
const newCurrent = (): Ajv => engine().newCurrent();
const newDraft7 = (): Ajv => engine().newDraft7();

/** Names of parts stay known to a compiler, and would meet those of the next schema; a new one costs ten milliseconds. */
const NAMED_PART = /"(?:\$id|\$anchor|\$dynamicAnchor|\$recursiveAnchor)"/;
const FRESH: Compilers = { current: newCurrent, draft7: newDraft7 };

/** A compiler remembers parts of every schema it has seen, so memory is bounded only by starting anew now and then. */
const MOST_USES = 200;

function renewing(create: () => Ajv): () => Ajv {
  let ajv: Ajv | null = null;
  let uses = 0;
  return () => {
    if (ajv === null || uses++ >= MOST_USES) {
      ajv = create();
      uses = 0;
    }
    return ajv;
  };
}

function compile(schema: unknown, compilers: Compilers): CompiledSchema {
  const refusal = refusalOf(schema);
  if (refusal !== null) return { ok: false, reason: refusal };
  if (typeof schema === 'boolean') return compileWith(compilers.current(), schema);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    return { ok: false, reason: 'invalid_schema' };
  const { $schema, ...body } = schema as Record<string, unknown>;
  // An asynchronous schema would answer with a promise.
  if (body.$async !== undefined) return { ok: false, reason: 'invalid_schema' };
  const old = typeof $schema === 'string' && /draft-0[4-7]/.test($schema);
  return compileWith(old ? compilers.draft7() : compilers.current(), body);
}

function compileWith(ajv: Ajv, schema: boolean | Record<string, unknown>): CompiledSchema {
  try {
    const validate = ajv.compile(schema);
    if (typeof schema !== 'boolean') ajv.removeSchema(schema);
    return { ok: true, validate };
  } catch {
    return { ok: false, reason: 'invalid_schema' };
  }
}
