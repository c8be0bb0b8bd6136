import { type Schema, Type } from 'avsc';
import fc from 'fast-check';
import { createRecordCodec } from '../../../src/decode/avro-codec';
import { parseAvroType } from '../../../src/decode/avro-type';
import { compileBytesWriter } from '../../../src/decode/avro-writer';
import type { Interaction } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';
import { buildVerdict } from '../../support/builders/verdict';
import { randomOutcome, at } from '../../support/builders/ledger-record';
import { randomKeyedRecord } from '../../support/builders/keyed-record';
import { seededRandom } from '../../support/builders/random';

/** Text that both UTF-8 and JSON can carry: lone surrogates cannot be written in UTF-8. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const key = text.filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
const jsonValue = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));

const interactions: fc.Arbitrary<Interaction> = fc
  .record({
    interactionId: text.filter((id) => id !== ''),
    conversation: maybe(text.filter((id) => id !== '')),
    turnIndex: count,
    userHash: maybe(text),
    occurredAt: fc.integer({ min: 100_000_000_000, max: 4_102_444_799_999 }),
    producer: fc.record({
      provider: text,
      model: text,
      modelVersion: maybe(text),
      route: fc.constantFrom('primary' as const, 'failover' as const),
      release: maybe(text),
      promptVersion: maybe(text),
    }),
    experiments: fc.array(fc.record({ key: text, variant: text }), { maxLength: 3 }),
    segments: fc.dictionary(key, text, { maxKeys: 4 }),
    input: fc.array(
      fc.record({
        role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const, 'tool' as const),
        content: text,
      }),
      { maxLength: 4 },
    ),
    context: fc.array(fc.record({ id: text, text }), { maxLength: 2 }),
    facts: jsonValue,
    tools: fc.array(fc.record({ name: text, description: maybe(text) }), { maxLength: 2 }),
    referenceAnswer: maybe(text),
    outputSchema: jsonValue,
    output: fc.record({
      text,
      finishReason: maybe(text),
      refusal: maybe(text),
      toolCalls: fc.array(fc.record({ name: text, arguments: text, result: maybe(text), ok: maybe(fc.boolean()) }), {
        maxLength: 2,
      }),
      chunks: fc.array(fc.record({ offsetMs: count, text }), { maxLength: 2 }),
    }),
    usage: fc.record({
      inputTokens: maybe(count),
      outputTokens: maybe(count),
      costUsd: maybe(finite),
      latencyMs: maybe(finite),
      ttftMs: maybe(finite),
    }),
    upstreamSampling: fc.record({ probability: fc.double({ min: 1e-9, max: 1, noNaN: true }), scheme: maybe(text) }),
    trace: maybe(fc.record({ traceId: text, spanId: text })),
  })
  .map(({ conversation, ...rest }) => ({
    ...rest,
    conversationId: conversation ?? rest.interactionId,
    conversationKnown: conversation !== null,
  }));

describe('the record codecs', () => {
  const codec = createRecordCodec('interaction');

  it('bring back every interaction from bytes and from JSON text', () => {
    fc.assert(
      fc.property(interactions, (interaction) => {
        expect(codec.decode(codec.encode(interaction), codec.schemaName)).toEqual(interaction);
        const json = JSON.parse(JSON.stringify(codec.toJson(interaction))) as unknown;
        expect(codec.fromJson(json)).toEqual({ ok: true, value: interaction });
      }),
      { numRuns: 300 },
    );
  });

  it('bring back verdicts that carry interactions', () => {
    const verdicts = createRecordCodec('verdict');
    fc.assert(
      fc.property(interactions, fc.bigInt({ min: 0n, max: 2n ** 52n }), (interaction, offset) => {
        const verdict = buildVerdict({ interaction, source: at(offset) });
        expect(verdicts.decode(verdicts.encode(verdict), verdicts.schemaName)).toEqual(verdict);
        const json = JSON.parse(JSON.stringify(verdicts.toJson(verdict))) as unknown;
        expect(verdicts.fromJson(json)).toEqual({ ok: true, value: verdict });
      }),
      { numRuns: 100 },
    );
  });

  it('bring back ledger lines', () => {
    const ledger = createRecordCodec('ledger-record');
    const random = seededRandom(7);
    for (let offset = 0; offset < 500; offset++) {
      const line = offset % 2 === 0 ? randomOutcome(random, at(offset)) : randomKeyedRecord(random);
      expect(ledger.decode(ledger.encode(line), ledger.schemaName)).toEqual(line);
      expect(ledger.fromJson(JSON.parse(JSON.stringify(ledger.toJson(line))))).toEqual({ ok: true, value: line });
    }
  });

  it('are what the reference library writes, byte for byte', () => {
    const ofInteractions = referenceOf(codec);
    fc.assert(
      fc.property(interactions, (interaction) => ofInteractions(codec.encode(interaction))),
      { numRuns: 200 },
    );
    const ledger = createRecordCodec('ledger-record');
    const ofLedger = referenceOf(ledger);
    const random = seededRandom(8);
    for (let n = 0; n < 300; n++) {
      const line = n % 2 === 0 ? randomOutcome(random, at(n)) : randomKeyedRecord(random);
      expect(ofLedger(ledger.encode(line))).toBe(true);
    }
  });

  it.each([0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 52 + 1, -(2 ** 52)])(
    'write the integer %d as the reference library does',
    (value) => {
      const json = { type: 'record', name: 'N', fields: [{ name: 'value', type: 'long' }] };
      const type = parseAvroType(json);
      if (!type.ok) throw new Error(type.error);
      expect(
        compileBytesWriter(type.value, {})({ value }).equals(Type.forSchema(json as Schema).toBuffer({ value })),
      ).toBe(true);
    },
  );

  it('refuse what is not of the schema, without saying what it was', () => {
    const broken = { ...buildInteraction(), turnIndex: 'secret' };
    expect(() => codec.encode(broken as unknown as Interaction)).toThrow(new TypeError('wanted int, saw string'));
  });

  it('hand out bytes that later records leave alone', () => {
    const [first, second] = ['a', 'b'].map((interactionId) => codec.encode(buildInteraction({ interactionId })));
    expect(first === undefined ? '' : codec.decode(first, codec.schemaName).interactionId).toBe('a');
    expect(second?.length).toBe(first?.length);
  });
});

/** Whether avsc, having read the bytes, writes the same. */
function referenceOf(codec: { schemaJson(): unknown }): (bytes: Buffer) => boolean {
  const type = Type.forSchema(codec.schemaJson() as Schema, { wrapUnions: 'never' });
  return (bytes) => type.toBuffer(type.fromBuffer(bytes)).equals(bytes);
}
