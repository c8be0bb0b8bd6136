import type { AvroRecord, AvroType } from './avro-type';
import { camelCase } from './shape-fault';
import type { WriteHooks } from './shape-writer';

/**
 * Compiles a schema of ours into a writer of its Avro bytes, straight from the domain value: no copy of the record in
 * the schema's names is made on the way, which for small records costs as much as the bytes. Throws TypeError for a value
 * that is not of the schema, which is a bug of ours. What is returned is the caller's for good.
 */
export function compileBytesWriter<T>(type: AvroType, hooks: WriteHooks): (value: T) => Buffer {
  const write = compile(type, hooks);
  const sink = new Sink();
  return (value) => {
    sink.start();
    write(value, sink);
    return Buffer.from(sink.bytes.subarray(0, sink.at));
  };
}

type Write = (value: unknown, sink: Sink) => void;

const FIRST_BYTES = 16 * 1024;
/** A record larger than this once is no reason to hold on to so much memory. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Shorter strings are written letter by letter: a call into native code costs more. */
const SHORT = 32;

/** Twice a larger number, and one more, is no number exactly. */
const EXACT_DOUBLED = 2 ** 52;

/** Where one record is written; used for one after the other. */
class Sink {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  at = 0;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  start(): void {
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Zigzag, then seven bits a byte; exact for safe integers. Avro 1.11, "Primitive types, binary encoding". */
  integer(value: number): void {
    this.reserve(10);
    const { bytes } = this;
    if (value > EXACT_DOUBLED || value < -EXACT_DOUBLED) {
      this.bigInteger(BigInt(value));
      return;
    }
    let left = value >= 0 ? value * 2 : value * -2 - 1;
    while (left > 0x7fffffff) {
      bytes[this.at++] = (left % 128) | 128;
      left = Math.floor(left / 128);
    }
    while (left > 127) {
      bytes[this.at++] = (left & 127) | 128;
      left >>>= 7;
    }
    bytes[this.at++] = left;
  }

  private bigInteger(value: bigint): void {
    let left = value >= 0n ? value * 2n : value * -2n - 1n;
    for (; left > 127n; left >>= 7n) this.bytes[this.at++] = Number(left & 127n) | 128;
    this.bytes[this.at++] = Number(left);
  }

  text(value: string): void {
    const { length } = value;
    if (length <= SHORT && this.shortText(value)) return;
    const size = Buffer.byteLength(value);
    this.integer(size);
    this.reserve(size);
    this.at += this.bytes.write(value, this.at, size === length ? 'latin1' : 'utf8');
  }

  /** False, with nothing written, when a character lies beyond ASCII. */
  private shortText(value: string): boolean {
    const { length } = value;
    this.reserve(length + 1);
    const { bytes, at } = this;
    bytes[at] = length * 2;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      bytes[at + 1 + i] = code;
    }
    this.at = at + 1 + length;
    return true;
  }
}

function compile(type: AvroType, hooks: WriteHooks): Write {
  switch (type.kind) {
    case 'primitive':
      return compilePrimitive(type);
    case 'enum': {
      const indexes = new Map(type.symbols.map((symbol, index) => [symbol, index]));
      return (value, sink) => sink.integer(indexes.get(value as string) ?? refuse(type.name, value));
    }
    case 'array': {
      const write = compile(type.items, hooks);
      return (value, sink) => {
        const items = value as readonly unknown[];
        if (!Array.isArray(items)) refuse('array', value);
        if (items.length > 0) {
          sink.integer(items.length);
          for (const item of items) write(item, sink);
        }
        sink.integer(0);
      };
    }
    case 'map': {
      const write = compile(type.values, hooks);
      return (value, sink) => {
        if (typeof value !== 'object' || value === null) refuse('map', value);
        const map = value as Readonly<Record<string, unknown>>;
        const keys = Object.keys(map);
        if (keys.length > 0) {
          sink.integer(keys.length);
          for (const key of keys) {
            sink.text(key);
            write(map[key], sink);
          }
        }
        sink.integer(0);
      };
    }
    case 'union':
      return compileOptional(type.branches, hooks);
    case 'record':
      return compileRecord(type, hooks);
    case 'fixed':
      throw new Error(`no record of ours uses ${type.kind}`);
  }
}

/** Unions of ours hold null and one other type. */
function compileOptional(branches: readonly AvroType[], hooks: WriteHooks): Write {
  const nothing = branches.findIndex((branch) => branch.kind === 'primitive' && branch.primitive === 'null');
  const [some] = branches.filter((_, index) => index !== nothing);
  if (branches.length !== 2 || nothing < 0 || some === undefined) throw new Error('a union of more than null and one');
  const write = compile(some, hooks);
  return (value, sink) => {
    const isNothing = value === null || value === undefined;
    sink.integer(isNothing ? nothing : 1 - nothing);
    if (!isNothing) write(value, sink);
  };
}

function compileRecord({ name, fields }: AvroRecord, hooks: WriteHooks): Write {
  const keys = fields.map((field) => camelCase(field.name));
  const writes = fields.map((field) => compile(field.type, hooks));
  const prepare = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  return (value, sink) => {
    if (typeof value !== 'object' || value === null) refuse(name, value);
    const record = value as Readonly<Record<string, unknown>>;
    const ready = prepare === undefined ? record : prepare(record);
    for (let k = 0; k < writes.length; k++) (writes[k] as Write)(ready[keys[k] as string], sink);
  };
}

function compilePrimitive({ primitive, logical }: AvroType & { kind: 'primitive' }): Write {
  if (logical === 'json') return (value, sink) => sink.text(JSON.stringify(value));
  switch (primitive) {
    case 'null':
      return () => {};
    case 'boolean':
      return (value, sink) => {
        if (typeof value !== 'boolean') refuse('boolean', value);
        sink.reserve(1);
        sink.bytes[sink.at++] = value === true ? 1 : 0;
      };
    case 'int':
    case 'long':
      // Offsets are bigints in the program.
      return (value, sink) => {
        const number = logical === 'offset' ? Number(value) : value;
        sink.integer(Number.isSafeInteger(number) ? (number as number) : refuse(primitive, value));
      };
    case 'double':
      return (value, sink) => {
        sink.reserve(8);
        sink.at = sink.bytes.writeDoubleLE(typeof value === 'number' ? value : refuse(primitive, value), sink.at);
      };
    case 'string':
      return (value, sink) => sink.text(typeof value === 'string' ? value : refuse(primitive, value));
    default:
      throw new Error(`no record of ours uses ${primitive}`);
  }
}

/** Says what kind of value it was, never the value: it may be a user's text. */
function refuse(wanted: string, value: unknown): never {
  throw new TypeError(`wanted ${wanted}, saw ${value === null ? 'null' : typeof value}`);
}
