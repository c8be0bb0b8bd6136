import { FAULT, type FaultTrace } from './fault-trace';
import { parseSafeJson } from './json-safety';
import type { Conversion } from './options';
import { typeName } from './shape-fault';

/** Converts a value that is neither null nor absent; FAULT, with the trace told why, when it cannot. */
export type Convert = (value: unknown, trace: FaultTrace) => unknown;

/** What a mapping's `as` means. Nothing is guessed: a conversion either says exactly one thing or faults. */
export const CONVERT: Readonly<Record<Conversion, Convert>> = {
  string: (value, trace) => {
    switch (typeof value) {
      case 'string':
        return value;
      case 'number':
      case 'boolean':
      case 'bigint':
        return String(value);
      default:
        return trace.fail('string', typeName(value));
    }
  },
  number: toNumber,
  boolean: (value, trace) => {
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 1) return true;
    return value === 'false' || value === 0 ? false : trace.fail('boolean', typeName(value));
  },
  epoch_s: epoch((value) => value * 1000),
  epoch_ms: epoch((value) => value),
  epoch_us: epoch((value) => value / 1000),
  epoch_ns: epoch((value) => value / 1_000_000),
  iso8601: (value, trace) => {
    if (typeof value !== 'string') return trace.fail('an ISO 8601 time', typeName(value));
    const found = ISO_TIME.exec(value);
    // Without a zone JavaScript would take the machine's: the same record, another time.
    const time =
      found === null ? Number.NaN : Date.parse(`${value.replace(' ', 'T')}${found[1] === undefined ? 'Z' : ''}`);
    return Number.isNaN(time) ? trace.fail('an ISO 8601 time', 'another string', 'value') : time;
  },
  json: (value, trace) => {
    if (typeof value !== 'string') return value;
    const parsed = parseSafeJson(value);
    return 'value' in parsed ? parsed.value : trace.fail('JSON text', 'other text', 'value');
  },
  lines: (value, trace) => {
    if (typeof value === 'string') return value;
    if (!Array.isArray(value) || !value.every((line) => typeof line === 'string')) {
      return trace.fail('string or list of string', typeName(value));
    }
    return value.join('\n');
  },
  text: toText,
};

const ISO_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/;
const NUMBER = /^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/;

function toNumber(value: unknown, trace: FaultTrace): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && NUMBER.test(value)) return Number(value);
  if (typeof value !== 'number') return trace.fail('number', typeName(value));
  return Number.isFinite(value) ? value : trace.fail('finite number', typeName(value), 'value');
}

function epoch(toMs: (value: number) => number): Convert {
  return (value, trace) => {
    const number = toNumber(value, trace);
    return typeof number === 'number' ? Math.round(toMs(number)) : FAULT;
  };
}

/**
 * The text of a message's content: a string, or a list of parts as the chat APIs have them (`[{ type: 'text', text }]`;
 * `content` in OpenTelemetry's). A part without text leaves its type as a marker, `[image_url]`, so that a judge knows
 * that something is not shown.
 */
function toText(value: unknown, trace: FaultTrace): unknown {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return trace.fail('string or list of parts', typeName(value));
  const parts: readonly unknown[] = value;
  const texts: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const text = partText(parts[index]);
    if (text === null)
      return (trace.fail('a part with text or a type', typeName(parts[index])), trace.within(`[${index}]`));
    texts.push(text);
  }
  return texts.join('\n');
}

function partText(part: unknown): string | null {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null) return null;
  const { text, content, type } = part as Readonly<Record<string, unknown>>;
  if (typeof text === 'string') return text;
  if (typeof content === 'string') return content;
  return typeof type === 'string' && /^[a-z_]{1,32}$/.test(type) ? `[${type}]` : null;
}
