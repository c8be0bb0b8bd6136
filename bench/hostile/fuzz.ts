import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { DEAD_LETTER_REASONS } from '../../src/domain/accounting';
import { criterionOptions } from '../../src/judge/options';
import { createReplyFormat } from '../../src/judge/reply';
import { type SeededRandom, seededRandom } from '../../test/support/builders/random';
import { createRng } from '../../src/simulate/rng';
import { fuzzedInteraction, readFuzzed } from '../eval-checks/fuzzed';
import { damaged, decoderOfSamples, SAMPLE_RECORDS } from '../../test/support/damaged-records';
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
  /** Wall time of the whole. */
  readonly seconds: number;
}

/** Slower than this at first, an input is run again: on a busy machine any run can be disturbed. */
const SUSPICIOUS_MS = 5;

/** Reads `count` inputs made by `make`; `read` says whether the input was sound, and throws for an answer that is none. */
function fuzz<I>(count: number, make: () => I, read: (input: I) => boolean): FuzzResult {
  let [sound, crashes, maxMs, heapAt] = [0, 0, 0, 0];
  const begunAt = performance.now();
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
  const grownMb = Math.max(0, heapMb() - heapAt);
  return { inputs: count, sound, crashes, maxMs, grownMb, seconds: (performance.now() - begunAt) / 1000 };
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

export function fuzzAvro(count: number, seed: number): FuzzResult {
  return fuzzRecords(count, seed, SAMPLE_RECORDS.avro);
}

export function fuzzJson(count: number, seed: number): FuzzResult {
  return fuzzRecords(count, seed, SAMPLE_RECORDS.json);
}

function fuzzRecords(count: number, seed: number, sample: Buffer): FuzzResult {
  const decoder = decoderOfSamples();
  const random = seededRandom(seed);
  return fuzz(
    count,
    () => damaged(sample, random),
    (value) => {
      const result = decoder.decode({ topic: 't', value, headers: {} });
      if (result instanceof Promise) throw new Error('nothing was to wait for');
      if (!result.ok && !DEAD_LETTER_REASONS.includes(result.error.reason)) throw new Error('no known reason');
      return result.ok;
    },
  );
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

/** Redaction and all checks over interactions of hostile pieces. */
export function fuzzChecks(count: number, seed: number): FuzzResult {
  const rng = createRng(seed);
  let n = 0;
  return fuzz(
    count,
    () => fuzzedInteraction(rng),
    (interaction) => {
      readFuzzed(interaction, n++ % 100 === 0);
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
