import { checkOptionFaults, createChecks } from '../../../src/checks/create-checks';
import { checksOptions } from '../../../src/checks/options';
import { parseJsonPath, valuesAt } from '../../../src/checks/rules/json-path';
import type { Interaction } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';

const answer = (text: string, facts: unknown = null): Interaction =>
  buildInteraction({ facts, output: { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] } });

function brief(rule: Record<string, unknown>, text: string, facts: unknown = null): string {
  const checks = createChecks(checksOptions.parse({ rules: [{ name: 'mine', ...rule }] }));
  const { result, detail } = checks.find(({ name }) => name === 'mine')?.run(answer(text, facts)) ?? {};
  return detail === null ? String(result) : `${result} ${detail}`;
}

describe('a rule of the configuration', () => {
  it.each<[Record<string, unknown>, string, string]>([
    [{ kind: 'regex', pattern: '(?i)guarantee' }, 'We GUARANTEE it.', 'fail match'],
    [{ kind: 'regex', pattern: 'guarantee' }, 'We hope so.', 'pass'],
    [{ kind: 'regex', pattern: '^Hello', want: 'match' }, 'Bye', 'fail no_match'],
    [{ kind: 'regex', pattern: '^(a+)+$', want: 'match' }, `${'a'.repeat(5000)}!`, 'fail no_match'],
    [{ kind: 'schema', schema: { type: 'object', required: ['a'] } }, '{"b":1}', 'fail keyword=required'],
    [{ kind: 'schema', schema: { type: 'object' } }, '{}', 'pass'],
    [{ kind: 'schema', schema: { type: 'object' } }, 'no', 'fail not_json'],
    [
      { kind: 'range', path: '$.items[*].price', min: 0, max: 10 },
      '{"items":[{"price":3},{"price":12}]}',
      'fail above_max item=1',
    ],
    [{ kind: 'range', path: 'score', min: 0 }, '{"score":-1}', 'fail below_min'],
    [{ kind: 'range', path: 'score', min: 0 }, '{"score":"1"}', 'fail not_a_number'],
    [{ kind: 'range', path: 'score', min: 0 }, '{}', 'fail missing'],
    [{ kind: 'enum', values: ['yes', 'no'] }, ' yes\n', 'pass'],
    [{ kind: 'enum', values: ['yes', 'no'] }, 'maybe', 'fail other_value'],
    [{ kind: 'enum', path: '$.label', values: ['a', 1] }, '{"label":1}', 'pass'],
    [{ kind: 'sections', sections: ['Summary', 'Risks'] }, '## Summary\nx\n**Risks:**\ny', 'pass'],
    [{ kind: 'sections', sections: ['Summary', 'Risks'] }, '1. Risks\nx\n2. Summary', 'fail missing=1'],
  ])('%j on %j gives %s', (rule, text, expected) => {
    expect(brief(rule, text)).toBe(expected);
  });

  const seats = { kind: 'fact', near: ['seats', 'places'], fact: 'capacity.free', compare: '<=' };
  it.each<[Record<string, unknown>, string, string]>([
    [seats, 'We have 12 seats left.', 'pass claims=1'],
    [seats, 'We can offer up to 1,200 seats.', 'fail claimed=1200 fact=12 at=capacity.free'],
    [seats, 'Come by at 14.', 'not_applicable no_claim'],
    [{ ...seats, compare: '=' }, 'There are 11 places.', 'fail claimed=11 fact=12 at=capacity.free'],
    [{ ...seats, compare: 'within', tolerance: 2 }, 'There are about 11 places.', 'pass claims=1'],
    [
      { kind: 'fact', near: ['arrives'], fact: 'eta', compare: '<=', as: 'date' },
      'It arrives on March 9, 2026.',
      'fail claimed=2026-03-09 fact=2026-03-07 at=eta',
    ],
    [
      { kind: 'fact', near: ['arrives'], fact: 'eta', compare: '=', as: 'date' },
      'It arrives on 7.3.2026.',
      'pass claims=1',
    ],
    [{ ...seats, fact: 'gone' }, 'We have 12 seats left.', 'not_applicable no_fact'],
  ])('%j on %j gives %s', (rule, text, expected) => {
    expect(brief(rule, text, { capacity: { free: 12 }, eta: '2026-03-07' })).toBe(expected);
  });

  it('is refused with one sentence where it cannot be right', () => {
    const problems = (rules: unknown[]): string[] =>
      checkOptionFaults(checksOptions.parse({ rules })).map(({ problem }) => problem);
    expect(problems([{ name: 'a', kind: 'regex', pattern: '(' }])[0]).toContain('`a`');
    expect(problems([{ name: 'refusal', kind: 'regex', pattern: 'x' }])[0]).toContain('taken');
    expect(problems([{ name: 'a', kind: 'range', path: '$.a' }])[0]).toContain('`min` or `max`');
    expect(problems([{ name: 'a', kind: 'range', path: '$..a', min: 1 }])[0]).toContain('not a path');
    expect(problems([{ name: 'a', kind: 'schema', schema: { type: 'nonsense' } }])[0]).toContain('refused');
  });
});

describe('a path', () => {
  it('leads to own properties only', () => {
    const at = (path: string): readonly unknown[] =>
      valuesAt({ a: [{ 'b c': 1 }, { 'b c': 2 }] }, parseJsonPath(path) ?? []);
    expect(at("$.a[*]['b c']")).toEqual([1, 2]);
    expect(at('a[1]["b c"]')).toEqual([2]);
    expect(at('constructor')).toEqual([]);
    expect(at('a.length')).toEqual([2]);
    expect(parseJsonPath('$.a[')).toBeNull();
  });
});
