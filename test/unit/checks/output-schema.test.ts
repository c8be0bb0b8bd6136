import { createOutputSchemaCheck } from '../../../src/checks/output-schema';
import { createSchemaCompiler } from '../../../src/checks/schema-compiler';
import { buildInteraction } from '../../support/builders/interaction';

const check = createOutputSchemaCheck();

function outcome(outputSchema: unknown, text: string): string {
  const output = { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
  const { result, detail } = check.run(buildInteraction({ outputSchema, output }));
  return detail === null ? result : `${result} ${detail}`;
}

const CITY = { type: 'object', required: ['city'], properties: { city: { type: 'string', pattern: '^[A-Z]' } } };

describe('output_schema', () => {
  it.each([
    [null, 'prose', 'not_applicable'],
    [CITY, '{"city":"Paris"}', 'pass'],
    [CITY, '{}', 'fail keyword=required'],
    [CITY, '{"city":"paris"}', 'fail keyword=pattern'],
    [CITY, 'Paris', 'fail not_json'],
    [CITY, '```json\n{"city":"Paris"}\n```', 'fail fenced_json'],
    [CITY, '{"city":"[email]"}', 'not_applicable redacted_value'],
    [{ properties: { card: { type: 'integer' } } }, '{"card":"[card]"}', 'not_applicable redacted_value'],
    [{ type: 'array', uniqueItems: true }, '[1,2,1]', 'fail keyword=uniqueItems'],
    [{ type: 'string', format: 'date' }, '"tomorrow"', 'fail keyword=format'],
    [{ $defs: { a: { type: 'integer' } }, $ref: '#/$defs/a' }, '"x"', 'fail keyword=type'],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'integer' }] },
      '["x"]',
      'fail keyword=type',
    ],
    [{ prefixItems: [{ type: 'integer' }] }, '["x"]', 'fail keyword=type'],
    [false, '1', 'fail keyword=false schema'],
  ])('case %# gives the expected outcome', (schema, text, expected) => {
    expect(outcome(schema, text)).toBe(expected);
  });

  it.each([
    ['no schema', { type: 'nope' }, 'invalid_schema'],
    ['text instead of a schema', 'object', 'invalid_schema'],
    ['a reference out of the document', { $ref: 'https://example.com/a.json' }, 'invalid_schema'],
    ['an asynchronous schema', { $async: true }, 'invalid_schema'],
    ['a pattern beyond RE2', { type: 'string', pattern: '(?=a)\\1' }, 'invalid_schema'],
    ['a huge schema', { description: 'x'.repeat(70_000) }, 'too_large'],
  ])('does not apply to %s', (_, schema, reason) => {
    expect(outcome(schema, '"a"')).toBe(`not_applicable ${reason}`);
  });

  it('refuses schemas whose references double at every step', () => {
    const $defs: Record<string, unknown> = { d40: { type: 'integer' } };
    for (let k = 0; k < 40; k++)
      $defs[`d${k}`] = { allOf: [{ $ref: `#/$defs/d${k + 1}` }, { $ref: `#/$defs/d${k + 1}` }] };
    expect(outcome({ $defs, $ref: '#/$defs/d0' }, '1')).toMatch(/^not_applicable too_(costly|deep)$/);
  });

  it('does not apply to a schema deeper than any stack', () => {
    let schema: unknown = {};
    for (let k = 0; k < 50_000; k++) schema = { not: schema };
    expect(outcome(schema, '1')).toBe('not_applicable too_deep');
  });

  it('survives recursion without end, of the schema and of the answer', () => {
    expect(outcome({ $ref: '#' }, '1')).toMatch(/^not_applicable /);
    const list = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(outcome(list, '{"next":{"next":1}}')).toBe('fail keyword=type');
    expect(outcome(list, '{"next":'.repeat(20_000) + '{}' + '}'.repeat(20_000))).toMatch(
      /^(?:pass|not_applicable too_deep)$/,
    );
  });

  it('stays linear on a pattern that would hang a backtracking engine', () => {
    const started = performance.now();
    expect(outcome({ type: 'string', pattern: '^(a+)+$' }, `"${'a'.repeat(2000)}!"`)).toBe('fail keyword=pattern');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('keeps two schemas of the same $id apart', () => {
    expect(outcome({ $id: 'https://example.com/a', type: 'string' }, '1')).toBe('fail keyword=type');
    expect(outcome({ $id: 'https://example.com/a', type: 'integer' }, '1')).toBe('pass');
    const named = (type: string) => ({ $defs: { part: { $id: 'https://example.com/part', type } }, $ref: '/part' });
    expect(outcome({ $id: 'https://example.com/b', ...named('string') }, '1')).toBe('fail keyword=type');
    expect(outcome({ $id: 'https://example.com/c', ...named('integer') }, '1')).toBe('pass');
  });
});

describe('the schema compiler', () => {
  it('compiles an equal schema once, and forgets the one unused longest', () => {
    const compile = createSchemaCompiler();
    const first = compile({ const: 'first' });
    expect(compile({ const: 'first' })).toBe(first);
    for (let k = 0; k < 64; k++) compile({ const: k });
    expect(compile({ const: 'first' })).not.toBe(first);
  });
});
