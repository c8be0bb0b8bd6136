/**
 * Spans as applications export them, written from the documented conventions, and both encodings of the Collector's Kafka exporter.
 * The Protobuf writer is our own and only as large as these fixtures need.
 */
export interface SpanFixture {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
}

const START = Date.UTC(2026, 10, 2, 10, 0, 0);
const RESOURCE = { 'service.name': 'shop-assistant', 'service.version': '2026.44' };
const TRACE = '0af7651916cd43dd8448eb211c80319c';

export function span(overrides: Partial<SpanFixture> = {}): SpanFixture {
  return {
    name: 'chat model-x',
    traceId: TRACE,
    spanId: 'b7ad6b7169203331',
    traceState: '',
    startMs: START,
    endMs: START + 1000,
    failed: false,
    attributes: {},
    events: [],
    ...overrides,
  };
}

const parts = (content: string): object[] => [{ type: 'text', content }];

/** One turn of an agent: retrieval, a call that asks for a tool, the tool, the call that answers. */
export function conversation(): readonly SpanFixture[] {
  const chat = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini-2026-06-01',
    'gen_ai.conversation.id': 'conv-1',
    'user.id': 'u-7',
    'app.locale': 'de',
    'gen_ai.system_instructions': JSON.stringify(parts('You help customers.')),
    'gen_ai.tool.definitions': JSON.stringify([
      { type: 'function', name: 'find_order', description: 'Finds an order.' },
    ]),
  };
  const history = [
    { role: 'user', parts: parts('Hello') },
    { role: 'assistant', parts: parts('Hi, how can I help?') },
    { role: 'user', parts: parts('Where is my parcel?') },
  ];
  const asked = {
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'c1', name: 'find_order', arguments: { id: 42 } }],
  };
  const told = { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { status: 'sent' } }] };
  return [
    span({
      name: 'retrieval faq',
      spanId: '0000000000000001',
      attributes: {
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.retrieval.documents': JSON.stringify([{ id: 'faq-1', content: 'Parcels take three days.' }]),
      },
    }),
    span({
      spanId: '0000000000000002',
      endMs: START + 1000,
      attributes: {
        ...chat,
        'gen_ai.response.id': 'resp-1',
        'gen_ai.usage.input_tokens': 50,
        'gen_ai.usage.output_tokens': 10,
        'gen_ai.input.messages': JSON.stringify(history),
        'gen_ai.output.messages': JSON.stringify([{ ...asked, finish_reason: 'tool_call' }]),
      },
    }),
    span({
      name: 'execute_tool find_order',
      spanId: '0000000000000003',
      startMs: START + 1000,
      endMs: START + 2000,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'find_order',
        'gen_ai.tool.call.arguments': '{"id":42}',
        'gen_ai.tool.call.result': '{"status":"sent"}',
      },
    }),
    span({
      spanId: '0000000000000004',
      traceState: 'vendor=1,ot=rv:abc;th:c',
      startMs: START + 2000,
      endMs: START + 4000,
      attributes: {
        ...chat,
        'gen_ai.response.id': 'resp-2',
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        // Structured, as on logs and in newer SDKs, where the call before had text.
        'gen_ai.input.messages': [...history, asked, told],
        'gen_ai.output.messages': [
          {
            role: 'assistant',
            parts: [{ type: 'reasoning', content: 'not shown' }, ...parts('Your parcel arrives on Friday.')],
            finish_reason: 'stop',
          },
        ],
      },
    }),
  ];
}

export function openInferenceSpan(): SpanFixture {
  return span({
    attributes: {
      'openinference.span.kind': 'LLM',
      'session.id': 'conv-9',
      'llm.model_name': 'model-x',
      'llm.provider': 'acme',
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'Where is my parcel?',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.contents.0.message_content.type': 'text',
      'llm.output_messages.0.message.contents.0.message_content.text': 'It arrives on Friday.',
      'llm.token_count.prompt': 12,
      'llm.token_count.completion': 6,
    },
  });
}

