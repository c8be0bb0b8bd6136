import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFaults } from '../../../src/config/fault';
import { loadText } from '../../support/config-text';

const ORIGINAL = readFileSync(join(__dirname, '../../../examples/plumbline.yaml'), 'utf8');
const CASES = 10_000;
const SEED = 20260101;

/** Mulberry32: the same mutations on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SNIPPETS = [
  '', ':', '-', '{', '}', '[', ']', '"', "'", '&a ', '*a', '!!set ', '|', '>', '\t', '\n', '\u0000', '\u202e', '~',
  '__proto__: 1\n', 'constructor: {}\n', '<<: *a\n', '.nan', '.inf', '-1', '1e309', '0x10', 'null', 'true', '99999999999999999999',
  '? [a, b] : c\n', '---\n', '...\n', '%YAML 9.9\n', 'include: /dev/zer?\n', '- - - -\n', '日本', '💥', '\ud800',
] as const; // prettier-ignore

function mutate(text: string, random: () => number): string {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const lines = text.split('\n');
  for (let times = 1 + pick(3); times > 0; times -= 1) {
    const at = pick(lines.length);
    const line = lines[at] ?? '';
    const cut = pick(line.length + 1);
    const snippet = SNIPPETS[pick(SNIPPETS.length)] ?? '';
    switch (pick(6)) {
      case 0: lines.splice(at, 1); break;
      case 1: lines.splice(at, 0, lines[pick(lines.length)] ?? ''); break;
      case 2: lines[at] = line.slice(0, cut) + snippet + line.slice(cut); break;
      case 3: lines[at] = line.slice(0, cut) + line.slice(cut + 1 + pick(4)); break;
      case 4: lines[at] = line.replace(/:.*/, `: ${snippet}`); break;
      default: lines[at] = `${' '.repeat(pick(6))}${line.trim()}`;
    } // prettier-ignore
  }
  return lines.join('\n');
}

describe('a mutated configuration', () => {
  it(`is either a configuration or a list of faults that can be shown (${CASES} files)`, () => {
    const random = seeded(SEED);
    // Comments are most of the example and would take most of the mutations.
    const text = ORIGINAL.replaceAll(/^\s*#.*\n/gm, '');
    let loads = 0;
    for (let index = 0; index < CASES; index += 1) {
      const mutant = mutate(text, random);
      const loaded = loadText(mutant);
      if (loaded.ok) {
        loads += 1;
        continue;
      }
      const broken = loaded.error.length === 0 || loaded.error.some(({ line, wanted }) => line < 1 || wanted === '');
      if (broken) throw new Error(`no usable fault for:\n${mutant}\n${JSON.stringify(loaded.error)}`);
      if (/[\u0000-\u0009\u000b-\u001f\u202e]/.test(renderFaults(loaded.error)))
        throw new Error(`control character for:\n${mutant}`);
    }
    expect(loads).toBeGreaterThan(CASES / 100);
    expect(loads).toBeLessThan(CASES);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 300_000);
});
