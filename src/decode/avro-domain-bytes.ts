import type { Result } from '../domain/result';
import {
  type Cursor,
  createCursor,
  fail,
  readBoolean,
  readCount,
  readFinite,
  readInt,
  readInteger,
  readJsonText,
  readOffset,
  readRepeated,
  readText,
  readWhole,
} from './avro-cursor';
import type { AvroType } from './avro-type';
import { isPrototypeKey } from './json-safety';
import { camelCase } from './shape-fault';
import type { ReadHooks } from './shape-reader';
import { createTextCache } from './text-cache';

/**
 * Reads bytes written with our own newest schema straight to the domain value in one pass (a second pass over the fields
 * would cost as much as the decoding): camelCase names, our logical types and hooks applied, finite numbers only, all
 * bounds of `compileBytesReader`. `repeats`: most short texts come again and again, as names do; see `TextCache`. Its
 * errors lack the path; `compileBytesReader` and the shape reader find that out for the few records that need it.
 *
 * The reader is source text made from the schema, one function a record, list and map: the engine then knows each
 * field's reader and each object's shape, which reads a ledger record three times as fast as functions that call
 * functions. Only for our own schemas, whose names we wrote; those of strangers never get here.
 */
export function compileDomainBytesReader<T>(
  type: AvroType,
  hooks: ReadHooks,
  { repeats = false }: { readonly repeats?: boolean } = {},
): (bytes: Buffer) => Result<T, string> {
  const program: Program = { functions: [], symbols: [], hooks: [], known: hooks, repeats };
  const whole = expressionOf(type, program);
  const source = `'use strict';
const { ${Object.keys(READS).join(', ')} } = reads;
${program.functions.join('\n')}
return (cursor) => ${whole};`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const link = new Function('reads', 'symbols', 'hooks', 'texts', source) as (
    reads: typeof READS,
    symbols: Program['symbols'],
    hooks: Program['hooks'],
    texts: ReturnType<typeof createTextCache> | null,
  ) => (cursor: Cursor) => T;
  const read = link(READS, program.symbols, program.hooks, repeats ? createTextCache() : null);
  const cursor = createCursor();
  return (bytes) => readWhole(cursor, bytes, read);
}

/** What has been written of the source, and what it refers to by number. */
interface Program {
  readonly functions: string[];
  readonly symbols: (readonly string[])[];
  readonly hooks: ReadHooks[string][];
  readonly known: ReadHooks;
  readonly repeats: boolean;
}

/** An expression that reads one value at `cursor`. */
function expressionOf(type: AvroType, program: Program): string {
  switch (type.kind) {
    case 'primitive':
      return primitiveOf(type, program);
    case 'enum':
      return `readSymbol(cursor, symbols[${program.symbols.push(type.symbols) - 1}])`;
    case 'union': {
      const [first, second] = type.branches;
      const isOptional = type.branches.length === 2 && first?.kind === 'primitive' && first.primitive === 'null';
      if (!isOptional || second === undefined) throw new Error('our schemas use unions of null and one type only');
      return `(isPresent(cursor) ? ${expressionOf(second, program)} : null)`;
    }
    case 'array':
      return addFunction(program, `const out = []; ${blocksOf(`out.push(${expressionOf(type.items, program)});`)}`);
    case 'map':
      return addFunction(
        program,
        `const out = Object.create(null); ${blocksOf(`const key = readKey(${textOf(program)}); out[key] = ${expressionOf(type.values, program)};`)}`,
      );
    case 'record': {
      const fields = type.fields.map(({ name, type: own }) => `${fieldName(name)}: ${expressionOf(own, program)}`);
      const hook = Object.hasOwn(program.known, type.name) ? program.known[type.name] : undefined;
      const record = `{ ${fields.join(', ')} }`;
      const finished = hook === undefined ? record : `hooks[${program.hooks.push(hook) - 1}](${record})`;
      return addFunction(program, `const out = ${finished};`);
    }
    case 'fixed':
      throw new Error('no record of ours uses fixed');
  }
}

/** `body` makes `out`. Returns the call. */
function addFunction({ functions }: Program, body: string): string {
  const name = `read${functions.length}`;
  functions.push(`function ${name}(cursor) { ${body} return out; }`);
  return `${name}(cursor)`;
}

function blocksOf(item: string): string {
  return `for (let left = readCount(cursor); left > 0; left = readCount(cursor)) while (left-- > 0) { ${item} }`;
}

function fieldName(name: string): string {
  const key = camelCase(name);
  if (!/^[a-z][A-Za-z0-9]*$/.test(key)) throw new Error('a field name that is none of ours');
  return key;
}

function primitiveOf({ primitive, logical }: AvroType & { kind: 'primitive' }, program: Program): string {
  if (logical === 'offset') return 'readOffset(cursor)';
  if (logical === 'json') return 'readJsonText(cursor)';
  switch (primitive) {
    case 'null':
      return 'null';
    case 'boolean':
      return 'readBoolean(cursor)';
    case 'int':
      return 'readInt(cursor)';
    case 'long':
      return 'readInteger(cursor)';
    case 'double':
      return 'readFinite(cursor)';
    case 'string':
      return textOf(program);
    case 'float':
    case 'bytes':
      throw new Error(`no record of ours uses ${primitive}`);
  }
}

function textOf({ repeats }: Program): string {
  return repeats ? 'readRepeated(cursor, texts)' : 'readText(cursor)';
}

function readSymbol(cursor: Cursor, symbols: readonly string[]): string {
  return symbols[readInteger(cursor)] ?? fail('a symbol out of range');
}

function isPresent(cursor: Cursor): boolean {
  const branch = readInteger(cursor);
  return branch === 1 || (branch === 0 ? false : fail('a union branch out of range'));
}

function readKey(key: string): string {
  return isPrototypeKey(key) ? fail('a prototype key') : key;
}

/** What the source calls by name. */
const READS = {
  isPresent,
  readBoolean,
  readCount,
  readFinite,
  readInt,
  readInteger,
  readJsonText,
  readKey,
  readOffset,
  readRepeated,
  readSymbol,
  readText,
};
