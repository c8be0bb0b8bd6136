import { createWatermark } from '../../../src/source/watermark';

describe('the contiguous watermark of a partition', () => {
  it('has no position before anything was started', () => {
    expect(createWatermark().position()).toBeNull();
  });

  it('stays at the lowest offset that is not done, whatever finishes above it', () => {
    const watermark = createWatermark();
    for (const offset of [5n, 6n, 7n]) watermark.start(offset);
    expect(watermark.position()).toBe(5n);
    watermark.done(7n);
    watermark.done(6n);
    expect(watermark.position()).toBe(5n);
    expect(watermark.pending()).toBe(1);
    watermark.done(5n);
    expect(watermark.position()).toBe(8n);
    expect(watermark.pending()).toBe(0);
  });

  it('passes over offsets that were never delivered', () => {
    const watermark = createWatermark();
    for (const offset of [5n, 6n, 9n]) watermark.start(offset);
    watermark.done(9n);
    watermark.done(5n);
    expect(watermark.position()).toBe(6n);
    watermark.done(6n);
    expect(watermark.position()).toBe(10n);
  });

  it('does not care when an offset is done a second time, below the position or above it', () => {
    const watermark = createWatermark();
    for (const offset of [0n, 1n, 2n]) watermark.start(offset);
    watermark.done(0n);
    watermark.done(0n);
    watermark.done(2n);
    watermark.done(2n);
    expect(watermark.position()).toBe(1n);
    expect(watermark.pending()).toBe(1);
  });

  it.each([
    ['above what was started', 8n],
    ['in a gap', 6n],
  ])('refuses a done for an offset %s', (_case, offset) => {
    const watermark = createWatermark();
    for (const started of [4n, 5n, 7n]) watermark.start(started);
    expect(() => watermark.done(offset)).toThrow(`offset ${offset} was never started`);
  });

  it('refuses offsets out of order', () => {
    const watermark = createWatermark();
    watermark.start(5n);
    expect(() => watermark.start(5n)).toThrow('offset 5 was started after 5');
  });

  it('goes beyond what a double can count', () => {
    const watermark = createWatermark();
    const offset = 2n ** 53n + 1n;
    watermark.start(offset);
    watermark.done(offset);
    expect(watermark.position()).toBe(offset + 1n);
  });
});
