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
  readRepeatedList,
  readText,
  readWhole,
  skipText,
} from './avro-cursor';
import type { AvroType } from './avro-type';
import { isPrototypeKey } from './json-safety';
import { createKnownValues, type KnownValues } from './known-values';
import { camelCase } from './shape-fault';
import type { ReadHooks } from './shape-reader';

/**
 * Reads bytes written with our own newest schema straight to the domain value in one pass (a second pass over the fields
 * would cost as much as the decoding): camelCase names, our logical types and hooks applied, finite numbers only, all
 * bounds of `compileBytesReader`. Its errors lack the path; `compileBytesReader` and the shape reader find that out for
 * the few records that need it. `repeats`: most short texts, and lists of nothing but names, come again and again; they
 * are found again by their bytes, and shared by the records that have them.
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
  const program: Program = { functions: [], symbols: [], hooks: [], lists: [], known: hooks, repeats };
  const whole = expressionOf(type, program);
  const source = `'use strict';
const { ${Object.keys(READS).join(', ')} } = reads;
${program.functions.join('\n')}
return (cursor) => ${whole};`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const link = new Function('reads', 'symbols', 'hooks', 'texts', 'lists', source) as (
    reads: typeof READS,
    symbols: Program['symbols'],
    hooks: Program['hooks'],
    texts: KnownValues<string>,
    lists: Program['lists'],
  ) => (cursor: Cursor) => T;
  const read = link(
    READS,
    program.symbols,
    program.hooks,
    createKnownValues(repeats ? TEXTS : 1, LONGEST_TEXT),
    program.lists,
  );
  const cursor = createCursor();
  return (bytes) => readWhole(cursor, bytes, read);
}

/** What has been written of the source, and what it refers to by number. */
interface Program {
  readonly functions: string[];
  readonly symbols: (readonly string[])[];
  readonly hooks: ReadHooks[string][];
  /** Lists and maps that were read before, by their type. */
  readonly lists: KnownValues<unknown>[];
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
      return listOf(
        program,
        `const out = []; ${blocksOf(`out.push(${expressionOf(type.items, program)});`)} return out;`,
        skipOf(type.items),
      );
    case 'map': {
      const skip = skipOf(type.values);
      return listOf(
        program,
        `const out = Object.create(null); ${blocksOf(`const key = readKey(${textOf(program)}); out[key] = ${expressionOf(type.values, program)};`)} return out;`,
        skip === null ? null : `skipText(cursor); ${skip}`,
      );
    }
    case 'record': {
      const fields = type.fields.map(({ name, type: own }) => `${fieldName(name)}: ${expressionOf(own, program)}`);
      const hook = Object.hasOwn(program.known, type.name) ? program.known[type.name] : undefined;
      const record = `{ ${fields.join(', ')} }`;
      const finished = hook === undefined ? record : `hooks[${program.hooks.push(hook) - 1}](${record})`;
      return `${addFunction(program, `return ${finished};`)}(cursor)`;
    }
    case 'fixed':
      throw new Error('no record of ours uses fixed');
  }
}

/** Statements that pass over a value of texts and symbols only; null for other values. */
function skipOf(type: AvroType): string | null {
  if (type.kind === 'enum') return 'readInteger(cursor);';
  if (type.kind === 'primitive')
    return type.primitive === 'string' && type.logical === null ? 'skipText(cursor);' : null;
  if (type.kind !== 'record') return null;
  const fields = type.fields.map((field) => skipOf(field.type));
  return fields.includes(null) ? null : fields.join(' ');
}

/** `skip`: how to pass over an item; null where lists hardly come twice. */
function listOf(program: Program, body: string, skip: string | null): string {
  const read = addFunction(program, body);
  if (!program.repeats || skip === null) return `${read}(cursor)`;
  const pass = addFunction(program, blocksOf(skip));
  const number = program.lists.push(createKnownValues(LISTS, LONGEST_LIST)) - 1;
  return `readRepeatedList(cursor, lists[${number}], ${pass}, ${read})`;
}

const TEXTS = 4096;
const LONGEST_TEXT = 40;
/** Half a megabyte for each type of list. */
const LISTS = 1024;
const LONGEST_LIST = 512;

/** Returns its name. */
function addFunction({ functions }: Program, body: string): string {
  const name = `read${functions.length}`;
  functions.push(`function ${name}(cursor) { ${body} }`);
  return name;
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
  readRepeatedList,
  readSymbol,
  readText,
  skipText,
};
