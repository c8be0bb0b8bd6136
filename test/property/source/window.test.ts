import fc from 'fast-check';
import { createWindow } from '../../../src/source/window';

describe('the in-flight window, for every sequence', () => {
  it('is full at the limit, open at the share, and changes nothing in between', () => {
    const options = fc.record({
      maxBytes: fc.integer({ min: 65_536, max: 1_000_000 }),
      maxRecords: fc.integer({ min: 1, max: 50 }),
      resumeRatio: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(options, fc.array(fc.integer({ min: -1, max: 50_000 })), (limits, moves) => {
        const window = createWindow(limits);
        const inside: number[] = [];
        let before = false;
        for (const move of moves) {
          const leaving = move < 0 ? inside.shift() : undefined;
          if (leaving !== undefined) window.remove(leaving);
          else if (move >= 0) window.add(inside[inside.push(move) - 1] ?? 0);
          const bytes = inside.reduce((sum, size) => sum + size, 0);
          expect([window.bytes(), window.records()]).toEqual([bytes, inside.length]);
          const atLimit = bytes >= limits.maxBytes || inside.length >= limits.maxRecords;
          const drained =
            bytes <= limits.maxBytes * limits.resumeRatio &&
            inside.length <= Math.floor(limits.maxRecords * limits.resumeRatio);
          if (atLimit) expect(window.isFull()).toBe(true);
          else if (drained) expect(window.isFull()).toBe(false);
          else expect(window.isFull()).toBe(before);
          before = window.isFull();
        }
      }),
    );
  });
});
