import Ajv, { type Options, type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { refusalOf, type SchemaRefusal } from './schema-cost';

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
  return (schema) => {
    const text = JSON.stringify(schema) as string | undefined;
    if (text === undefined || text.length > LONGEST_SCHEMA) return { ok: false, reason: 'too_large' };
    const known = kept.get(text);
    if (known !== undefined) kept.delete(text);
    const compiled = known ?? compile(schema);
    kept.set(text, compiled);
    if (kept.size > MOST_SCHEMAS) kept.delete(kept.keys().next().value ?? '');
    return compiled;
  };
}

const OPTIONS: Options = {
  strict: false,
  logger: false,
  // A fresh compiler for each schema, so two with the same `$id` cannot meet and nothing is kept twice.
  addUsedSchema: false,
  validateFormats: true,
  verbose: true,
  code: { regExp: linearRegExp() },
};

function compile(schema: unknown): CompiledSchema {
  const refusal = refusalOf(schema);
  if (refusal !== null) return { ok: false, reason: refusal };
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema))) {
    return { ok: false, reason: 'invalid_schema' };
  }
  if (typeof schema === 'boolean') return compileWith(new Ajv2020(OPTIONS), schema);
  const { $schema, ...body } = schema as Record<string, unknown>;
  // An asynchronous schema would answer with a promise.
  if (body.$async !== undefined) return { ok: false, reason: 'invalid_schema' };
  const old = typeof $schema === 'string' && /draft-0[4-7]/.test($schema);
  return compileWith(old ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS), body);
}

function compileWith(ajv: Ajv, schema: boolean | Record<string, unknown>): CompiledSchema {
  try {
    addFormats(ajv, {
      mode: 'fast',
      formats: ['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid', 'uri'],
    });
    // The built-in keyword compares all pairs: minutes on a long array.
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      validate: (wanted: boolean, items: readonly unknown[]) =>
        !wanted || new Set(items.map((item) => JSON.stringify(item))).size === items.length,
    });
    return { ok: true, validate: ajv.compile(schema) };
  } catch {
    return { ok: false, reason: 'invalid_schema' };
  }
}

function linearRegExp(): NonNullable<NonNullable<Options['code']>['regExp']> {
  const engine = (pattern: string): { test: (text: string) => boolean } => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.matcher(text).find() };
  };
  // Ajv asks for the source of the engine, which only standalone code would use.
  return Object.assign(engine, { code: 'undefined' });
}
