import { parseSafeJson } from '../json-safety';
import type { Attributes, OtlpSpan } from './span';

export interface SpanToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface SpanMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly toolCalls: readonly SpanToolCall[];
  /** The call that a message of role tool answers; empty when it does not say. */
  readonly answers: string;
  readonly finishReason: string | null;
}

/** Messages of one direction, by the conventions in the order in which they are believed; empty when none is there. */
export function messagesOf(span: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  for (const read of READERS) {
    const messages = read(span, direction);
    if (messages.some(({ content, toolCalls }) => content !== '' || toolCalls.length > 0)) return messages;
  }
  return [];
}

type Reader = (span: OtlpSpan, direction: 'input' | 'output') => readonly SpanMessage[];

const READERS: readonly Reader[] = [fromGenAi, fromOpenInference, fromLangfuse, fromTraceloop, fromPlainValue];

/** `gen_ai.input.messages` and its like: on the span, or on the event that newer instrumentations put them on. */
function fromGenAi(span: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  const sources = [span.attributes, ...span.events.map(({ attributes }) => attributes)];
  const found = (name: string): unknown => sources.map((one) => parsed(one[name])).find((value) => value !== undefined);
  const instructions = direction === 'input' ? found('gen_ai.system_instructions') : undefined;
  const system = instructions === undefined ? [] : toMessages([{ role: 'system', parts: instructions }], 'system');
  return [...system, ...toMessages(found(`gen_ai.${direction}.messages`), USUAL_ROLE[direction])];
}

const USUAL_ROLE = { input: 'user', output: 'assistant' } as const;

/** `llm.input_messages.0.message.content`: lists flattened into names. */
function fromOpenInference({ attributes }: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  const messages = unflatten(attributes, `llm.${direction}_messages.`);
  return toMessages(
    messages.map((entry) => {
      const message = objectOf(objectOf(entry)['message']);
      return {
        ...message,
        content: message['content'] ?? listOf(message['contents']).map((part) => objectOf(part)['message_content']),
        tool_calls: listOf(message['tool_calls']).map((call) => objectOf(call)['tool_call']),
      };
    }),
    USUAL_ROLE[direction],
  );
}

function fromLangfuse({ attributes }: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  return toMessages(parsed(attributes[`langfuse.observation.${direction}`]), USUAL_ROLE[direction]);
}

/** `gen_ai.prompt.0.content`, from before the conventions had messages. */
function fromTraceloop({ attributes }: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  const prefix = direction === 'input' ? 'gen_ai.prompt.' : 'gen_ai.completion.';
  const flat = toMessages(unflatten(attributes, prefix), USUAL_ROLE[direction]);
  return flat.length > 0
    ? flat
    : toMessages(parsed(attributes[`traceloop.entity.${direction}`]), USUAL_ROLE[direction]);
}

function fromPlainValue({ attributes }: OtlpSpan, direction: 'input' | 'output'): readonly SpanMessage[] {
  return toMessages(parsed(attributes[`${direction}.value`]), USUAL_ROLE[direction]);
}

/** Text that is JSON as JSON, other text as it is; undefined when there is nothing. */
export function parsed(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const json = parseSafeJson(value);
  return 'value' in json ? json.value : value;
}

/** A list of messages, one message, an object that holds `messages`, or plain text. */
function toMessages(value: unknown, usual: SpanMessage['role']): readonly SpanMessage[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    // A list of content parts is one message.
    if (value.some((item) => Object.hasOwn(objectOf(item), 'type')))
      return [toMessage({ content: value as unknown }, usual)];
    return value.flatMap((item: unknown) => toMessages(item, usual));
  }
  if (typeof value !== 'object') return [toMessage({ content: value }, usual)];
  const object = objectOf(value);
  if (Array.isArray(object['messages'])) return toMessages(object['messages'], usual);
  return [toMessage(object, usual)];
}

function toMessage(message: Readonly<Record<string, unknown>>, usual: SpanMessage['role']): SpanMessage {
  const parts = listOf(message['parts'] ?? message['content']);
  const own = typeof message['content'] === 'string' ? message['content'] : plainText(message['text']);
  const answered = parts.map(objectOf).find(({ type }) => type === 'tool_call_response');
  const calls = [
    ...parts.map(objectOf).filter(({ type }) => type === 'tool_call' || type === 'tool_use'),
    ...listOf(message['tool_calls']).map((call) => ({ ...objectOf(call), ...objectOf(objectOf(call)['function']) })),
  ].map(objectOf);
  const content = [own, ...parts.map(partText)].filter((piece) => piece !== '').join('\n');
  return {
    role: answered === undefined ? roleOf(message['role'], usual) : 'tool',
    content,
    toolCalls: calls.map((call) => ({
      id: plainText(call['id']),
      name: plainText(call['name']),
      arguments: asText(call['arguments'] ?? call['input']),
    })),
    answers: plainText(answered?.['id'] ?? message['tool_call_id']),
    finishReason: plainText(message['finish_reason']) || null,
  };
}

const MEDIA = /^(?:blob|uri|file|image|image_url|input_image|audio|input_audio|video)$/;

/** Reasoning is not part of the answer; media have no text and leave their type as a marker, `[image]`. */
function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, content, text, response, result } = objectOf(part);
  if (type === 'tool_call_response') return asText(response ?? result);
  if (typeof type === 'string' && MEDIA.test(type)) return `[${type}]`;
  return type === undefined || type === 'text' || type === 'output_text' ? plainText(content ?? text) : '';
}

const ROLES: Readonly<Record<string, SpanMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  tool: 'tool',
  function: 'tool',
};

function roleOf(role: unknown, usual: SpanMessage['role']): SpanMessage['role'] {
  return (
    (typeof role === 'string' && Object.hasOwn(ROLES, role.toLowerCase()) ? ROLES[role.toLowerCase()] : undefined) ??
    usual
  );
}

/** Indices of flattened lists go at most this far; a gap would otherwise be a way to make us allocate. */
const MAX_FLAT_ITEMS = 2_000;

/** `P0.a.b`, `P1.a.1.c` as a list of nested objects; purely numeric names become lists. */
export function unflatten(attributes: Attributes, prefix: string): readonly unknown[] {
  const root: Tree = new Map();
  for (const name of Object.keys(attributes)) {
    if (!name.startsWith(prefix)) continue;
    const steps = name.slice(prefix.length).split('.');
    let node = root;
    for (const step of steps.slice(0, -1)) {
      const next = node.get(step);
      if (next instanceof Map) node = next as Tree;
      else {
        const fresh: Tree = new Map();
        node.set(step, fresh);
        node = fresh;
      }
    }
    node.set(steps.at(-1) ?? '', attributes[name]);
  }
  return listOf(fold(root));
}

type Tree = Map<string, unknown>;

function fold(node: unknown): unknown {
  if (!(node instanceof Map)) return node;
  const entries = [...(node as Tree)];
  if (entries.length > 0 && entries.every(([name]) => /^\d{1,5}$/.test(name))) {
    return entries
      .sort(([a], [b]) => Number(a) - Number(b))
      .slice(0, MAX_FLAT_ITEMS)
      .map(([, value]) => fold(value));
  }
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) object[name] = fold(value);
  return object;
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text, a number or a boolean as text; empty for anything else. */
export function plainText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** Text as it is, everything else as JSON; empty when there is nothing. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
