import { type Fields, mapperOf, minimal } from './mapper';

describe('the faults of a mapping', () => {
  it('lists all fields it found nothing for, each with where it looked', () => {
    const map = mapperOf({
      fields: {
        interaction_id: 'id',
        producer: { object: { provider: { const: 'p' }, model: { firstOf: ['a.model', 'b.model'] } } },
        output: { object: { text: 'answer' } },
      },
    });
    expect(map({ id: null })).toEqual({
      ok: false,
      error: {
        reason: 'unmapped',
        detail:
          'found nothing for interaction_id (from id), occurred_at, producer.model (from a.model, b.model), output.text (from answer)',
        schemaId: null,
      },
    });
  });

  it.each<[string, Fields, Fields, string, string]>([
    [
      'a text that is no number',
      { turn_index: { path: 'n', as: 'number' } },
      { n: 'three' },
      'wrong_type',
      'turn_index: wanted number, saw string (from n)',
    ],
    [
      'a number where text is wanted',
      { reference_answer: 'n' },
      { n: 4 },
      'wrong_type',
      'reference_answer: wanted string, saw number (from n)',
    ],
    [
      'a text that is no time',
      { occurred_at: { path: 'n', as: 'iso8601' } },
      { n: 'yesterday' },
      'invalid',
      'occurred_at: wanted an ISO 8601 time, saw another string (from n)',
    ],
    [
      'a text that is no JSON',
      { facts: { path: 'n', as: 'json' } },
      { n: '{' },
      'invalid',
      'facts: wanted JSON text, saw other text (from n)',
    ],
    [
      'something else than a list',
      { input: { each: 'n', item: { role: 'r', content: 'c' } } },
      { n: 'x' },
      'wrong_type',
      'input: wanted list, saw string (from n)',
    ],
    [
      'a wrong item',
      { input: { each: 'n', item: { role: 'r', content: 'c' } } },
      {
        n: [
          { r: 'user', c: 'a' },
          { r: 'user', c: 5 },
        ],
      },
      'wrong_type',
      'input[1].content: wanted string, saw number (from c)',
    ],
    [
      'an item without a field',
      { input: { each: 'n', item: { role: 'r', content: 'c' } } },
      { n: [{ r: 'user' }] },
      'unmapped',
      'found nothing for input[0].content (from c)',
    ],
    [
      'a list of content that is none',
      { input: { each: 'n', item: { role: 'r', content: { path: 'c', as: 'text' } } } },
      { n: [{ r: 'user', c: [7] }] },
      'wrong_type',
      'input[0].content[0]: wanted a part with text or a type, saw number',
    ],
  ])('faults on %s and names field and path', (_, fields, record, reason, detail) => {
    const result = mapperOf({ fields: { ...minimal, ...fields } })({ id: 'i', ...record });
    expect(result).toEqual({ ok: false, error: { reason, detail, schemaId: null } });
  });

  it.each<[string, Fields]>([
    ['wanted a path like a.b[0]', { interaction_id: 'a..b' }],
    ['a path must not name __proto__', { interaction_id: 'a.__proto__.b' }],
  ])('refuses rules at the start: %s', (message, fields) => {
    expect(() => mapperOf({ fields })).toThrow(message);
  });

  it('refuses rules that contradict themselves', () => {
    expect(() => mapperOf({ fields: { interaction_id: { path: 'a', const: 1 } } })).toThrow(
      'interaction_id: wanted a path or a constant',
    );
    expect(() => mapperOf({ fields: { interaction_id: {} } })).toThrow(
      'interaction_id: wanted a path, firstOf, const or default',
    );
    expect(() => mapperOf({ filters: [{ path: 'a' }], fields: {} })).toThrow('the filter on a: wanted equals');
  });
});
