import { createHash } from 'node:crypto';
import { readBundle, writeBundle } from '../../../src/investigate/bundle';

const FILES = { 'report.md': '# alert\n', 'golden.json': '[1, 2, 3]\n' };

describe('a bundle', () => {
  it('comes back as it was written', () => {
    expect(readBundle(writeBundle(FILES))).toEqual({ ok: true, files: FILES });
  });

  it('is not one any more when any single character of it is another', () => {
    const text = writeBundle(FILES);
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'x' ? 'y' : 'x';
      expect(readBundle(text.slice(0, i) + other + text.slice(i + 1)).ok).toBe(false);
    }
  });

  it('whose first line was made to fit again still names the file that differs', () => {
    const body = writeBundle(FILES).split('\n').slice(1).join('\n').replace('[1, 2, 3]', '[1, 2, 4]');
    const hash = createHash('sha256').update(body).digest('hex');
    const checked = readBundle(`plumbline-bundle 1 ${hash}\n${body}`);
    expect(checked).toEqual({ ok: false, problem: 'the bundle is not as it was written: golden.json' });
  });

  it.each(['', 'plumbline-bundle 1\n{}', '{}', 'plumbline-bundle 1 \n'])('is not %j', (text) => {
    expect(readBundle(text).ok).toBe(false);
  });
});
