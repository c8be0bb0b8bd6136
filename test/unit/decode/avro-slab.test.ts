import { Type } from 'avsc';
import { createSlabEncoder } from '../../../src/decode/avro-slab';

const TEXT = Type.forSchema('string');

describe('a slab encoder', () => {
  it('writes what the type itself writes, for any size, and leaves earlier records alone', () => {
    const encode = createSlabEncoder(TEXT);
    const texts = Array.from({ length: 3_000 }, (_, index) => String(index).repeat((index * 37) % 400));
    const encoded = texts.map((text) => encode(text));
    encoded.forEach((bytes, index) => expect(bytes.equals(TEXT.toBuffer(texts[index]))).toBe(true));
  });

  it.each([0, 1_000, 16_384, 16_385, 131_072, 1_000_000])('takes a record of %i characters at any place', (length) => {
    const encode = createSlabEncoder(TEXT);
    const long = 'x'.repeat(length);
    for (const before of ['', 'a', 'b'.repeat(16_000)]) {
      const first = encode(before);
      expect(encode(long).equals(TEXT.toBuffer(long))).toBe(true);
      expect(encode(before).equals(first)).toBe(true);
    }
  });

  it('shares memory between records, and gives a large one that does not fit its own', () => {
    const encode = createSlabEncoder(TEXT);
    const [one, large, two] = [encode('one'), encode('x'.repeat(200_000)), encode('two')];
    expect(two.buffer === one.buffer).toBe(true);
    expect(large.buffer.byteLength).toBe(large.length);
  });

  it('goes on after a value that does not fit the type', () => {
    const encode = createSlabEncoder(TEXT);
    const before = encode('before');
    expect(() => encode(7)).toThrow();
    expect(encode('after').equals(TEXT.toBuffer('after'))).toBe(true);
    expect(before.equals(TEXT.toBuffer('before'))).toBe(true);
  });
});
