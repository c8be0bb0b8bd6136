import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { createDecoder } from '../../src/decode/decoder';
import { decodeOptions } from '../../src/decode/options';
import type { Decoder } from '../../src/decode/port';
import { DEAD_LETTER_REASONS } from '../../src/domain/accounting';
import { criterionOptions } from '../../src/judge/options';
import { createReplyFormat } from '../../src/judge/reply';
import { buildInteraction } from '../../test/support/builders/interaction';
import { type SeededRandom, seededRandom } from '../../test/support/builders/random';
import { cpuMicros } from '../bench/measure';

export interface FuzzResult {
  readonly inputs: number;
  /** Inputs that were read as sound: a fuzz that never meets any tests little. */
  readonly sound: number;
  readonly crashes: number;
  /** The slowest input, the best of a few runs, CPU ms. */
  readonly maxMs: number;
  /** Growth of the heap from a tenth of the way to the end, after collection, MB. */
  readonly grownMb: number;
}

/** What meant something to one of the formats: ends of lists, braces, quotes, long numbers, framings. */
const MEANINGFUL = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0xc3, 0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c, 0x2c, 0x3a];
/** Slower than this at first, an input is run again: on a busy machine any run can be disturbed. */
const SUSPICIOUS_MS = 5;

/** Reads `count` inputs made by `make`; `read` says whether the input was sound, and throws for an answer that is none. */
function fuzz<I>(count: number, make: () => I, read: (input: I) => boolean): FuzzResult {
  let [sound, crashes, maxMs, heapAt] = [0, 0, 0, 0];
  const once = (input: I): number => {
    const started = performance.now();
    try {
      if (read(input)) sound += 1;
    } catch {
      crashes += 1;
    }
    return performance.now() - started;
  };
  for (let n = 0; n < count; n++) {
    if (n === Math.floor(count / 10)) heapAt = heapMb();
    const input = make();
    let ms = once(input);
    if (ms > Math.max(SUSPICIOUS_MS, maxMs)) {
      for (let k = 0; k < 3; k++) ms = Math.min(ms, cpuMicros(() => quietly(() => read(input))) / 1000);
    }
    if (ms > maxMs) maxMs = ms;
  }
  return { inputs: count, sound, crashes, maxMs, grownMb: Math.max(0, heapMb() - heapAt) };
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // Counted at the first run.
  }
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const codec = createRecordCodec('interaction');

function decoderUnderTest(): Decoder {
  return createDecoder(decodeOptions.parse({}), {
    registry: {
      byId: (id) =>
        id === 7
          ? { ok: true, value: { format: 'avro', avro: codec.schemaJson() } }
          : { ok: false, error: 'unknown_schema' },
      byGuid: () => ({ ok: false, error: 'unknown_schema' }),
      register: () => Promise.resolve(1),
      close: () => Promise.resolve(),
    },
    topics: { interactions: 't', behaviour: null },
    readSchemaFile: () => '',
  });
}

const example = buildInteraction({
  facts: { a: [1, { b: null }] },
  context: [{ id: 'd', text: 'x'.repeat(200) }],
  output: {
    text: 'é',
    finishReason: null,
    refusal: null,
    toolCalls: [{ name: 't', arguments: '{}', result: null, ok: true }],
    chunks: [],
  },
});

export function fuzzAvro(count: number, seed: number): FuzzResult {
  return fuzzRecords(count, seed, Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), codec.encode(example)]));
}

export function fuzzJson(count: number, seed: number): FuzzResult {
  return fuzzRecords(count, seed, Buffer.from(JSON.stringify(codec.toJson(example))));
}

function fuzzRecords(count: number, seed: number, sample: Buffer): FuzzResult {
  const decoder = decoderUnderTest();
  const random = seededRandom(seed);
  return fuzz(
    count,
    () => mutateBytes(sample, random),
    (value) => {
      const result = decoder.decode({ topic: 't', value, headers: {} });
      if (result instanceof Promise) throw new Error('nothing was to wait for');
      if (!result.ok && !DEAD_LETTER_REASONS.includes(result.error.reason)) throw new Error('no known reason');
      return result.ok;
    },
  );
}

function mutateBytes(sample: Buffer, random: SeededRandom): Buffer {
  let bytes = Buffer.from(sample);
  for (let edits = 1 + random.int(4); edits > 0; edits--) {
    const at = random.int(Math.max(1, bytes.length));
    switch (random.int(5)) {
      case 0:
        bytes[at] = random.pick(MEANINGFUL);
        break;
      case 1:
        bytes[at] = random.int(256);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 20))]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random.pick(MEANINGFUL)]), bytes.subarray(at)]);
    }
  }
  return bytes;
}

/** What an attacker or a broken model would put into a reply. */
const REPLY_BITS = ['{', '}', '[', ']', '"', ':', ',', '\\', '1e999', '-1', 'null', 'true', '"9"', '\ud800', '9'.repeat(400), '"__proto__":{}', '```json']; // prettier-ignore

export function fuzzReplies(count: number, seed: number): FuzzResult {
  const format = createReplyFormat([
    criterionOptions.parse({ name: 'helpful', rubric: 'Is it helpful?' }),
    criterionOptions.parse({ name: 'tone', rubric: 'How polite is it?', kind: 'scale', scale: { min: 1, max: 5 } }),
  ]);
  const good = JSON.stringify({
    nonce: 'n-1',
    criteria: {
      helpful: { rationale: 'It answers what was asked.', verdict: 'pass', confidence: 90 },
      tone: { rationale: 'Friendly.', score: 4 },
    },
  });
  const random = seededRandom(seed);
  return fuzz(
    count,
    () => mutateText(good, REPLY_BITS, random),
    (text) => {
      const parsed = format.parse(text, 'n-1');
      if (!parsed.ok) return false;
      for (const { outcome, score } of parsed.value.values()) {
        const isSound = outcome === 'scored' ? score !== null && score >= 0 && score <= 1 : score === null;
        if (!isSound) throw new Error('a score outside its range');
      }
      return true;
    },
  );
}

const CONFIG_BITS = ['', ':', '-', '{', '}', '[', ']', '"', "'", '&a ', '*a', '!!set ', '|', '>', '\t', '\n', '\u202e', '__proto__: 1\n', 'constructor: {}\n', '<<: *a\n', '.nan', '-1', '1e309', '---\n', '%YAML 9.9\n', '\ud800']; // prettier-ignore

export function fuzzConfigs(count: number, seed: number, sample: string): FuzzResult {
  const random = seededRandom(seed);
  return fuzz(
    count,
    () => mutateText(sample, CONFIG_BITS, random),
    (text) => {
      const loaded = loadMonitorConfig({ text: { name: 'fuzz', text }, env: {} });
      if (!loaded.ok && loaded.error.length === 0) throw new Error('refused without a reason');
      return loaded.ok;
    },
  );
}

function mutateText(sample: string, bits: readonly string[], random: SeededRandom): string {
  let text = sample;
  for (let edit = 0; edit <= random.int(3); edit++) {
    const at = random.int(text.length + 1);
    const remove = random.chance(0.5) ? random.int(12) : 0;
    const other = random.chance(0.5) ? random.pick(bits) : String.fromCharCode(random.int(0x3000));
    const insert = random.chance(0.7) ? other : text.slice(at, at + random.int(60));
    text = text.slice(0, at) + insert + text.slice(at + remove);
  }
  return text;
}