export function langfuseSpan(): SpanFixture {
  return span({
    attributes: {
      'langfuse.observation.type': 'generation',
      'langfuse.session.id': 'conv-9',
      'langfuse.observation.model.name': 'model-x',
      'langfuse.observation.input': JSON.stringify([{ role: 'user', content: 'Where is my parcel?' }]),
      'langfuse.observation.output': JSON.stringify({ role: 'assistant', content: 'It arrives on Friday.' }),
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 6,
    },
  });
}

export function traceloopSpan(): SpanFixture {
  return span({
    attributes: {
      'llm.request.type': 'chat',
      'traceloop.association.properties.session_id': 'conv-9',
      'gen_ai.system': 'acme',
      'gen_ai.request.model': 'model-x',
      'gen_ai.prompt.0.role': 'user',
      'gen_ai.prompt.0.content': 'Where is my parcel?',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.content': 'It arrives on Friday.',
      'gen_ai.usage.prompt_tokens': 12,
      'gen_ai.usage.completion_tokens': 6,
    },
  });
}

export function toJsonRecord(spans: readonly SpanFixture[]): Buffer {
  const batch = {
    resourceSpans: [
      {
        resource: { attributes: jsonPairs(RESOURCE) },
        scopeSpans: [
          {
            scope: { name: 'fixtures' },
            spans: spans.map((one) => ({
              traceId: one.traceId,
              spanId: one.spanId,
              traceState: one.traceState,
              name: one.name,
              kind: 3,
              startTimeUnixNano: `${one.startMs}000000`,
              endTimeUnixNano: `${one.endMs}000000`,
              attributes: jsonPairs(one.attributes),
              events: one.events.map(({ name, attributes }) => ({ name, attributes: jsonPairs(attributes) })),
              status: one.failed ? { code: 2 } : {},
            })),
          },
        ],
      },
    ],
  };
  return Buffer.from(JSON.stringify(batch));
}

function jsonPairs(attributes: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: jsonValue(value) }));
}

function jsonValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(jsonValue) } };
  return { kvlistValue: { values: jsonPairs(value as Record<string, unknown>) } };
}

export function toProtoRecord(spans: readonly SpanFixture[]): Buffer {
  const resource = protoPairs(1, RESOURCE);
  const scope = Buffer.concat([field(1, field(1, 'fixtures')), ...spans.map((one) => field(2, protoSpan(one)))]);
  return field(1, Buffer.concat([field(1, resource), field(2, scope)]));
}

function protoSpan(one: SpanFixture): Buffer {
  return Buffer.concat([
    field(1, Buffer.from(one.traceId, 'hex')),
    field(2, Buffer.from(one.spanId, 'hex')),
    field(3, one.traceState),
    field(5, one.name),
    Buffer.from([(6 << 3) | 0, 3]),
    fixed(7, one.startMs),
    fixed(8, one.endMs),
    protoPairs(9, one.attributes),
    ...one.events.map(({ name, attributes }) => field(11, Buffer.concat([field(2, name), protoPairs(3, attributes)]))),
    one.failed ? field(15, Buffer.from([(3 << 3) | 0, 2])) : Buffer.alloc(0),
  ]);
}

function protoPairs(number: number, attributes: Readonly<Record<string, unknown>>): Buffer {
  const pairs = Object.entries(attributes).map(([key, value]) =>
    field(number, Buffer.concat([field(1, key), field(2, protoValue(value))])),
  );
  return Buffer.concat(pairs);
}

function protoValue(value: unknown): Buffer {
  if (typeof value === 'string') return field(1, value);
  if (typeof value === 'boolean') return Buffer.from([(2 << 3) | 0, value ? 1 : 0]);
  if (typeof value === 'number') {
    if (Number.isInteger(value))
      return Buffer.concat([Buffer.from([(3 << 3) | 0]), varint(BigInt.asUintN(64, BigInt(value)))]);
    const double = Buffer.alloc(9);
    double[0] = (4 << 3) | 1;
    double.writeDoubleLE(value, 1);
    return double;
  }
  if (Array.isArray(value)) return field(5, Buffer.concat(value.map((item) => field(1, protoValue(item)))));
  return field(6, protoPairs(1, value as Record<string, unknown>));
}

function field(number: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

function fixed(number: number, ms: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(BigInt(ms) * 1_000_000n, 1);
  return bytes;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}
