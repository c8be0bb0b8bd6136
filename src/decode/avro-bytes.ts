import type { AvroRecord, AvroType } from './avro-type';
import { err, ok, type Result } from '../domain/result';
import { isPrototypeKey, parseSafeJson } from './json-safety';
import { MAX_ITEMS, type ReadHooks } from './shape-reader';
import { camelCase } from './shape-fault';

/**
 * Reads Avro bytes as they were written, without trusting them: every length and count is held against the bytes that
 * are left before anything is allocated, lists and maps stay below 50,000 items, map keys must be harmless, nothing may
 * trail. Values come under the schema's names; unions unwrapped; longs beyond 2^53 as bigint; `bytes` as Buffer; maps
 * without a prototype. The error says what was wrong and at which byte.
 */
export function compileBytesReader(type: AvroType): (bytes: Buffer) => Result<unknown, string> {
  return compileWhole<unknown>(type, FOREIGN);
}

/**
 * The same for bytes written with our own newest schema, straight to the domain value in one pass (a second pass over
 * the fields would cost as much as the decoding). `repeats`: most short texts come again and again, as names do; they are
 * then kept, at most 4,096 of up to 40 characters, and found again by their bytes. Its errors lack the path; `compileBytesReader` and the shape reader
 * find that out for the few records that need it.
 */
export function compileDomainBytesReader<T>(
  type: AvroType,
  hooks: ReadHooks,
  { repeats = false }: { readonly repeats?: boolean } = {},
): (bytes: Buffer) => Result<T, string> {
  return compileWhole<T>(type, { domain: true, hooks, texts: repeats ? createTextCache() : null });
}

export interface SizedValue {
  readonly value: unknown;
  /** Bytes it took. */
  readonly sizeBytes: number;
}

/** Reads `count` records that follow each other and fill the bytes. */
export type BytesSequenceReader = (bytes: Buffer, count: number) => Result<readonly SizedValue[], string>;

/** For container files, whose blocks hold many records; the bound on items holds for each of them. */
export function compileSequenceReader(type: AvroType): BytesSequenceReader {
  const read = compile(type, FOREIGN);
  return (bytes, count) => {
    // A record may take no bytes; a block of millions of such is a bomb.
    if (count < 0 || count > Math.max(1, bytes.length)) return err('a block with more records than bytes');
    return guarded(bytes, (cursor) => {
      const records: SizedValue[] = [];
      for (let left = count; left > 0; left--) {
        cursor.itemsLeft = MAX_ITEMS;
        const from = cursor.at;
        const value = read(cursor);
        records.push({ value, sizeBytes: cursor.at - from });
      }
      return records;
    });
  };
}

interface Style {
  /** True: camelCase names, our logical types and hooks applied, finite numbers only. */
  readonly domain: boolean;
  readonly hooks: ReadHooks;
  /** Texts seen before; null = each is made anew. */
  readonly texts: TextCache | null;
}

const FOREIGN: Style = { domain: false, hooks: {}, texts: null };

interface Cursor {
  bytes: Buffer;
  at: number;
  /** Items of lists and maps that this record may still have. */
  itemsLeft: number;
}

type Read = (cursor: Cursor) => unknown;

/** Never leaves this file. Thrown, because the sound record must not pay for checks between all steps. */
class BytesFault extends Error {}

function compileWhole<T>(type: AvroType, style: Style): (bytes: Buffer) => Result<T, string> {
  const read = compile(type, style);
  return (bytes) => guarded(bytes, (cursor) => read(cursor) as T);
}

function guarded<T>(bytes: Buffer, read: (cursor: Cursor) => T): Result<T, string> {
  const cursor: Cursor = { bytes, at: 0, itemsLeft: MAX_ITEMS };
  try {
    const value = read(cursor);
    if (cursor.at !== bytes.length) return err(`wanted ${cursor.at} bytes, saw ${bytes.length}`);
    return ok(value);
  } catch (failure) {
    if (failure instanceof BytesFault) return err(`${failure.message} at byte ${cursor.at}`);
    throw failure;
  }
}

function compile(type: AvroType, style: Style): Read {
  switch (type.kind) {
    case 'primitive':
      return (style.domain ? logicalReader(type.logical) : null) ?? PRIMITIVES[type.primitive](style);
    case 'enum':
      return (cursor) => type.symbols[readInteger(cursor)] ?? fail('a symbol out of range');
    case 'fixed':
      return (cursor) => readBytes(cursor, type.sizeBytes);
    case 'array':
      return compileArray(compile(type.items, style));
    case 'map':
      return compileMap(compile(type.values, style), style);
    case 'union': {
      const branches = type.branches.map((branch) => compile(branch, style));
      return (cursor) => {
        const branch = branches[readInteger(cursor)];
        return branch === undefined ? fail('a union branch out of range') : branch(cursor);
      };
    }
    case 'record':
      return compileRecord(type, style);
  }
}

