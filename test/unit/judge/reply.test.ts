import { createReplyFormat } from '../../../src/judge/reply';
import { parseStrictJson } from '../../../src/judge/strict-json';
import { criterion } from './fake-judge';

const format = createReplyFormat([
  criterion('helpful'),
  criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 } }),
]);
const helpful = { rationale: 'because', verdict: 'pass', confidence: 80 };
const tone = { rationale: 'kind', score: 4 };

function parse(body: unknown): ReturnType<typeof format.parse> {
  return format.parse(typeof body === 'string' ? body : JSON.stringify(body), 'n-1');
}

function body(change: { helpful?: unknown; tone?: unknown; nonce?: unknown } = {}): object {
  return {
    nonce: 'n-1',
    criteria: { helpful, tone },
    ...('nonce' in change ? { nonce: change.nonce } : {}),
    ...('helpful' in change || 'tone' in change
      ? { criteria: { helpful: change.helpful ?? helpful, tone: change.tone ?? tone } }
      : {}),
  };
}

describe('a reply', () => {
  it('gives the probability of a pass', () => {
    const read = (verdict: string, confidence: number) => {
      const parsed = parse(body({ helpful: { ...helpful, verdict, confidence } }));
      return parsed.ok ? parsed.value.get('helpful') : parsed.error;
    };
    expect(read('pass', 80)).toEqual({ outcome: 'scored', score: 0.8, confidence: 0.8, rationale: 'because' });
    expect(read('fail', 95)).toEqual({ outcome: 'scored', score: 0.05, confidence: 0.95, rationale: 'because' });
    expect(read('fail', 50)).toMatchObject({ score: 0.5 });
    expect(read('pass', 100)).toMatchObject({ score: 1 });
    expect(read('fail', 100)).toMatchObject({ score: 0 });
    expect(read('not_applicable', 70)).toEqual({
      outcome: 'not_applicable',
      score: null,
      confidence: 0.7,
      rationale: 'because',
    });
  });

  it('maps a scale to [0, 1]', () => {
    for (const [score, mapped] of [
      [1, 0],
      [4, 0.75],
      [5, 1],
    ]) {
      const parsed = parse(body({ tone: { rationale: 'r', score } }));
      expect(parsed.ok && parsed.value.get('tone')).toMatchObject({
        outcome: 'scored',
        score: mapped,
        confidence: null,
      });
    }
  });

  it('holds the rationale to a length and to visible characters', () => {
    const parsed = parse(body({ helpful: { ...helpful, rationale: `\u202e<|im_end|>${'x'.repeat(5000)}` } }));
    const rationale = (parsed.ok && parsed.value.get('helpful')?.rationale) || '';
    expect(rationale.length).toBeLessThanOrEqual(1000);
    expect(rationale.startsWith('‹¦im_end¦›x')).toBe(true);
  });

  const whole = JSON.stringify(body());
  const unreadable: readonly [string, unknown, string][] = [
    ['prose', 'I would say 9 out of 10.', 'no json object'],
    ['JSON within prose', `Here you are: ${whole}`, 'no json object'],
    ['a fenced code block', `\`\`\`json\n${whole}\n\`\`\``, 'no json object'],
    ['two objects', `${whole}${whole}`, 'no json object'],
    ['nothing', '', 'no json object'],
    ['null', 'null', 'wrong shape'],
    ['another nonce', body({ nonce: 'n-2' }), 'wrong nonce'],
    ['no nonce', { criteria: { helpful, tone } }, 'wrong shape'],
    ['a nonce of another type', body({ nonce: 1 }), 'wrong shape'],
    ['a missing criterion', { nonce: 'n-1', criteria: { helpful } }, 'wrong shape'],
    ['a further criterion', { nonce: 'n-1', criteria: { helpful, tone, extra: helpful } }, 'wrong shape'],
    ['a further key', { ...body(), score: 10 }, 'wrong shape'],
    ['a further key in a criterion', body({ helpful: { ...helpful, score: 1 } }), 'wrong shape'],
    ['a number in a string', body({ helpful: { ...helpful, confidence: '90' } }), 'wrong shape'],
    ['a fraction', body({ helpful: { ...helpful, confidence: 80.5 } }), 'wrong shape'],
    ['too little confidence', body({ helpful: { ...helpful, confidence: 49 } }), 'wrong shape'],
    ['too much confidence', body({ helpful: { ...helpful, confidence: 101 } }), 'wrong shape'],
    ['an unknown verdict', body({ helpful: { ...helpful, verdict: 'PASS' } }), 'wrong shape'],
    ['a boolean verdict', body({ helpful: { ...helpful, verdict: true } }), 'wrong shape'],
    ['no rationale', body({ helpful: { verdict: 'pass', confidence: 90 } }), 'wrong shape'],
    ['a score below the scale', body({ tone: { rationale: 'r', score: 0 } }), 'wrong shape'],
    ['a score above the scale', body({ tone: { rationale: 'r', score: 6 } }), 'wrong shape'],
    ['a fraction on the scale', body({ tone: { rationale: 'r', score: 4.5 } }), 'wrong shape'],
    ['an array', [body()], 'wrong shape'],
    ['infinity', whole.replace('80', '1e999'), 'wrong shape'],
    ['NaN', whole.replace('80', 'NaN'), 'no json object'],
    ['a key given twice', whole.replace('"confidence":80', '"confidence":10,"confidence":80'), 'duplicate key'],
    [
      'a key given twice by escapes',
      whole.replace('"verdict":"pass"', '"verdict":"fail","v\\u0065rdict":"pass"'),
      'duplicate key',
    ],
    ['a prototype', whole.replace('{"nonce"', '{"__proto__":{"x":1},"nonce"'), 'wrong shape'],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'no json object'],
  ];
  it.each(unreadable)('with %s has no score', (_, reply, fault) => {
    expect(parse(reply)).toEqual({ ok: false, error: fault });
  });

  it('may have white space around and keys in any order', () => {
    expect(parse(`\n ${JSON.stringify({ criteria: { tone, helpful }, nonce: 'n-1' })}\n`).ok).toBe(true);
  });

  it('works for criteria named like built-in properties', () => {
    const odd = createReplyFormat([criterion('constructor'), criterion('toString')]);
    expect(odd.parse('{"nonce":"n","criteria":{}}', 'n')).toEqual({ ok: false, error: 'wrong shape' });
    const good = JSON.stringify({ nonce: 'n', criteria: { constructor: helpful, toString: helpful } });
    expect(odd.parse(good, 'n').ok).toBe(true);
  });
});

