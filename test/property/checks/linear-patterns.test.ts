import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Pattern {
  readonly place: string;
  readonly regex: RegExp;
}

/** Every regular expression literal of the two rooms that read texts of strangers. */
function patterns(): readonly Pattern[] {
  return ['checks', 'privacy'].flatMap((room) => {
    const folder = join(__dirname, '../../../src', room);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => literalsOf(`${room}/${file}`, readFileSync(join(folder, file), 'utf8')));
  });
}

function literalsOf(file: string, source: string): readonly Pattern[] {
  const found: Pattern[] = [];
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022);
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      // Searching from every place is the worst use of a pattern, whatever its flags ask for.
      const flags = new Set([...node.text.slice(end + 1)].filter((flag) => flag !== 'y').concat('g'));
      const { line } = parsed.getLineAndCharacterOfPosition(node.pos);
      found.push({ place: `${file}:${line + 1}`, regex: new RegExp(node.text.slice(1, end), [...flags].join('')) });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

const SIZE = 20_000;
const fill = (unit: string): string => unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);

/** What the pattern itself waits for: its own words, and its classes' members, over and over. */
function pumpsOf({ source }: RegExp): readonly string[] {
  const words = [
    ...new Set(source.replace(/\\[bBdDwWsSpPn]|\\u[\da-f]{4}|\p{L}\{.*?\}/giu, '|').match(/[\p{L}\d' -]{2,}/gu) ?? []),
  ];
  const sample = words.filter((_, index) => index % Math.ceil(words.length / 4) === 0).slice(0, 4);
  return [' ', 'a', 'A1', '1', '1,', '"', '[', 'a.', 'A a ', '\n', ...sample, `${sample.join(' ')} `].map(fill);
}

function bestMs(run: () => void): number {
  let best = Infinity;
  for (let k = 0; k < 5 && best > 20; k++) {
    const started = performance.now();
    run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

describe('the native patterns of checks and redaction', () => {
  it('are all found by this test', () => {
    expect(patterns().length).toBeGreaterThan(80);
  });

  it('have no repeat without end inside another', () => {
    // A group that holds `+` or `*` and is itself repeated by `+`, `*` or `{n,}`: where exponential time comes from.
    const nested = /\((?:[^()\\]|\\.)*(?:[^\\(]\*|[^\\(]\+)(?:[^()\\]|\\.)*\)(?:\*|\+|\{\d+,\})/;
    const stripped = (source: string): string => source.replace(/\[(?:[^\]\\]|\\.)*\]/g, 'x');
    expect(nested.test(stripped('^(a+)+$')) && nested.test(stripped('(?:[ab]*c)*'))).toBe(true);
    const bad = patterns().filter(({ regex }) => nested.test(stripped(regex.source)));
    expect(bad.map(({ place }) => place)).toEqual([]);
  });

  it('read 20 kB of what they wait for within 50 ms', () => {
    const slow: string[] = [];
    for (const { place, regex } of patterns()) {
      for (const pump of pumpsOf(regex)) {
        const ms = bestMs(() => void pump.replace(regex, ''));
        if (ms > 50) slow.push(`${place} ${ms.toFixed(0)} ms on ${JSON.stringify(pump.slice(0, 30))}`);
      }
    }
    expect(slow).toEqual([]);
  }, 60_000);
});
