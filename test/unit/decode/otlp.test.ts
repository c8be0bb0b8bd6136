import fc from 'fast-check';
import { createDecoder } from '../../../src/decode/decoder';
import type { DecodeOptions } from '../../../src/decode/options';
import { decodeOptions } from '../../../src/decode/options';
import type { DecodeResult } from '../../../src/decode/record-reader';
import type { Interaction } from '../../../src/domain/interaction';
import {
  conversation,
  toJsonRecord,
  toProtoRecord,
  type SpanFixture,
  langfuseSpan,
  openInferenceSpan,
  span,
  traceloopSpan,
} from '../../support/otlp';

const options = (overrides: Partial<DecodeOptions> = {}): DecodeOptions => ({
  ...decodeOptions.parse({ format: 'otlp', otlp: { segments: { product: 'service.name', locale: 'app.locale' } } }),
  ...overrides,
});
const decoder = createDecoder(options(), {
  topics: { interactions: 'otlp_spans', behaviour: null },
  readSchemaFile: () => '',
});
const decode = (value: Buffer): DecodeResult =>
  decoder.decode({ topic: 'otlp_spans', value, headers: {} }) as DecodeResult;

function interactionOf(spans: readonly SpanFixture[], write = toJsonRecord): Interaction {
  const result = decode(write(spans));
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.detail}`);
  if (result.value.kind !== 'interaction') throw new Error(result.value.kind);
  return result.value.interaction;
}

const ENCODINGS = [
  ['otlp_json', toJsonRecord],
  ['otlp_proto', toProtoRecord],
] as const;

describe.each(ENCODINGS)('a trace of GenAI spans as %s', (_, write) => {
  it('becomes the turn that the user saw: the last answer, with the steps on the way there', () => {
    const interaction = interactionOf(conversation(), write);
    expect(interaction).toMatchObject({
      interactionId: 'resp-2',
      conversationId: 'conv-1',
      conversationKnown: true,
      turnIndex: 1,
      userHash: 'u-7',
      occurredAt: Date.UTC(2026, 10, 2, 10, 0, 4),
      producer: { provider: 'openai', model: 'gpt-5-mini-2026-06-01', release: '2026.44', route: 'primary' },
      segments: { product: 'shop-assistant', locale: 'de' },
      context: [{ id: 'faq-1', text: 'Parcels take three days.' }],
      tools: [{ name: 'find_order', description: 'Finds an order.' }],
      output: {
        text: 'Your parcel arrives on Friday.',
        finishReason: 'stop',
        toolCalls: [{ name: 'find_order', arguments: '{"id":42}', result: '{"status":"sent"}', ok: true }],
      },
      usage: { inputTokens: 150, outputTokens: 30, latencyMs: 4000, ttftMs: 250 },
      upstreamSampling: { probability: 0.25, scheme: 'otel-threshold' },
      trace: { traceId: '0af7651916cd43dd8448eb211c80319c' },
    });
    expect(interaction.input.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'You help customers.'],
      ['user', 'Hello'],
      ['assistant', 'Hi, how can I help?'],
      ['user', 'Where is my parcel?'],
      ['tool', '{"status":"sent"}'],
    ]);
  });

  it.each([
    ['OpenInference', openInferenceSpan()],
    ['Langfuse', langfuseSpan()],
    ['OpenLLMetry', traceloopSpan()],
  ])('is read from what %s writes', (_name, one) => {
    expect(interactionOf([one], write)).toMatchObject({
      conversationId: 'conv-9',
      producer: { model: 'model-x' },
      input: [{ role: 'user', content: 'Where is my parcel?' }],
      output: { text: 'It arrives on Friday.' },
      usage: { inputTokens: 12, outputTokens: 6 },
    });
  });

  it('is filtered when nothing in it is a model call', () => {
    const result = decode(write([span({ name: 'GET /orders', attributes: { 'http.request.method': 'GET' } })]));
    expect(result).toEqual({ ok: true, value: { kind: 'filtered' } });
  });

  it('says which switch is missing where content was not captured', () => {
    const bare = conversation().map((one) => ({
      ...one,
      attributes: Object.fromEntries(Object.entries(one.attributes).filter(([name]) => !name.endsWith('messages'))),
    }));
    const result = decode(write(bare));
    expect(result).toMatchObject({ ok: false, error: { reason: 'unmapped' } });
    expect(!result.ok && result.error.detail).toMatch(/capture of message content/);
  });

  it('refuses a record that mixes traces, since accounting is per record', () => {
    const two = [openInferenceSpan(), { ...openInferenceSpan(), traceId: 'f'.repeat(32) }];
    const result = decode(write(two));
    expect(!result.ok && result.error).toMatchObject({
      reason: 'invalid',
      detail: expect.stringMatching(/saw 2/) as string,
    });
  });
});

describe('the two encodings', () => {
  it('give the same interaction', () => {
    expect(interactionOf(conversation(), toProtoRecord)).toEqual(interactionOf(conversation(), toJsonRecord));
  });
});

describe('hostile bytes', () => {
  it('never throw, whatever was cut, flipped or made up', () => {
    const valid = [toProtoRecord(conversation()), toJsonRecord(conversation())];
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(),
        (bytes, edits, cut) => {
          const copy = Buffer.from(bytes);
          for (const [at, value] of edits) copy[at % copy.length] = value;
          const result = decode(copy.subarray(0, copy.length - (cut % copy.length)));
          expect(typeof result.ok).toBe('boolean');
        },
      ),
      { numRuns: 400, seed: 7 },
    );
  });

  it('never throw for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof decode(Buffer.from(bytes)).ok).toBe('boolean');
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it('cannot name a prototype, nest without end or claim lengths that are not there', () => {
    const polluted = interactionOf([
      { ...openInferenceSpan(), attributes: { ...openInferenceSpan().attributes, ['__proto__']: { y: 'z' } } },
    ]);
    expect(({} as { y?: string }).y).toBeUndefined();
    expect(polluted.output.text).toBe('It arrives on Friday.');
    // resource_spans of 2^40 bytes
    expect(decode(Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]))).toMatchObject({
      ok: false,
      error: { reason: 'undecodable' },
    });
    let value: unknown = 'deep';
    for (let level = 0; level < 100; level += 1) value = [value];
    const deep = { ...openInferenceSpan(), attributes: { ...openInferenceSpan().attributes, 'x.deep': value } };
    expect(decode(toProtoRecord([deep]))).toMatchObject({ ok: false });
    expect(decode(toJsonRecord([deep]))).toMatchObject({ ok: false });
  });
});
