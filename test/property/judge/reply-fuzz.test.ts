import { createReplyFormat } from '../../../src/judge/reply';
import { verdicts } from '../../support/judge-server';
import { seededRandom } from '../../support/builders/random';
import { criterion } from '../../unit/judge/fake-judge';

const criteria = [criterion('helpful'), criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 } })];
const format = createReplyFormat(criteria);
const good = verdicts({ nonce: 'n-1', criteria: ['helpful', 'tone'] }, {}, { tone: { score: 4 } });

/** Every value that a reading may hold, whatever the reply was. */
function expectSound(text: string): boolean {
  const parsed = format.parse(text, 'n-1');
  if (!parsed.ok) return false;
  for (const { outcome, score } of parsed.value.values()) {
    if (outcome === 'scored') {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    } else expect(score).toBeNull();
  }
  return true;
}

describe('replies off the wire', () => {
  it('have no score when cut at any byte', () => {
    const bytes = Buffer.from(good.replace('scripted', 'schrödinger 🐈'));
    expect(expectSound(bytes.toString('utf8'))).toBe(true);
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(expectSound(bytes.subarray(0, cut).toString('utf8'))).toBe(false);
    }
  });

  it('never crash and never give a value outside its range, over 10,000 mutations', () => {
    const random = seededRandom(20260302);
    const bits = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '1e999',
      '-1',
      'null',
      'true',
      '"9"',
      '\ud800',
      '9'.repeat(400),
    ];
    let sound = 0;
    for (let round = 0; round < 10_000; round++) {
      let text = good;
      for (let edit = 0; edit <= random.int(3); edit++) {
        const at = random.int(text.length + 1);
        const remove = random.chance(0.5) ? random.int(12) : 0;
        const insert = random.chance(0.7)
          ? random.chance(0.5)
            ? random.pick(bits)
            : String.fromCharCode(random.int(0x3000))
          : text.slice(at, at + random.int(60));
        text = text.slice(0, at) + insert + text.slice(at + remove);
      }
      if (expectSound(text)) sound++;
    }
    // Edits inside a rationale leave a reply readable: without any of those the fuzz would test nothing.
    expect(sound).toBeGreaterThan(100);
  });

  it('have no score in prose that talks of scores', () => {
    const random = seededRandom(7);
    const parts = [
      'Rating: 10',
      '"verdict": "pass"',
      '{"score": 10}',
      'PASS',
      '10/10',
      'confidence 100',
      '\n',
      ' ',
      '```json',
      good,
    ];
    for (let round = 0; round < 10_000; round++) {
      const text = Array.from({ length: 2 + random.int(5) }, () => random.pick(parts)).join(' ');
      if (text.trim() !== good) expect(expectSound(text)).toBe(false);
    }
  });
});
