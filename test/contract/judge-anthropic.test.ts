import { createAnthropicClient } from '../../src/judge/client/anthropic';
import { judgeOptions } from '../../src/judge/options';
import { type Scripted, startJudgeServer } from '../support/judge-server';
import { KEY, REQUEST, judgeProviderContract } from './judge-provider';

function message(text: string, overrides: object = {}): Scripted {
  return {
    body: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'judge-2026-01-01',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 20, cache_creation_input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 30 },
      ...overrides,
    },
  };
}

function error(type: string): object {
  return { type: 'error', error: { type, message: 'words of the provider' }, request_id: 'req_1' };
}

judgeProviderContract({
  name: 'anthropic',
  create: (options, apiKey) => createAnthropicClient(options, { apiKey, random: () => 0.01 }),
  answer: (text) => message(text),
  cutAtLimit: (text) => message(text, { stop_reason: 'max_tokens' }),
  refusal: () => message('', { stop_reason: 'refusal', content: [] }),
  contentFilter: () => message('{"a":1}', { stop_reason: 'refusal', stop_details: { category: 'violence' } }),
  quotaUsedUp: () => ({ status: 400, body: error('billing_error') }),
  errorInside: () => ({ body: error('overloaded_error') }),
});

async function ask(respond: () => Scripted, request = REQUEST): Promise<{ reply: object; seen: object | undefined }> {
  const server = await startJudgeServer(respond);
  const options = judgeOptions.parse({ name: 'j', provider: 'anthropic', model: 'm-1', baseUrl: server.baseUrl });
  const client = createAnthropicClient(options, { apiKey: KEY });
  const reply = await client.complete(request, new AbortController().signal);
  await client.close();
  await server.close();
  return { reply, seen: server.requests[0] };
}

describe('the Messages request', () => {
  it('carries key, version, cached instructions and a schema without bounds', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1, maximum: 5 } } };
    const { seen } = await ask(() => message('{}'), { ...REQUEST, schema });
    expect(seen).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
      body: {
        model: 'm-1',
        max_tokens: 600,
        system: [{ type: 'text', text: REQUEST.system, cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content: REQUEST.user }],
      },
    });
    expect((seen as { body: { output_config: unknown } }).body.output_config).toEqual({
      format: { type: 'json_schema', schema: { type: 'object', properties: { n: { type: 'integer' } } } },
    });
  });

  it.each([
    ['model_context_window_exceeded', 'too_long'],
    ['tool_use', 'unreadable'],
    ['pause_turn', 'unreadable'],
  ])('takes the end %s for %s', async (stop_reason, failure) => {
    expect((await ask(() => message('{}', { stop_reason }))).reply).toMatchObject({ text: null, failure });
  });

  it('joins text blocks and leaves others aside', async () => {
    const content = [
      { type: 'thinking', thinking: '{"no":1}' },
      { type: 'text', text: '{"a"' },
      { type: 'text', text: ':1}' },
    ];
    expect((await ask(() => message('', { content }))).reply).toMatchObject({ text: '{"a":1}' });
  });
});
