import { DEAD_LETTER_REASONS } from '../../../src/domain/accounting';
import type { DecodeFault, Decoded } from '../../../src/decode/port';
import type { Result } from '../../../src/domain/result';
import { seededRandom } from '../../support/builders/random';
import { damaged, decoderOfSamples, SAMPLE_RECORDS } from '../../support/damaged-records';

const RECORDS = 10_000;
const LIMIT_MS = 50;

const decoder = decoderOfSamples();

describe.each([
  ['Avro', SAMPLE_RECORDS.avro],
  ['JSON', SAMPLE_RECORDS.json],
  ['random bytes', Buffer.alloc(300, 1)],
])('decoding damaged %s', (_, seed) => {
  it(`answers ${RECORDS} records with a record or a known reason, each within ${LIMIT_MS} ms`, () => {
    const random = seededRandom(20_260_302);
    let sound = 0;
    const slow: number[] = [];
    for (let n = 0; n < RECORDS; n++) {
      const value = damaged(seed, random);
      const startedAt = performance.now();
      const result = decoder.decode({ topic: 't', value, headers: {} }) as Result<Decoded, DecodeFault>;
      const ms = performance.now() - startedAt;
      // A busy machine may stop any one call; the same record again tells that apart from a slow record.
      if (ms > LIMIT_MS) slow.push(again(value));
      if (result.ok) sound += 1;
      else if (!DEAD_LETTER_REASONS.includes(result.error.reason)) throw new Error(result.error.reason);
    }
    expect(slow.filter((ms) => ms > LIMIT_MS)).toEqual([]);
    expect(sound).toBeLessThan(RECORDS);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

function again(value: Buffer): number {
  const startedAt = performance.now();
  void decoder.decode({ topic: 't', value, headers: {} });
  return performance.now() - startedAt;
}
