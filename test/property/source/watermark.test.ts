import fc from 'fast-check';
import { createWatermark } from '../../../src/source/watermark';

/** Ascending offsets with gaps, and an order in which they are delivered and finished. */
const schedule = fc
  .array(fc.record({ gap: fc.nat(3), rank: fc.nat(1_000_000), lookahead: fc.nat(20) }), { maxLength: 200 })
  .map((steps) => {
    let offset = 0n;
    return steps.map(({ gap, rank, lookahead }) => ({ offset: (offset += BigInt(gap) + 1n), rank, lookahead }));
  });

describe('the watermark, for every order of completion', () => {
  it('never passes an offset in flight, never decreases, and ends above the last one', () => {
    fc.assert(
      fc.property(schedule, (steps) => {
        const watermark = createWatermark();
        const unfinished: { offset: bigint; rank: number }[] = [];
        let before = -1n;
        const check = (): void => {
          const position = watermark.position();
          if (position === null) return;
          expect(position >= before).toBe(true);
          expect(unfinished.every(({ offset }) => offset >= position)).toBe(true);
          // Not merely safe: it names the very first offset that is open.
          const lowest = unfinished.reduce<bigint | null>(
            (low, { offset }) => (low ?? offset) && (low! < offset ? low : offset),
            null,
          );
          if (lowest !== null) expect(position).toBe(lowest);
          expect(watermark.pending()).toBe(unfinished.length);
          before = position;
        };
        const finishOne = (): void => {
          const at = unfinished.reduce(
            (best, { rank }, index) => (rank < (unfinished[best]?.rank ?? 0) ? index : best),
            0,
          );
          const [finished] = unfinished.splice(at, 1);
          if (finished !== undefined) watermark.done(finished.offset);
          check();
        };
        for (const { offset, rank, lookahead } of steps) {
          watermark.start(offset);
          unfinished.push({ offset, rank });
          check();
          while (unfinished.length > lookahead) finishOne();
        }
        while (unfinished.length > 0) finishOne();
        const last = steps.at(-1);
        expect(watermark.position()).toBe(last === undefined ? null : last.offset + 1n);
      }),
    );
  });

  it('is right beyond the point where its queue is compacted', () => {
    const watermark = createWatermark();
    const total = 10_000n;
    for (let offset = 0n; offset < total; offset++) {
      watermark.start(offset);
      if (offset >= 10n) watermark.done(offset - 10n);
      if (offset >= 10n) expect(watermark.position()).toBe(offset - 9n);
    }
    expect(watermark.pending()).toBe(10);
  });
});
