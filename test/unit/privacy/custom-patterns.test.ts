import { patternFaults } from '../../../src/privacy/custom-patterns';
import { privacyOptions } from '../../../src/privacy/options';
import { createRedactor } from '../../../src/privacy/redactor';

const withPatterns = (...patterns: { name: string; pattern: string }[]) => privacyOptions.parse({ patterns });

describe('patterns of the configuration', () => {
  it('replace what they match beside the built-in kinds', () => {
    const redactor = createRedactor(withPatterns({ name: 'employee', pattern: '\\bE-\\d{4}\\b' }));
    expect(redactor.redactText('E-1234 wrote to jo@example.com')).toBe('[employee] wrote to [email]');
  });

  it('find nothing in their own placeholders', () => {
    const redactor = createRedactor(withPatterns({ name: 'all', pattern: '.+' }));
    expect(redactor.redactText('one\ntwo')).toBe('[all]\n[all]');
    expect(redactor.redactText('[all]\n[all]')).toBe('[all]\n[all]');
  });

  it('ignore empty matches', () => {
    expect(createRedactor(withPatterns({ name: 'nothing', pattern: 'x*' })).redactText('abc')).toBe('abc');
  });

  it('stay linear where a backtracking engine would take minutes', () => {
    const redactor = createRedactor(withPatterns({ name: 'evil', pattern: '^(a+)+$' }));
    const started = performance.now();
    redactor.redactText(`${'a'.repeat(5000)}!`);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('are reported when they are no RE2 syntax or their name is taken', () => {
    const options = withPatterns(
      { name: 'ok', pattern: 'a+' },
      { name: 'look', pattern: '(?=a)' },
      { name: 'email', pattern: 'b' },
    );
    expect(patternFaults(options).map(({ index, name }) => [index, name])).toEqual([
      [1, 'look'],
      [2, 'email'],
    ]);
    expect(patternFaults(privacyOptions.parse({}))).toEqual([]);
  });

  it('keep a redactor with a broken pattern from starting', () => {
    expect(() => createRedactor(withPatterns({ name: 'broken', pattern: '(' }))).toThrow('broken');
  });
});
