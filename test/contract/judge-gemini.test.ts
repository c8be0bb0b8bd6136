import { createGeminiClient } from '../../src/judge/client/gemini';
import { judgeOptions } from '../../src/judge/options';
import { type Scripted, startJudgeServer } from '../support/judge-server';
import { KEY, REQUEST, judgeProviderContract } from './judge-provider';

function generated(text: string, finishReason = 'STOP', overrides: object = {}): Scripted {
  return {
    body: {
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason, index: 0 }],
      usageMetadata: { promptTokenCount: 120, candidatesTokenCount: 20, thoughtsTokenCount: 10, totalTokenCount: 150 },
      modelVersion: 'judge-2026-01-01',
      ...overrides,
    },
  };
}

function exhausted(quotaId: string, retryDelay: string): Scripted {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
  ];
  return { status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota', details } } };
}

judgeProviderContract({
  name: 'gemini',
  create: (options, apiKey) => createGeminiClient(options, { apiKey, random: () => 0.01 }),
  answer: (text) => generated(text),
  cutAtLimit: (text) => generated(text, 'MAX_TOKENS'),
  refusal: () => ({ body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: {} } }),
  contentFilter: () => generated('{"a":1}', 'SAFETY'),
  quotaUsedUp: () => exhausted('GenerateRequestsPerDayPerProjectPerModel', '1s'),
  errorInside: () => ({ body: { error: { code: 503, status: 'UNAVAILABLE', message: 'down' } } }),
});

describe('the generateContent request', () => {
  async function ask(
    respond: (index: number) => Scripted,
  ): Promise<{ reply: object; seen: object | undefined; ms: number }> {
    const server = await startJudgeServer(({ index }) => respond(index));
    const options = judgeOptions.parse({ name: 'j', provider: 'gemini', model: 'gemini-x', baseUrl: server.baseUrl });
    const client = createGeminiClient(options, { apiKey: KEY, random: () => 0.01 });
    const startedAt = performance.now();
    const reply = await client.complete(REQUEST, new AbortController().signal);
    const ms = performance.now() - startedAt;
    await client.close();
    await server.close();
    return { reply, seen: server.requests[0], ms };
  }

  it('carries the key in a header, never in the address, and the schema', async () => {
    const { seen } = await ask(() => generated('{}'));
    expect(seen).toMatchObject({
      path: '/v1/models/gemini-x:generateContent',
      headers: { 'x-goog-api-key': KEY },
      body: {
        systemInstruction: { parts: [{ text: REQUEST.system }] },
        contents: [{ role: 'user', parts: [{ text: REQUEST.user }] }],
        generationConfig: {
          responseMimeType: 'application/json',
          responseJsonSchema: REQUEST.schema,
          maxOutputTokens: 600,
        },
      },
    });
  });

  it('waits as long as the error itself asks', async () => {
    const { reply, ms } = await ask((index) => (index === 0 ? exhausted('PerMinute', '0.15s') : generated('{}')));
    expect(reply).toMatchObject({ text: '{}', attempts: 2 });
    expect(ms).toBeGreaterThanOrEqual(140);
  });

  it('leaves thoughts aside', async () => {
    const parts = [{ text: '{"draft":1}', thought: true }, { text: '{"a":1}' }];
    const candidates = [{ content: { parts }, finishReason: 'STOP' }];
    expect((await ask(() => generated('', 'STOP', { candidates }))).reply).toMatchObject({ text: '{"a":1}' });
  });

  it.each(['RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST'])('takes %s for a refusal', async (reason) => {
    expect((await ask(() => generated('{"a":1}', reason))).reply).toMatchObject({ text: null, failure: 'refused' });
  });
});