function compileRecord({ name, fields }: AvroRecord, style: Style): Read {
  const steps = fields.map((field) => ({
    key: style.domain ? camelCase(field.name) : field.name,
    read: compile(field.type, style),
  }));
  const finish = style.domain && Object.hasOwn(style.hooks, name) ? style.hooks[name] : undefined;
  if (style.domain && finish === undefined) return compileLiteral(steps);
  // Copying one finished object keeps the shape of all records equal, and costs less than growing one field by field.
  const blank = Object.fromEntries(steps.map(({ key }): [string, unknown] => [key, null]));
  return (cursor) => {
    const out = { ...blank };
    for (const { key, read } of steps) out[key] = read(cursor);
    return finish === undefined ? out : finish(out);
  };
}

/**
 * `(cursor) => ({ kind: r0(cursor), source: r1(cursor), … })` as source text: the engine then knows each field's reader
 * and the object's shape, which makes a ledger record three times as fast to read. Only for our own schemas, whose field
 * names we wrote; those of strangers never get here.
 */
function compileLiteral(steps: readonly { readonly key: string; readonly read: Read }[]): Read {
  if (!steps.every(({ key }) => /^[a-z][A-Za-z0-9]*$/.test(key))) throw new Error('a field name that is none of ours');
  const fields = steps.map(({ key }, i) => `${key}: r${i}(cursor)`).join(', ');
  const parameters = steps.map((_, i) => `r${i}`);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...parameters, `return (cursor) => ({ ${fields} });`) as (...reads: Read[]) => Read;
  return make(...steps.map(({ read }) => read));
}

function compileArray(read: Read): Read {
  return (cursor) => {
    const out: unknown[] = [];
    for (let left = readCount(cursor); left > 0; left = readCount(cursor)) {
      while (left-- > 0) out.push(read(cursor));
    }
    return out;
  };
}

function compileMap(read: Read, { texts }: Style): Read {
  return (cursor) => {
    const out = Object.create(null) as Record<string, unknown>;
    for (let left = readCount(cursor); left > 0; left = readCount(cursor)) {
      while (left-- > 0) {
        const key = texts === null ? readString(cursor) : readKnownText(cursor, texts);
        if (isPrototypeKey(key)) fail('a prototype key');
        out[key] = read(cursor);
      }
    }
    return out;
  };
}

/** Items of the next block; 0 ends the list. Each item takes at least a byte, so more items than bytes is a lie. */
function readCount(cursor: Cursor): number {
  let count = readInteger(cursor);
  if (count < 0) {
    count = -count;
    readInteger(cursor);
  }
  if (count > cursor.bytes.length - cursor.at) fail('a list longer than the record');
  cursor.itemsLeft -= count;
  if (cursor.itemsLeft < 0) fail(`more than ${MAX_ITEMS} items`);
  return count;
}

const PRIMITIVES: Readonly<Record<(AvroType & { kind: 'primitive' })['primitive'], (style: Style) => Read>> = {
  null: () => () => null,
  boolean: () => readBoolean,
  int: () => readInt,
  long: ({ domain }) => (domain ? readInteger : readLong),
  float: ({ domain }) => {
    const read = (cursor: Cursor): number => cursor.bytes.readFloatLE(take(cursor, 4));
    return domain ? finite(read) : read;
  },
  double: ({ domain }) => (domain ? finite(readDouble) : readDouble),
  bytes: () => (cursor) => readBytes(cursor, readInteger(cursor)),
  string:
    ({ texts }) =>
    (cursor) =>
      texts === null ? readString(cursor) : readKnownText(cursor, texts),
};

function logicalReader(logical: string | null): Read | null {
  if (logical === 'offset') {
    return (cursor) => {
      const value = readLong(cursor);
      return typeof value === 'bigint' ? value : BigInt(value);
    };
  }
  if (logical === 'json') return readJsonText;
  return null;
}

/** Moves on by `size` bytes, or faults before anything is allocated for them. Returns where they begin. */
function take(cursor: Cursor, size: number): number {
  const from = cursor.at;
  if (size < 0 || size > cursor.bytes.length - from) fail('the end of the record too early');
  cursor.at = from + size;
  return from;
}

