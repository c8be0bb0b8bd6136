import { createRecordCodec } from '../../../src/decode/avro-codec';
import type { Interaction } from '../../../src/domain/interaction';
import { buildBehaviour, buildInteraction } from '../../support/builders/interaction';
import {
  at,
  buildBehaviourRecord,
  buildDeadLetter,
  buildItemlessOutcome,
  buildMarker,
  buildOutcome,
} from '../../support/builders/ledger-record';
import { buildEscalatedVerdict, buildUnjudgedVerdict, buildVerdict } from '../../support/builders/verdict';

const full: Interaction = buildInteraction({
  conversationId: 'i-1',
  conversationKnown: false,
  experiments: [{ key: 'greeting', variant: 'b' }],
  context: [{ id: 'd1', text: 'Parcels take two days.' }],
  facts: { order: { id: 7, paid: true, lines: [1.5, null] } },
  tools: [{ name: 'track', description: null }],
  outputSchema: { type: 'object' },
  output: {
    text: '',
    finishReason: 'tool_calls',
    refusal: null,
    toolCalls: [{ name: 'track', arguments: '{"id":', result: null, ok: false }],
    chunks: [{ offsetMs: 3, text: 'a' }],
  },
  trace: { traceId: '0'.repeat(32), spanId: '1'.repeat(16) },
});

describe('the codec of our own records', () => {
  const interactions = createRecordCodec('interaction');
  const behaviours = createRecordCodec('behaviour');
  const verdicts = createRecordCodec('verdict');
  const letters = createRecordCodec('dead-letter');
  const ledger = createRecordCodec('ledger-record');

  const far = 9_007_199_254_740_993n;
  const cases: readonly [string, () => readonly [unknown, unknown]][] = [
    ['an interaction', () => both(interactions, buildInteraction())],
    ['an interaction with everything', () => both(interactions, full)],
    ['a behaviour', () => both(behaviours, buildBehaviour({ value: -0.25 }))],
    [
      'a verdict',
      () =>
        both(
          verdicts,
          buildVerdict({
            interaction: full,
            criteria: [buildEscalatedVerdict(0.4, 1, 0.25), buildUnjudgedVerdict('timeout')],
          }),
        ),
    ],
    ['a dead letter', () => both(letters, buildDeadLetter({ schemaId: 4 }))],
    ['an outcome', () => both(ledger, buildOutcome(at(5), {}))],
    ['an outcome without an interaction', () => both(ledger, buildItemlessOutcome(at(6), 'dead_lettered'))],
    ['a behaviour line', () => both(ledger, buildBehaviourRecord(at(7)))],
    ['a marker', () => both(ledger, buildMarker([at(8), at(9, 1)], { final: true }))],
    [
      'a config line',
      () => both(ledger, { kind: 'config', key: 'k', recordedAt: 1, instance: 'i', configHash: 'h', body: '{}' }),
    ],
  ];
  function both<T>(
    codec: {
      encode(value: T): Buffer;
      decode(bytes: Buffer, name: string): T;
      schemaName: string;
      toJson(value: T): unknown;
      fromJson(json: unknown): unknown;
    },
    value: T,
  ): readonly [unknown, unknown] {
    expect(codec.decode(codec.encode(value), codec.schemaName)).toEqual(value);
    return [codec.fromJson(JSON.parse(JSON.stringify(codec.toJson(value)))), { ok: true, value }];
  }
  it.each(cases)('brings back %s from bytes and from JSON', (_, run) => {
    const [seen, wanted] = run();
    expect(seen).toEqual(wanted);
  });

  it('names its schema as the header does', () => {
    expect([interactions, behaviours, verdicts, letters, ledger].map((codec) => codec.schemaName)).toEqual([
      'interaction.v1',
      'behaviour.v1',
      'verdict.v2',
      'dead-letter.v1',
      'ledger-record.v2',
    ]);
  });

  it('writes JSON in the names of the schema, with JSON inline', () => {
    expect(interactions.toJson(full)).toMatchObject({
      interaction_id: 'i-1',
      conversation_id: null,
      facts: { order: { id: 7 } },
      output: { tool_calls: [{ arguments: '{"id":' }] },
    });
  });

  it('writes offsets as numbers while they are exact, else as strings, and reads both', () => {
    const near = letters.toJson(buildDeadLetter({ source: at(12n) }));
    const beyond = letters.toJson(buildDeadLetter({ source: at(far) }));
    expect(near).toMatchObject({ source: { offset: 12 } });
    expect(beyond).toMatchObject({ source: { offset: String(far) } });
    expect(letters.fromJson(beyond)).toMatchObject({ ok: true, value: { source: { offset: far } } });
  });

  it('keeps maps free of a prototype', () => {
    const decoded = interactions.decode(interactions.encode(full), 'interaction.v1');
    expect(Object.getPrototypeOf(decoded.segments)).toBeNull();
  });

  it('inlines what the schema refers to', () => {
    const text = JSON.stringify(verdicts.schemaJson());
    expect(text).toContain('"name":"Interaction"');
    expect(text).not.toContain('"references"');
  });

  it('refuses a version it does not know, and bytes that are no such record', () => {
    const refusal = (bytes: Buffer, name: string): unknown => {
      try {
        return verdicts.decode(bytes, name);
      } catch (error) {
        return error;
      }
    };
    expect(refusal(Buffer.alloc(0), 'verdict.v9')).toMatchObject({
      code: 'POISONED_INPUT',
      message: 'verdict: wanted up to verdict.v2, saw verdict.v9',
    });
    expect(refusal(Buffer.from('not avro'), 'verdict.v1')).toMatchObject({ code: 'POISONED_INPUT' });
  });

  it('faults on a ledger line whose body is absent or whose kind is new', () => {
    const base = { recorded_at: 1 };
    expect(ledger.fromJson({ ...base, kind: 'marker' })).toMatchObject({ ok: false, error: { path: 'marker' } });
    expect(ledger.fromJson({ ...base, kind: 'label' })).toMatchObject({ ok: false, error: { path: 'key' } });
    expect(ledger.fromJson({ ...base, key: 'k', kind: 'label' })).toMatchObject({
      ok: false,
      error: { path: 'label' },
    });
    expect(ledger.fromJson({ ...base, kind: 'rumour' })).toMatchObject({ ok: false, error: { path: 'kind' } });
  });
});
