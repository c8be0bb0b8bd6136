import fc from 'fast-check';
import { detectLanguage } from '../../../src/signals/language';
import { findMarkers } from '../../../src/signals/markers';
import { sketchSimilarity, textSketch } from '../../../src/signals/sketch';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.lorem({ maxCount: 40 }));

describe('signals of any text', () => {
  it('are total and deterministic', () => {
    fc.assert(
      fc.property(text, (input) => {
        expect(textSketch(input)).toMatch(/^[0-9a-f]{32}$/);
        expect(textSketch(input)).toBe(textSketch(input));
        expect(findMarkers(input)).toEqual(findMarkers(input));
        expect(detectLanguage(input)).toBe(detectLanguage(input));
      }),
      { numRuns: 1000 },
    );
  });

  it('give a similarity in [0, 1] that is symmetric, and 1 to itself', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [textSketch(a), textSketch(b)];
        const similarity = sketchSimilarity(left, right);
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        expect(sketchSimilarity(right, left)).toBe(similarity);
        expect(sketchSimilarity(left, left)).toBe(1);
      }),
    );
  });

  it('take bounded time however long the text', () => {
    for (const unit of ['a', 'a ', ' ', '漢', 'no ', "'", '\ud83d']) {
      const long = unit.repeat(100_000);
      let best = Infinity;
      for (let k = 0; k < 10 && best >= 50; k++) {
        const started = performance.now();
        textSketch(long);
        findMarkers(long);
        detectLanguage(long);
        best = Math.min(best, performance.now() - started);
      }
      expect(best).toBeLessThan(50);
    }
  });
});
