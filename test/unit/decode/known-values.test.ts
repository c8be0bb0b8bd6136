import fc from 'fast-check';
import { createKnownValues, keepValue, knownValue } from '../../../src/decode/known-values';

const PLACES = 4;
const LONGEST = 12;

/** The text's bytes somewhere within others. */
function memoryOf(text: string, before: number): { bytes: Buffer; view: DataView; from: number; size: number } {
  const own = Buffer.from(text);
  const bytes = Buffer.from(new Uint8Array([...Buffer.alloc(before, 1), ...own, 2, 3]).buffer);
  return { bytes, view: new DataView(bytes.buffer), from: before, size: own.length };
}

describe('known values', () => {
  it('gives the value of the same bytes or none, however many share a place', () => {
    const texts = fc.array(
      fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '語'), maxLength: 6 }), fc.nat(3)),
    );
    fc.assert(
      fc.property(texts, (read) => {
        const known = createKnownValues<string>(PLACES, LONGEST);
        for (const [text, before] of read) {
          const { from, size, ...memory } = memoryOf(text, before);
          const found = knownValue(known, memory, from, size);
          expect([undefined, text]).toContain(found);
          keepValue(known, memory, from, size, text);
          expect(knownValue(known, memory, from, size)).toBe(size === 0 || size > LONGEST ? undefined : text);
        }
      }),
    );
  });
});
