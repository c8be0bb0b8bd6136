import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDecoder } from '../../../src/decode/decoder';
import { fillRates } from '../../../src/decode/fill-rates';
import { decodeOptions } from '../../../src/decode/options';
import { proposeMapping } from '../../../src/decode/propose-mapping';
import { buildInteraction } from '../../support/builders/interaction';

/** The record that an example's own comment shows. */
function exampleRecord(name: string): unknown {
  const text = readFileSync(join(__dirname, '..', '..', '..', 'examples', name), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('#   '));
  return JSON.parse(
    lines
      .map((line) => line.slice(4))
      .join('\n')
      .replaceAll('…', 'x'),
  );
}

function decodeWith(mapping: object, record: unknown): unknown {
  const options = decodeOptions.parse({ format: 'json', mapping });
  const decoder = createDecoder(options, { topics: { interactions: 't', behaviour: null }, readSchemaFile: () => '' });
  return decoder.decode({ topic: 't', value: Buffer.from(JSON.stringify(record)), headers: {} });
}

describe('the proposed mapping', () => {
  it('reads a log of chat completions as the mapping written by hand does', () => {
    const record = exampleRecord('openai-log.yaml');
    const { mapping } = proposeMapping([record]);
    expect(decodeWith(mapping, record)).toMatchObject({
      ok: true,
      value: {
        interaction: {
          interactionId: 'chatcmpl-1',
          conversationId: 'c-81',
          turnIndex: 2,
          userHash: 'u-7f3a',
          occurredAt: 1767225600000,
          producer: { model: 'gpt-4.1-2025-04-14', release: '2026.1' },
          segments: { product: 'support', locale: 'de' },
          input: [{ role: 'user', content: 'Where is my order?' }],
          output: { text: 'It leaves today.', finishReason: 'stop' },
          usage: { inputTokens: 412, outputTokens: 18, latencyMs: 930 },
        },
      },
    });
  });

  it('reads the flat log of a gateway', () => {
    const record = exampleRecord('gateway-log.yaml');
    const { mapping, missing } = proposeMapping([record]);
    expect(decodeWith(mapping, record)).toMatchObject({
      ok: true,
      value: {
        interaction: {
          interactionId: 'r-1',
          conversationKnown: false,
          occurredAt: Date.UTC(2026, 0, 1),
          producer: { provider: 'groq', model: 'llama-3.3-70b-versatile' },
          segments: { product: 'support', locale: 'de' },
          input: [{ role: 'user', content: 'Where is my order?' }],
          output: { text: 'It leaves today.', finishReason: 'eos' },
          usage: { inputTokens: 412, outputTokens: 18, costUsd: 0.0021, latencyMs: 930 },
          trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
        },
      },
    });
    expect(missing).toContain('conversation_id');
  });

  it.each([
    [1767225600, 'epoch_s'],
    [1767225600000, 'epoch_ms'],
    [1767225600000000, 'epoch_us'],
    ['2026-01-01T00:00:00Z', 'iso8601'],
  ])('tells the unit of the time %s', (time, unit) => {
    expect(proposeMapping([{ ts: time }]).mapping.fields['occurred_at']).toEqual({ path: 'ts', as: unit });
  });

  it('prefers what is there in more records, and never uses one path twice', () => {
    const samples = [{ a: { answer: 'x' } }, { b: { answer: 'y' }, a: { answer: 'z' } }, { a: { answer: 'w' } }];
    const { found } = proposeMapping(samples);
    expect(found).toContainEqual({ field: 'output.text', path: 'a.answer', fill: 1 });
    expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
  });

  it('proposes nothing for names that say nothing', () => {
    const { found, mapping } = proposeMapping([{ x: 'a', y: 2, z: [1] }]);
    expect(found).toEqual([]);
    expect(mapping.fields).toEqual({ producer: { object: { provider: { const: 'unknown' } } } });
  });

  it('reaches keys with dots and survives records that are no objects', () => {
    expect(proposeMapping([{ attributes: { 'gen_ai.response.model': 'm' } }]).found).toEqual([
      { field: 'producer.model', path: 'attributes["gen_ai.response.model"]', fill: 1 },
    ]);
    expect(proposeMapping([null, 3, 'text', []]).found).toEqual([]);
  });
});

describe('fill rates', () => {
  it('say of each field how often it is there and what is lost without it', () => {
    const with_ = buildInteraction({ context: [{ id: 'd', text: 'x' }] });
    const rates = fillRates([with_, { ...with_, context: [] }]);
    expect(rates.find(({ field }) => field === 'context')).toEqual({
      field: 'context',
      fill: 0.5,
      without: 'grounding checks and criteria that require context',
    });
    expect(fillRates([])).toEqual([]);
  });
});
