import { createDecoder } from '../../../src/decode/decoder';
import { decodeOptions } from '../../../src/decode/options';
import { createEmitter, type EmittedInteraction, type OutgoingBatch } from '../../../src/emit/emit';

const interaction = (overrides: Partial<EmittedInteraction> = {}): EmittedInteraction => ({
  interactionId: 'i-1',
  conversationId: 'c-1',
  occurredAt: Date.UTC(2026, 10, 2),
  producer: { provider: 'openai', model: 'gpt-5-mini', promptVersion: 'v3' },
  input: [{ role: 'user', content: 'Where is my parcel?' }],
  output: { text: 'On its way.', finishReason: 'stop' },
  segments: { productLine: 'Shop' },
  facts: { orderStatus: { camelCase: true } },
  userHash: 'u-1',
  usage: { inputTokens: 3 },
  ...overrides,
});

const decoder = createDecoder(decodeOptions.parse({}), {
  topics: { interactions: 'llm.interactions', behaviour: 'llm.behaviour' },
  readSchemaFile: () => '',
});

function collecting(): { batches: OutgoingBatch[]; send: (batch: OutgoingBatch) => Promise<void> } {
  const batches: OutgoingBatch[] = [];
  return { batches, send: (batch) => (batches.push(batch), Promise.resolve()) };
}

describe('the emitter', () => {
  it('sends what the monitor decodes to the same interaction, keyed by conversation', async () => {
    const { batches, send } = collecting();
    const emitter = createEmitter({ send });
    emitter.interaction(interaction());
    emitter.behaviour({
      eventId: 'e-1',
      conversationId: 'c-1',
      occurredAt: Date.UTC(2026, 10, 2),
      kind: 'thumbs_down',
    });
    await emitter.flush();
    expect(batches.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)])).toEqual([
      ['llm.interactions', ['c-1']],
      ['llm.behaviour', ['c-1']],
    ]);
    const decoded = batches.map(({ topic, messages: [message] }) =>
      decoder.decode({ topic, value: Buffer.from(message?.value ?? ''), headers: {} }),
    );
    expect(decoded).toMatchObject([
      {
        ok: true,
        value: {
          interaction: {
            interactionId: 'i-1',
            conversationId: 'c-1',
            producer: { promptVersion: 'v3' },
            segments: { productLine: 'Shop' },
            facts: { orderStatus: { camelCase: true } },
            output: { text: 'On its way.', finishReason: 'stop' },
            usage: { inputTokens: 3 },
            upstreamSampling: { probability: 1 },
          },
        },
      },
      { ok: true, value: { behaviour: { eventId: 'e-1', kind: 'thumbs_down' } } },
    ]);
    expect(emitter.totals()).toEqual({ sent: 2, dropped: 0, sampledOut: 0, queued: 0 });
  });

  it('keeps or leaves out whole conversations, at the rate, alike in every process, and says so in the record', async () => {
    const { batches, send } = collecting();
    const emitter = createEmitter({ send, rate: 0.25, maxQueued: 100_000 });
    for (let conversation = 0; conversation < 2000; conversation += 1) {
      for (const turn of [0, 1]) {
        emitter.interaction(
          interaction({ interactionId: `i-${conversation}-${turn}`, conversationId: `c-${conversation}` }),
        );
      }
    }
    await emitter.flush();
    const records = batches.flatMap(({ messages }) => messages);
    const turns = new Map<string, number>();
    for (const { key } of records) turns.set(key, (turns.get(key) ?? 0) + 1);
    expect([...turns.values()].every((count) => count === 2)).toBe(true);
    // Four standard errors of a share of 0.25 over 2,000 conversations.
    expect(Math.abs(turns.size / 2000 - 0.25)).toBeLessThan(0.039);
    expect(JSON.parse(records[0]?.value ?? '')).toMatchObject({ upstream_sampling: { probability: 0.25 } });

    const again = collecting();
    const other = createEmitter({ send: again.send, rate: 0.25 });
    const [kept = ''] = turns.keys();
    other.interaction(interaction({ conversationId: kept }));
    await other.flush();
    expect(again.batches).toHaveLength(1);
  });

  it('sends only the optional fields of the allow-list', async () => {
    const { batches, send } = collecting();
    const emitter = createEmitter({ send, fields: ['segments'] });
    emitter.interaction(interaction());
    await emitter.flush();
    const record = JSON.parse(batches[0]?.messages[0]?.value ?? '{}') as object;
    expect(Object.keys(record).sort()).toEqual(
      ['conversation_id', 'input', 'interaction_id', 'occurred_at', 'output', 'producer', 'segments'].sort(),
    );
  });

  it('never throws into the caller and never waits: what cannot be sent is dropped and counted', async () => {
    const dropped: string[] = [];
    const emitter = createEmitter({
      send: () => Promise.reject(new Error('no broker')),
      maxQueued: 3,
      onDropped: (reason, records) => {
        dropped.push(`${reason} ${records}`);
        throw new Error('a handler that throws');
      },
    });
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    emitter.interaction(interaction({ facts: loop }));
    for (let index = 0; index < 5; index += 1) emitter.interaction(interaction({ interactionId: `i-${index}` }));
    await emitter.flush();
    expect(dropped).toEqual(['invalid 1', 'queue_full 1', 'queue_full 1', 'send_failed 3']);
    expect(emitter.totals()).toEqual({ sent: 0, dropped: 6, sampledOut: 0, queued: 0 });
  });

  it('tries a batch again once, and gives up waiting at the deadline of a flush', async () => {
    let calls = 0;
    const flaky = createEmitter({
      send: () => (calls++ === 0 ? Promise.reject(new Error('once')) : Promise.resolve()),
    });
    flaky.interaction(interaction());
    await flaky.flush();
    expect(flaky.totals()).toMatchObject({ sent: 1, dropped: 0 });
    const hanging = createEmitter({ send: () => new Promise(() => {}) });
    hanging.interaction(interaction());
    const started = performance.now();
    await hanging.flush(50);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('refuses a rate that is no share', () => {
    expect(() => createEmitter({ send: () => Promise.resolve(), rate: 0 })).toThrow(/rate/);
  });
});
