import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { type Fields, interactionOf, mapperOf, minimal } from './mapper';

const openAi = {
  filters: [{ path: 'response.choices[0]', exists: true }],
  fields: {
    interaction_id: 'response.id',
    conversation_id: 'session',
    occurred_at: { path: 'response.created', as: 'epoch_s' },
    producer: { object: { provider: { const: 'openai' }, model: { firstOf: ['response.model', 'request.model'] } } },
    input: {
      each: 'request.messages',
      item: {
        role: { path: 'role', map: { developer: 'system', function: 'tool' } },
        content: { path: 'content', as: 'text', default: '' },
      },
    },
    output: {
      object: {
        text: { path: 'response.choices[0].message.content', default: '' },
        finish_reason: 'response.choices[0].finish_reason',
        refusal: 'response.choices[0].message.refusal',
        tool_calls: {
          each: 'response.choices[0].message.tool_calls',
          item: { name: 'function.name', arguments: 'function.arguments' },
        },
      },
    },
    usage: {
      object: { input_tokens: 'response.usage.prompt_tokens', output_tokens: 'response.usage.completion_tokens' },
    },
    trace: { object: { trace_id: 'trace.id', span_id: 'trace.span' } },
  },
};

const openAiRecord = {
  session: 's-1',
  request: {
    model: 'gpt-4o',
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
        ],
      },
      { role: 'assistant', content: null },
    ],
  },
  response: {
    id: 'chatcmpl-1',
    model: 'gpt-4o-2024-08-06',
    created: 1_772_442_000,
    choices: [
      {
        message: { content: null, refusal: null, tool_calls: [{ function: { name: 'look', arguments: '{"a":1}' } }] },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 3 },
  },
};