/** A zigzag varint within ±2^53; for lengths, counts, indexes, ints and most longs. */
function readInteger(cursor: Cursor): number {
  const { bytes } = cursor;
  const first = bytes[cursor.at];
  if (first !== undefined && first < 0x80) {
    cursor.at++;
    return (first >> 1) ^ -(first & 1);
  }
  const value = readLong(cursor);
  return typeof value === 'number' ? value : fail('a number beyond 2^53');
}

function readJsonText(cursor: Cursor): unknown {
  const parsed = parseSafeJson(readString(cursor));
  return 'value' in parsed ? parsed.value : fail('text that is no safe JSON');
}

function readInt(cursor: Cursor): number {
  const value = readInteger(cursor);
  return (value | 0) === value ? value : fail('an int beyond 32 bits');
}

function readLong(cursor: Cursor): number | bigint {
  const { bytes } = cursor;
  let value = 0;
  let scale = 1;
  // Seven bytes hold 49 bits: exact in a double. Longer ones are rare and go the slow way.
  for (let length = 0; length < 7; length++) {
    const byte = bytes[cursor.at + length];
    if (byte === undefined) fail('the end of the record too early');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      cursor.at += length + 1;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    scale *= 128;
  }
  return readLongLong(cursor);
}

function readLongLong(cursor: Cursor): number | bigint {
  let value = 0n;
  for (let length = 0; length < 10; length++) {
    const byte = cursor.bytes[cursor.at + length];
    if (byte === undefined) fail('the end of the record too early');
    value |= BigInt(byte & 0x7f) << BigInt(7 * length);
    if (byte < 0x80) {
      cursor.at += length + 1;
      const signed = BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
    }
  }
  return fail('a number of more than ten bytes');
}

function readBoolean(cursor: Cursor): boolean {
  const byte = cursor.bytes[take(cursor, 1)];
  return byte === 1 || (byte === 0 ? false : fail('a boolean that is neither 0 nor 1'));
}

function readDouble(cursor: Cursor): number {
  return cursor.bytes.readDoubleLE(take(cursor, 8));
}

function finite(read: (cursor: Cursor) => number): Read {
  return (cursor) => {
    const value = read(cursor);
    return Number.isFinite(value) ? value : fail('a number that is not finite');
  };
}

/** A copy: the record's own memory is a slice of a whole fetch, which a kept slice would keep alive. */
function readBytes(cursor: Cursor, size: number): Buffer {
  const from = take(cursor, size);
  return Buffer.from(cursor.bytes.subarray(from, from + size));
}

function readString(cursor: Cursor): string {
  const size = readInteger(cursor);
  const from = take(cursor, size);
  return size <= SHORT_BYTES ? shortString(cursor.bytes, from, size) : cursor.bytes.toString('utf8', from, from + size);
}

/** Texts by a hash of their bytes; the one that came last keeps the place. */
type TextCache = string[];

const CACHED_TEXTS = 4096;
const LONGEST_CACHED = 40;

function createTextCache(): TextCache {
  return new Array<string>(CACHED_TEXTS).fill('');
}

function readKnownText(cursor: Cursor, texts: TextCache): string {
  const size = readInteger(cursor);
  const from = take(cursor, size);
  const { bytes } = cursor;
  if (size > LONGEST_CACHED || size === 0) return bytes.toString('utf8', from, from + size);
  let hash = size;
  for (let at = from; at < from + size; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  const place = (hash ^ (hash >>> 15)) & (CACHED_TEXTS - 1);
  const known = texts[place]!;
  if (isText(known, bytes, from, size)) return known;
  return (texts[place] = bytes.toString('utf8', from, from + size));
}

/** False for anything but ASCII, which is then read anew each time. */
function isText(text: string, bytes: Buffer, from: number, size: number): boolean {
  if (text.length !== size) return false;
  for (let i = 0; i < size; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

/** Up to here a loop is faster than the call out of JavaScript (18 against 56 ns at 4 bytes, even at 8). */
const SHORT_BYTES = 7;

function shortString(bytes: Buffer, from: number, size: number): string {
  let text = '';
  for (let at = from; at < from + size; at++) {
    const code = bytes[at] ?? 0;
    if (code > 0x7f) return bytes.toString('utf8', from, from + size);
    text += String.fromCharCode(code);
  }
  return text;
}

function fail(what: string): never {
  throw new BytesFault(`saw ${what}`);
}
