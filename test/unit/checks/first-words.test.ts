import fc from 'fast-check';
import { beginOf, longestMatch, needsOf } from '../../../src/checks/first-words';
import { INJECTION_PATTERNS } from '../../../src/checks/injection-patterns';
import { seenTriggers } from '../../../src/checks/injection-scan';

const wordsOf = (pattern: RegExp): string[] | null => {
  const begin = beginOf(pattern);
  return begin?.at === 'words' ? [...begin.words].sort() : null;
};

describe('the first words of a pattern', () => {
  it.each([
    [/\bend of/, ['end']],
    [/\b(?:end|close)s? of/, ['close', 'closes', 'end', 'ends']],
    [/\b(?:final |my )?(?:score|grade)\b/, ['final', 'grade', 'my', 'score']],
    [/\b(?:very ){0,2}hard/m, null],
    [/\b(?:very ){0,2}hard\b/m, ['hard', 'very']],
    [/\b(?:10|5) ?\/ ?5/, ['10', '5']],
    [/\bfact-?check(?:ing|er)\b/, ['fact', 'factchecker', 'factchecking']],
    [/\bgold(?:en)?[- ]standard/, ['gold', 'golden']],
    [/\b[ab] is/, ['a', 'b']],
    [/\bpenali[sz]e\b/, ['penalise', 'penalize']],
    [
      /\blevel\d: /,
      ['level0', 'level1', 'level2', 'level3', 'level4', 'level5', 'level6', 'level7', 'level8', 'level9'],
    ],
  ])('%s', (pattern, words) => expect(wordsOf(pattern)).toEqual(words));

  it.each([
    [/end of/, 'begins inside a word'],
    [/^end of/, 'begins at a line'],
    [/\bend/, 'goes on in any word'],
    [/\bend(?=ing)/, 'looks ahead'],
    [/\b(?:!|end) of/, 'may begin with a mark'],
    [/\b\w{1,12} is/, 'begins with any word'],
    [/\b[a-z] is/, 'begins with a range'],
    [/\b[^a] is/, 'begins with anything but'],
    [/\ba.b /, 'has any character in the word'],
    [/\ba+ /, 'has no longest word'],
    [/\ba{2,} /, 'has no longest word'],
    [/\bend of/i, 'ignores case'],
    [/\b\d{1,6} points/, 'has too many'],
    [/\bend of|begin/, 'has a branch without a boundary'],
  ])('are not known of %s', (pattern, _why) => expect(wordsOf(pattern)).toBeNull());
});

describe('the first marks of a pattern', () => {
  it.each([
    [/<(?:a|b)/, '<'],
    [/["'](?:a|b)/, '"\''],
    [/!?\[a/, '!['],
    [/(?<!\S)(?:<!|@)here/, '<@'],
    [/\n[ \t]{0,4}a/, '\n'],
  ])('%s', (pattern, marks) => expect(beginOf(pattern)).toEqual({ at: 'marks', marks }));

  it.each([[/<?a/], [/(?:<|\bon)load/], [/[^a]b/], [/.</]])('are not known of %s', (pattern) =>
    expect(beginOf(pattern)).toBeNull(),
  );

  it('are of no use at the beginning of a line', () => expect(beginOf(/^[ \t]{0,4}a/)).toEqual({ at: 'line' }));
});

describe('the words that every match of a pattern holds', () => {
  it.each([
    [/\bsay (?:a|b) [^.]{0,9}\b(?:c|d)\b/, ['a b', 'c d']],
    [/^[ \t"*_]{0,4}(?:score|grade): /, ['grade score']],
    [/\bthe (?:very )?(?:end|close)\b/, ['close end very', 'close end']],
    [/\bsay (?:a|b)/, []],
    [/\bsay \w{1,9} a?b?\b/, []],
    [/\bx(?:y|z)w\b/, []],
  ])('%s', (pattern, needs) => expect(needsOf(pattern).map((words) => [...words].sort().join(' '))).toEqual(needs));
});

describe('the longest match of a pattern', () => {
  it.each([
    [/\bab? (?:cde|f)/, 6],
    [/a{2,5}[b-d]\w{0,3}/, 9],
    [/^a(?=bcd)$/, 4],
    [/(?<!abc)d/, 1],
    [/a+/, Infinity],
    [/a{2,}/, Infinity],
    [/a*b/, Infinity],
  ])('%s', (pattern, length) => expect(longestMatch(pattern)).toBe(length));
});

describe('patterns tried where a match can begin', () => {
  const sticky = INJECTION_PATTERNS.map((row, index) => ({ ...row, index })).filter(
    ({ begin }) => begin.at === 'words',
  );

  /** Whether one of the places that the scan names is where the pattern matches. */
  const matchesAtStart = (text: string, index: number): boolean => {
    const { tries } = seenTriggers(text);
    for (let at = 0; at < tries.length; at += 2) {
      const { pattern } = INJECTION_PATTERNS[index] ?? { pattern: /(?!)/ };
      pattern.lastIndex = tries[at + 1] ?? 0;
      if (tries[at] === index && pattern.test(text)) return true;
    }
    return false;
  };

  it('are most of them', () => expect(sticky.length).toBeGreaterThan(INJECTION_PATTERNS.length / 2));

  it.each(sticky.map((row): [string, number] => [row.pattern.source.slice(0, 60), row.index]))(
    'find what a search of the whole text finds: %s',
    (_, index) => {
      const source = INJECTION_PATTERNS[index]?.pattern.source ?? '';
      const plain = new RegExp(source, 'm');
      // The generator knows no assertions; most of what it makes matches without them.
      const bare = new RegExp(
        withoutLookahead(source)
          .replaceAll('\\b', '')
          .replace(/\[\^[^\]]*\]\{\d+,\d+\}/g, ' '),
      );
      const around = fc.constantFrom('', 'the ', 'ab', '. ', '\n', '"', ' this is ');
      const texts = fc.sample(fc.tuple(around, fc.stringMatching(bare), around), { seed: 7, numRuns: 200 });
      let matches = 0;
      for (const parts of texts) {
        const text = parts.join('').toLowerCase();
        if (!plain.test(text)) continue;
        matches++;
        expect({ text, found: matchesAtStart(text, index) }).toEqual({ text, found: true });
      }
      expect(matches).toBeGreaterThan(2);
    },
  );
});

function withoutLookahead(source: string): string {
  const from = source.indexOf('(?=');
  if (from < 0) return source;
  let [depth, inClass, at] = [0, false, from];
  do {
    const char = source[at];
    if (char === '\\') at++;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    at++;
  } while (depth > 0 && at < source.length);
  return withoutLookahead(source.slice(0, from) + source.slice(at));
}