describe('the mapping of foreign records', () => {
  it('maps a log of chat completions', () => {
    expect(interactionOf(mapperOf(openAi)(openAiRecord))).toMatchObject({
      interactionId: 'chatcmpl-1',
      conversationId: 's-1',
      occurredAt: 1_772_442_000_000,
      producer: { provider: 'openai', model: 'gpt-4o-2024-08-06' },
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is this?\n[image_url]' },
        { role: 'assistant', content: '' },
      ],
      output: { text: '', finishReason: 'tool_calls', toolCalls: [{ name: 'look', arguments: '{"a":1}' }] },
      usage: { inputTokens: 12, outputTokens: 3 },
      trace: null,
    });
  });

  it('leaves out on purpose what a filter does not want', () => {
    const map = mapperOf(openAi);
    expect(map({ ...openAiRecord, response: { error: 'x' } })).toEqual({ ok: true, value: { kind: 'filtered' } });
  });

  it.each<[string, Fields, Fields, boolean]>([
    ['equals', { path: 's', equals: 200 }, { s: 200 }, true],
    ['equals, of another type', { path: 's', equals: 200 }, { s: '200' }, false],
    ['notEquals', { path: 's', notEquals: 'x' }, { s: 'x' }, false],
    ['in', { path: 's', in: ['a', 'b'] }, { s: 'b' }, true],
    ['exists, of null', { path: 's', exists: true }, { s: null }, false],
    ['exists: false', { path: 's', exists: false }, {}, true],
  ])('filters by %s', (_, filter, record, isWanted) => {
    const map = mapperOf({ filters: [filter], fields: {} });
    const result = map(record);
    expect(result.ok && result.value.kind === 'filtered').toBe(!isWanted);
  });

  it('maps a flat gateway log', () => {
    const map = mapperOf({
      filters: [{ path: 'status', equals: 200 }],
      fields: {
        interaction_id: 'req_id',
        occurred_at: { path: 'ts', as: 'iso8601' },
        producer: { object: { provider: { const: 'gateway' }, model: 'model' } },
        segments: { object: { tenant: 'tenant', plan: { path: 'plan', as: 'string', default: 'free' } } },
        input: {
          list: [
            { object: { role: { const: 'system' }, content: 'system' } },
            { object: { role: { const: 'user' }, content: 'prompt' } },
          ],
        },
        output: { object: { text: 'completion' } },
        usage: { object: { latency_ms: { path: 'latency_ms', as: 'number' } } },
      },
    });
    const record = {
      ts: '2026-03-02 09:00:00',
      req_id: 'r1',
      tenant: 'a',
      prompt: 'Hi',
      completion: 'Ho',
      model: 'm',
      latency_ms: '12.5',
      status: 200,
    };
    expect(interactionOf(map(record))).toMatchObject({
      interactionId: 'r1',
      conversationKnown: false,
      occurredAt: 1_772_442_000_000,
      segments: { tenant: 'a', plan: 'free' },
      input: [{ role: 'user', content: 'Hi' }],
      usage: { latencyMs: 12.5 },
    });
    expect(interactionOf(map({ ...record, system: 'S' })).input).toHaveLength(2);
  });

  const rows = join(
    process.env['PLUMBLINE_DATA'] ?? join(__dirname, '../../../../shared/data'),
    'realmistake.jsonl.gz',
  );
  (existsSync(rows) ? it : it.skip)('maps every recorded row of the benchmark', () => {
    const map = mapperOf({
      fields: {
        interaction_id: 'item_id',
        occurred_at: { const: 1_772_442_000_000 },
        producer: { object: { provider: { const: 'recorded' }, model: 'response_model' } },
        segments: { object: { task: 'task' } },
        input: { list: [{ object: { role: { const: 'user' }, content: 'prompt' } }] },
        output: { object: { text: 'response' } },
      },
    });
    const lines = gunzipSync(readFileSync(rows)).toString().trim().split('\n');
    const mapped = lines.map((line) => interactionOf(map(JSON.parse(line))));
    expect(mapped).toHaveLength(lines.length);
    expect(mapped.every(({ input, producer }) => input[0]?.content !== '' && producer.model !== '')).toBe(true);
  });

  it.each(['openai-log', 'gateway-log'])('accepts the mapping of examples/%s.yaml', (name) => {
    const text = readFileSync(join(__dirname, `../../../examples/${name}.yaml`), 'utf8');
    const { source } = parseYaml(text) as { source: { mapping: unknown } };
    const result = mapperOf(source.mapping)({});
    expect(result).toMatchObject({ ok: true, value: { kind: 'filtered' } });
  });

  it.each<[string, unknown, unknown]>([
    ['string', 4, '4'],
    ['number', '-1.5e2', -150],
    ['boolean', 'true', true],
    ['epoch_s', 1_772_442_000.5, 1_772_442_000_500],
    ['epoch_ms', '1772442000000', 1_772_442_000_000],
    ['epoch_us', 1_772_442_000_000_000, 1_772_442_000_000],
    ['epoch_ns', '1772442000000000000', 1_772_442_000_000],
    ['iso8601', '2026-03-02T10:00:00.5+01:00', 1_772_442_000_500],
    ['lines', ['a', 'b'], 'a\nb'],
    ['text', ['a', { content: 'b' }], 'a\nb'],
    ['json', '[1]', [1]],
  ])('converts by %s', (as, seen, wanted) => {
    const map = mapperOf({ fields: { ...minimal, facts: { path: 'n', as } } });
    expect(interactionOf(map({ id: 'i', n: seen })).facts).toEqual(wanted);
  });

  it('reads items by conditions, the record from inside of an item, and a list of plain texts', () => {
    const map = mapperOf({
      fields: {
        ...minimal,
        input: {
          list: [
            { each: 'log', where: [{ path: 'kind', equals: 'say' }], item: { role: '$.role', content: 'text' } },
            { each: 'more', item: { role: { const: 'user' }, content: '.' } },
          ],
        },
      },
    });
    const record = { id: 'i', role: 'assistant', log: [{ kind: 'say', text: 'a' }, { kind: 'do' }], more: ['b'] };
    expect(interactionOf(map(record)).input).toEqual([
      { role: 'assistant', content: 'a' },
      { role: 'user', content: 'b' },
    ]);
  });
});
