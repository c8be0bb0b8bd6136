import { neutraliseControlTokens } from '../../../src/judge/control-tokens';
import { cleanText } from '../../../src/judge/normalise';
import { seededRandom } from '../../support/builders/random';
import { countFenceBreakouts, hostileText } from '../../support/hostile-text';

/** Three texts each; `eval:attacks` goes to a million texts. */
const ROUNDS = 4_000;

describe('fences', () => {
  it(`hold over ${3 * ROUNDS} hostile texts: every field comes back whole and no other appears`, () => {
    expect(countFenceBreakouts(ROUNDS, 41)).toBe(0);
  }, 60_000);

  it('hold no reserved mark and no invisible character, and normalising twice changes nothing', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 4_000; round++) {
      const text = cleanText(hostileText(random, 'f'.repeat(32)));
      const reserved =
        /<\|[^\s|<>]{1,64}\|>|<\/s>|\[\/INST\]|[\u200b\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/u;
      if (reserved.test(text) || cleanText(text) !== text || neutraliseControlTokens(text) !== text) {
        throw new Error(`not normal: ${JSON.stringify(text)}`);
      }
    }
  });
});
