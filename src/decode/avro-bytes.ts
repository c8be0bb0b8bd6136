import { err, type Result } from '../domain/result';
import {
  type Cursor,
  createCursor,
  fail,
  readBoolean,
  readBytes,
  readCount,
  readDouble,
  readFloat,
  readInt,
  readInteger,
  readLong,
  readText,
  readWhole,
} from './avro-cursor';
import type { AvroRecord, AvroType } from './avro-type';
import { isPrototypeKey } from './json-safety';
import { MAX_ITEMS } from './shape-reader';

/**
 * Reads Avro bytes as they were written, without trusting them: every length and count is held against the bytes that
 * are left before anything is allocated, lists and maps stay below 50,000 items, map keys must be harmless, nothing may
 * trail. Values come under the schema's names; unions unwrapped; longs beyond 2^53 as bigint; `bytes` as Buffer; maps
 * without a prototype. The error says what was wrong and at which byte.
 */
export function compileBytesReader(type: AvroType): (bytes: Buffer) => Result<unknown, string> {
  const read = compile(type);
  const cursor = createCursor();
  return (bytes) => readWhole(cursor, bytes, read);
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
  const read = compile(type);
  const own = createCursor();
  return (bytes, count) => {
    // A record may take no bytes; a block of millions of such is a bomb.
    if (count < 0 || count > Math.max(1, bytes.length)) return err('a block with more records than bytes');
    return readWhole(own, bytes, (cursor) => {
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

type Read = (cursor: Cursor) => unknown;

function compile(type: AvroType): Read {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.primitive];
    case 'enum':
      return (cursor) => type.symbols[readInteger(cursor)] ?? fail('a symbol out of range');
    case 'fixed':
      return (cursor) => readBytes(cursor, type.sizeBytes);
    case 'array':
      return compileArray(compile(type.items));
    case 'map':
      return compileMap(compile(type.values));
    case 'union': {
      const branches = type.branches.map(compile);
      return (cursor) => {
        const branch = branches[readInteger(cursor)];
        return branch === undefined ? fail('a union branch out of range') : branch(cursor);
      };
    }
    case 'record':
      return compileRecord(type);
  }
}

function compileRecord({ fields }: AvroRecord): Read {
  const steps = fields.map(({ name, type }) => ({ name, read: compile(type) }));
  // Copying one finished object keeps the shape of all records equal, and costs less than growing one field by field.
  const blank = Object.fromEntries(steps.map(({ name }): [string, unknown] => [name, null]));
  return (cursor) => {
    const out = { ...blank };
    for (const { name, read } of steps) out[name] = read(cursor);
    return out;
  };
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

function compileMap(read: Read): Read {
  return (cursor) => {
    const out = Object.create(null) as Record<string, unknown>;
    for (let left = readCount(cursor); left > 0; left = readCount(cursor)) {
      while (left-- > 0) {
        const key = readText(cursor);
        if (isPrototypeKey(key)) fail('a prototype key');
        out[key] = read(cursor);
      }
    }
    return out;
  };
}

const PRIMITIVES: Readonly<Record<(AvroType & { kind: 'primitive' })['primitive'], Read>> = {
  null: () => null,
  boolean: readBoolean,
  int: readInt,
  long: readLong,
  float: readFloat,
  double: readDouble,
  bytes: (cursor) => readBytes(cursor, readInteger(cursor)),
  string: readText,
};
