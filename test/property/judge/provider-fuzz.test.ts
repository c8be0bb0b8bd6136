import type { Dispatcher } from 'undici';
import { createAnthropicClient } from '../../../src/judge/client/anthropic';
import type { Endpoint } from '../../../src/judge/client/endpoint';
import { createGeminiClient } from '../../../src/judge/client/gemini';
import { createOpenAiClient } from '../../../src/judge/client/openai';
import { judgeOptions } from '../../../src/judge/options';
import type { JudgeClient, JudgeRequest } from '../../../src/judge/port';
import { createReplyFormat } from '../../../src/judge/reply';
import { seededRandom } from '../../support/builders/random';
import { verdicts } from '../../support/judge-server';
import { criterion } from '../../unit/judge/fake-judge';

/** Responses of providers, mutated: 10^5 here, more with PLUMBLINE_FUZZ=1000000 at night. */
const ROUNDS = Math.ceil(Number(process.env['PLUMBLINE_FUZZ'] ?? 100_000) / 3);

const NONCE = 'n-1';
const format = createReplyFormat([
  criterion('helpful'),
  criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 } }),
]);
const GOOD = verdicts({ nonce: NONCE, criteria: ['helpful', 'tone'] }, {}, { tone: { score: 4 } });
const REQUEST: JudgeRequest = { system: 's', user: 'u', schema: format.schema, schemaName: format.schemaName };

const PROVIDERS = [
  {
    name: 'openai',
    create: createOpenAiClient,
    body: {
      model: 'm',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: GOOD } }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    },
  },
  {
    name: 'anthropic',
    create: createAnthropicClient,
    body: {
      model: 'm',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: GOOD }],
      usage: { input_tokens: 10, output_tokens: 5 },
    },
  },
  {
    name: 'gemini',
    create: createGeminiClient,
    body: {
      modelVersion: 'm',
      candidates: [{ finishReason: 'STOP', content: { parts: [{ text: GOOD }] } }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 },
    },
  },
] as const;

const ALWAYS: Endpoint = { admit: () => Promise.resolve('go'), report: () => undefined };

/** A client whose every call is answered by what is set last, as bytes that came over the wire. */
function wired(create: (typeof PROVIDERS)[number]['create']): {
  readonly client: JudgeClient;
  readonly answer: (bytes: Buffer, status?: number) => void;
} {
  let now: { readonly bytes: Buffer; readonly status: number } = { bytes: Buffer.alloc(0), status: 200 };
  const controller = { abort: () => undefined } as unknown as Dispatcher.DispatchController;
  const dispatch: Dispatcher['dispatch'] = (_, handler) => {
    const { bytes, status } = now;
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, status, { 'content-type': 'application/json' });
    handler.onResponseData?.(controller, bytes);
    handler.onResponseEnd?.(controller, {});
    return true;
  };
  const options = judgeOptions.parse({ name: 'j', model: 'm', baseUrl: 'http://127.0.0.1:9/v1', retries: 0 });
  const dispatcher = { dispatch } as unknown as Dispatcher;
  return {
    client: create(options, { apiKey: null, dispatcher, endpoint: ALWAYS }),
    answer: (bytes, status = 200) => void (now = { bytes, status }),
  };
}

/** True when there are scores; whatever came, each is on its scale and each reply has text or a reason, never both. */
async function expectSound(client: JudgeClient): Promise<boolean> {
  const reply = await client.complete(REQUEST, new AbortController().signal);
  const isWhole =
    (reply.text === null) === (reply.failure !== null) && reply.inputTokens >= 0 && reply.outputTokens >= 0;
  // Thrown, not expected: a matcher costs more than the call.
  if (!isWhole) throw new Error(`not sound: ${JSON.stringify(reply)}`);
  if (reply.text === null) return false;
  const readings = format.parse(reply.text, NONCE);
  if (!readings.ok) return false;
  for (const { outcome, score } of readings.value.values()) {
    const isInRange = outcome === 'scored' ? score !== null && score >= 0 && score <= 1 : score === null;
    if (!isInRange) throw new Error(`${outcome} with score ${score}`);
  }
  return true;
}

const BITS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\"',
  '1e999',
  '-1',
  'null',
  'true',
  '"9"',
  'NaN',
  '\ud800',
  '{}',
];

describe.each(PROVIDERS)('F19, F21, F24: responses of $name', ({ create, body }) => {
  const whole = Buffer.from(JSON.stringify(body));

  it('have a score when whole and none when cut at any byte', async () => {
    const { client, answer } = wired(create);
    answer(whole);
    expect(await expectSound(client)).toBe(true);
    for (let cut = 0; cut < whole.length; cut++) {
      answer(whole.subarray(0, cut));
      expect(await expectSound(client)).toBe(false);
    }
  });

  it('have no score when the judge’s own answer within them is cut at any character', async () => {
    const { client, answer } = wired(create);
    for (let cut = 0; cut < GOOD.length; cut++) {
      answer(Buffer.from(JSON.stringify(body).replace(JSON.stringify(GOOD), JSON.stringify(GOOD.slice(0, cut)))));
      expect(await expectSound(client)).toBe(false);
    }
  });

  it('never crash and never leave the scale, however they are mutated', async () => {
    const { client, answer } = wired(create);
    const random = seededRandom(20261129);
    const text = whole.toString('utf8');
    let sound = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let mutated = text;
      for (let edit = 0; edit <= random.int(3); edit++) {
        const at = random.int(mutated.length + 1);
        const remove = random.chance(0.5) ? random.int(12) : 0;
        const insert = random.chance(0.6) ? random.pick(BITS) : mutated.slice(at, at + random.int(40));
        mutated = mutated.slice(0, at) + insert + mutated.slice(at + remove);
      }
      const bytes = Buffer.from(mutated);
      if (random.chance(0.1)) bytes[random.int(bytes.length)] = random.int(256);
      answer(bytes, random.chance(0.05) ? random.pick([204, 301, 400, 429, 500, 503]) : 200);
      if (await expectSound(client)) sound++;
    }
    // Some mutations touch nothing that counts; without any of those the fuzz would test nothing.
    expect(sound).toBeGreaterThan(ROUNDS / 1000);
    expect(sound).toBeLessThan(ROUNDS / 2);
  }, 600_000);
});
