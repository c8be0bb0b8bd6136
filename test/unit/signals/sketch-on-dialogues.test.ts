import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sketchSimilarity, textSketch } from '../../../src/signals/sketch';

/** Real user turns, read where they lie; without them the tests show as skipped. */
const FILE = join(process.env.PLUMBLINE_DATA ?? join(__dirname, '../../../../shared/data'), 'uss.jsonl.gz');
const describeWithData = existsSync(FILE) ? describe : describe.skip;

interface Dialogue {
  readonly turns: readonly { readonly role: string; readonly text: string }[];
}

describeWithData('the similarity sketch on real user turns', () => {
  const turns = (): readonly string[] =>
    gunzipSync(readFileSync(FILE))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) =>
        (JSON.parse(line) as Dialogue).turns.find(({ role, text }) => role === 'user' && text.split(' ').length >= 8),
      )
      .flatMap((turn) => (turn === undefined ? [] : [turn.text]));

  it('ranks a reworded turn above the turn of another dialogue in at least 97 of 100 pairs', () => {
    const texts = turns();
    expect(texts.length).toBeGreaterThan(500);
    const same = texts.map((text) => sketchSimilarity(textSketch(text), textSketch(reworded(text))));
    const other = texts.map((text, k) =>
      sketchSimilarity(textSketch(text), textSketch(texts[(k * 7 + 13) % texts.length] ?? '')),
    );
    const wins = same.reduce((sum, value) => sum + other.filter((o) => o < value).length, 0);
    expect(wins / (same.length * other.length)).toBeGreaterThan(0.97);
    const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
    expect(median(same)).toBeGreaterThan(0.7);
    expect(median(other)).toBeLessThan(0.2);
  });
});

/** Every fifth word left out and the request begun otherwise: what people do when they ask again. */
function reworded(text: string): string {
  return `I said ${text
    .split(' ')
    .filter((_, k) => k % 5 !== 4)
    .join(' ')
    .toLowerCase()}`;
}