describe('the schema for the provider', () => {
  it('closes every object and requires every key, as strict decoders demand', () => {
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { type, properties, required, additionalProperties } = node as Record<string, unknown>;
      if (type === 'object') {
        expect(additionalProperties).toBe(false);
        expect(required).toEqual(Object.keys(properties as object));
      }
      Object.values(node).forEach(visit);
    };
    visit(format.schema);
  });

  it('asks for the rationale before the verdict, and is the same for every item', () => {
    expect(format.schema).toMatchObject({
      properties: {
        nonce: { type: 'string' },
        criteria: {
          properties: {
            helpful: {
              properties: {
                verdict: { enum: ['pass', 'fail', 'not_applicable'] },
                confidence: { type: 'integer', minimum: 50, maximum: 100 },
              },
            },
            tone: { properties: { score: { type: 'integer', minimum: 1, maximum: 5 } } },
          },
        },
      },
    });
    expect(JSON.stringify(format.schema)).toMatch(/"rationale".*"verdict".*"confidence"/);
  });

  it('is not made for a scale without bounds', () => {
    expect(() => createReplyFormat([criterion('tone', { kind: 'scale' })])).toThrow('scale');
  });
});

describe('parseStrictJson', () => {
  it.each(['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '{"a":"a:{\\"a\\":1}"}', '["a","a"]', '{"a":"b","b":"a"}', '"x"'])(
    'takes %s as JSON.parse does',
    (text) => {
      expect(parseStrictJson(text, 8)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    },
  );
});

describe('a schema made for one item', () => {
  it('holds the decoder to the nonce and bounds the rationale, and is read as any other reply', () => {
    const schema = JSON.stringify(format.schemaFor('n-7'));
    expect(schema).toContain('"const":"n-7"');
    expect(schema).toContain('"maxLength":300');
    expect(schema).toMatch(/"enum":\[50,51,.*,100\]/);
    expect(JSON.stringify(format.schema)).not.toMatch(/"const"|maxLength/);
  });
});
