import { createOpenAiClient } from '../../src/judge/client/openai';
import { judgeOptions } from '../../src/judge/options';
import { completion, startJudgeServer } from '../support/judge-server';
import { KEY, REQUEST, judgeProviderContract } from './judge-provider';

judgeProviderContract({
  name: 'openai',
  create: (options, apiKey) => createOpenAiClient(options, { apiKey, random: () => 0.01 }),
  answer: (text) => completion(text),
  cutAtLimit: (text) => completion(text, { finishReason: 'length' }),
  refusal: () => completion(null, { refusal: 'I would rather not' }),
  contentFilter: () => completion('{"a":1}', { finishReason: 'content_filter' }),
  quotaUsedUp: () => ({
    status: 429,
    body: { error: { message: 'You exceeded your quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
  }),
  errorInside: () => ({ body: { error: { code: 502, message: 'upstream is down' } } }),
});

describe('the chat-completions request', () => {
  async function requestFor(overrides: object): Promise<Record<string, unknown>> {
    const server = await startJudgeServer(() => completion('{}'));
    const options = judgeOptions.parse({ name: 'j', model: 'm-1', baseUrl: server.baseUrl, ...overrides });
    const client = createOpenAiClient(options, { apiKey: KEY });
    await client.complete(REQUEST, new AbortController().signal);
    await client.close();
    await server.close();
    const [seen] = server.requests;
    expect(seen).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect(seen?.headers.authorization).toBe(`Bearer ${KEY}`);
    return { ...seen?.body };
  }

  it('carries the schema as a strict contract, the prompt and the token limit', async () => {
    expect(await requestFor({ maxOutputTokens: 77 })).toEqual({
      model: 'm-1',
      messages: [
        { role: 'system', content: REQUEST.system },
        { role: 'user', content: REQUEST.user },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'verdicts', strict: true, schema: REQUEST.schema } },
      max_tokens: 77,
    });
  });

  it('carries a temperature only when one is configured', async () => {
    expect(await requestFor({ temperature: 0 })).toMatchObject({ temperature: 0 });
    expect(await requestFor({})).not.toHaveProperty('temperature');
  });

  it('carries no authorization when the endpoint wants none', async () => {
    const server = await startJudgeServer(() => completion('{}'));
    const options = judgeOptions.parse({ name: 'j', model: 'm', baseUrl: server.baseUrl });
    const client = createOpenAiClient(options, { apiKey: null });
    await client.complete(REQUEST, new AbortController().signal);
    await client.close();
    await server.close();
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('errors that the protocol names', () => {
  it.each([
    ['content_filter', 400, 'refused'],
    ['context_length_exceeded', 400, 'too_long'],
    ['billing_hard_limit_reached', 400, 'rate_limited'],
  ])('takes the code %s under HTTP %i for %s', async (code, status, failure) => {
    const server = await startJudgeServer(() => ({ status, body: { error: { code, message: 'text' } } }));
    const options = judgeOptions.parse({ name: 'j', model: 'm', baseUrl: server.baseUrl });
    const client = createOpenAiClient(options, { apiKey: KEY });
    expect(await client.complete(REQUEST, new AbortController().signal)).toMatchObject({ failure, attempts: 1 });
    await client.close();
    await server.close();
  });

  it.each([
    ['a string', 'judge'],
    ['negative', { prompt_tokens: -1, completion_tokens: 1e99 }],
    ['missing', null],
  ])('counts no tokens when the usage is %s', async (_, usage) => {
    const server = await startJudgeServer(() => completion('{}', { usage, model: '<script>' }));
    const options = judgeOptions.parse({ name: 'j', model: 'm', baseUrl: server.baseUrl });
    const client = createOpenAiClient(options, { apiKey: KEY });
    const reply = await client.complete(REQUEST, new AbortController().signal);
    expect(reply).toMatchObject({ text: '{}', inputTokens: 0, outputTokens: 0, reportedVersion: null });
    await client.close();
    await server.close();
  });
});
