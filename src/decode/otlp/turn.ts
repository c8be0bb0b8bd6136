import type { OtlpOptions } from '../options';
import { asText, listOf, messagesOf, objectOf, parsed, plainText, type SpanMessage, unflatten } from './messages';
import type { Attributes, OtlpSpan } from './span';

/** One turn in the names of our own schema, ready for the shape reader. */
export type TurnRecord = Readonly<Record<string, unknown>>;

/**
 * The spans of one trace as one turn: what the user got is the output of the call that ended last; earlier calls of the same trace are
 * steps on the way there. Null when no span is a model call. Which attribute wins is stated in docs/recipes/otlp.md.
 */
export function turnOf(spans: readonly OtlpSpan[], options: OtlpOptions): TurnRecord | null {
  const calls = modelCalls(spans);
  const last = calls.reduce<OtlpSpan | null>(
    (best, one) => (best === null || rank(one) >= rank(best) ? one : best),
    null,
  );
  if (last === null) return null;
  const { attributes } = last;
  const outputs = messagesOf(last, 'output');
  const input = messagesOf(last, 'input');
  const said = input.filter(({ content }) => content !== '').map(({ role, content }) => ({ role, content }));
  const finish = outputs.map(({ finishReason }) => finishReason).find((reason) => reason !== null);
  return compact({
    interaction_id: first(attributes, ['gen_ai.response.id']) ?? `${last.traceId}-${last.spanId}`,
    conversation_id: first(attributes, CONVERSATION),
    turn_index: Math.max(0, said.filter(({ role }) => role === 'user').length - 1),
    user_hash: first(attributes, USER),
    occurred_at: Math.round(last.endMs),
    producer: compact({
      provider: first(attributes, PROVIDER) ?? 'unknown',
      model: first(attributes, MODEL),
      release: first(attributes, RELEASE),
      prompt_version: first(attributes, PROMPT_VERSION),
    }),
    segments: segmentsOf(spans, last, options),
    input: said,
    context: spans.flatMap(documentsOf),
    tools: toolsOf(attributes),
    output: compact({
      text: textOf(outputs),
      finish_reason: finish ?? first(attributes, FINISH),
      tool_calls: toolCallsOf(spans, calls, input),
    }),
    usage: compact({
      input_tokens: total(calls, INPUT_TOKENS),
      output_tokens: total(calls, OUTPUT_TOKENS),
      cost_usd: total(calls, COST),
      latency_ms: Math.max(...calls.map(({ endMs }) => endMs)) - Math.min(...calls.map(({ startMs }) => startMs)),
      ttft_ms: secondsToMs(number(attributes['gen_ai.response.time_to_first_chunk'])),
    }),
    upstream_sampling: samplingOf(last.traceState),
    trace: /^[0-9a-f]{32}$/.test(last.traceId) ? { trace_id: last.traceId, span_id: last.spanId } : undefined,
  });
}

const INFERENCE = new Set(['chat', 'generate_content', 'text_completion', 'LLM', 'generation', 'completion']);
const AGENT = new Set(['invoke_agent', 'AGENT', 'agent']);
const RETRIEVAL = new Set(['retrieval', 'RETRIEVER', 'retriever']);
const TOOL = new Set(['execute_tool', 'TOOL', 'tool']);

/** What kind of work a span is, by whichever convention says so. */
function kindOf({ attributes }: OtlpSpan): string {
  return (
    first(attributes, [
      'gen_ai.operation.name',
      'openinference.span.kind',
      'langfuse.observation.type',
      'llm.request.type',
      'traceloop.span.kind',
    ]) ?? ''
  );
}

/** Model calls; where the trace has none, the agents that stand for them. */
function modelCalls(spans: readonly OtlpSpan[]): readonly OtlpSpan[] {
  const inference = spans.filter((span) => INFERENCE.has(kindOf(span)));
  return inference.length > 0 ? inference : spans.filter((span) => AGENT.has(kindOf(span)));
}

/** A call that only asked for tools, or said nothing, is not what the user got. */
function rank(span: OtlpSpan): number {
  return span.endMs + (textOf(messagesOf(span, 'output')) === undefined ? 0 : 1e15);
}

const CONVERSATION = [
  'gen_ai.conversation.id',
  'session.id',
  'langfuse.session.id',
  'traceloop.association.properties.session_id',
];
const USER = ['user.hash', 'user.id', 'enduser.id', 'langfuse.user.id', 'traceloop.association.properties.user_id'];
const PROVIDER = ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system'];
const MODEL = [
  'gen_ai.response.model',
  'llm.response.model_name',
  'gen_ai.request.model',
  'llm.model_name',
  'llm.request.model_name',
  'langfuse.observation.model.name',
];
const RELEASE = ['service.version', 'langfuse.release'];
const PROMPT_VERSION = ['gen_ai.prompt.version', 'llm.prompt_template.version', 'langfuse.observation.prompt.version'];
const FINISH = ['gen_ai.response.finish_reasons', 'llm.finish_reason'];
const INPUT_TOKENS = ['gen_ai.usage.input_tokens', 'llm.token_count.prompt', 'gen_ai.usage.prompt_tokens'];
const OUTPUT_TOKENS = ['gen_ai.usage.output_tokens', 'llm.token_count.completion', 'gen_ai.usage.completion_tokens'];
const COST = ['llm.cost.total', 'gen_ai.usage.cost'];

function first(attributes: Attributes, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    const text = plainText(Array.isArray(value) ? (value as readonly unknown[])[0] : value);
    if (text !== '') return text;
  }
  return undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Undefined where no call says. */
function total(spans: readonly OtlpSpan[], names: readonly string[]): number | undefined {
  const found = spans.map(({ attributes }) =>
    names.map((name) => number(attributes[name])).find((one) => one !== undefined),
  );
  const known = found.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0);
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Undefined, not empty, where content was not captured: an answer nobody recorded is no empty answer. */
function textOf(outputs: readonly SpanMessage[]): string | undefined {
  if (outputs.length === 0) return undefined;
  const text = outputs
    .map(({ content }) => content)
    .filter((one) => one !== '')
    .join('\n');
  return text === '' && outputs.every(({ toolCalls }) => toolCalls.length === 0) ? undefined : text;
}

function segmentsOf(
  spans: readonly OtlpSpan[],
  last: OtlpSpan,
  { segments }: OtlpOptions,
): Readonly<Record<string, string>> {
  const found = Object.entries(segments).flatMap(([name, attribute]) => {
    const value = [last, ...spans].map(({ attributes }) => plainText(attributes[attribute])).find((one) => one !== '');
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as Readonly<Record<string, string>>;
}

function documentsOf(span: OtlpSpan): readonly { readonly id: string; readonly text: string }[] {
  if (!RETRIEVAL.has(kindOf(span))) return [];
  const conventions = listOf(parsed(span.attributes['gen_ai.retrieval.documents']));
  const flat = unflatten(span.attributes, 'retrieval.documents.').map((entry) => objectOf(entry)['document']);
  return (conventions.length > 0 ? conventions : flat).flatMap((entry, index) => {
    const { id, content, text } = objectOf(entry);
    const words = asText(content ?? text);
    return words === '' ? [] : [{ id: plainText(id) || String(index), text: words }];
  });
}

function toolsOf(attributes: Attributes): readonly object[] {
  return listOf(parsed(attributes['gen_ai.tool.definitions'])).flatMap((entry) => {
    const object = objectOf(entry);
    const declared = { ...object, ...objectOf(object['function']) };
    const name = plainText(declared['name']);
    return name === '' ? [] : [compact({ name, description: plainText(declared['description']) || undefined })];
  });
}

/** From the spans of the tools themselves, which know results and failures; else from what the model asked for. */
function toolCallsOf(
  spans: readonly OtlpSpan[],
  calls: readonly OtlpSpan[],
  input: readonly SpanMessage[],
): readonly object[] {
  const run = spans.filter((span) => TOOL.has(kindOf(span)));
  if (run.length > 0) {
    return [...run]
      .sort((a, b) => a.startMs - b.startMs)
      .map(({ attributes, failed }) =>
        compact({
          name: first(attributes, ['gen_ai.tool.name', 'tool.name', 'traceloop.entity.name']) ?? 'unknown',
          arguments: asText(
            attributes['gen_ai.tool.call.arguments'] ??
              attributes['input.value'] ??
              attributes['traceloop.entity.input'],
          ),
          result:
            asText(
              attributes['gen_ai.tool.call.result'] ??
                attributes['output.value'] ??
                attributes['traceloop.entity.output'],
            ) || undefined,
          ok: !failed && attributes['error.type'] === undefined,
        }),
      );
  }
  const results = new Map(
    input.filter(({ answers }) => answers !== '').map(({ answers, content }) => [answers, content]),
  );
  return calls.flatMap((call) =>
    messagesOf(call, 'output').flatMap(({ toolCalls }) =>
      toolCalls.map(({ id, name, arguments: args }) => compact({ name, arguments: args, result: results.get(id) })),
    ),
  );
}

/**
 * How the tracer thinned: `ot=th:T` of the trace state, T of 56 bits, keeps 1 - T/2^56 (OpenTelemetry, consistent probability
 * sampling). Absent: nothing is known, which our schema reads as 1.
 */
function samplingOf(traceState: string): object | undefined {
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})/.exec(traceState)?.[1];
  if (threshold === undefined) return undefined;
  const rejected = Number.parseInt(threshold.padEnd(14, '0'), 16) / 2 ** 56;
  return { probability: 1 - rejected, scheme: 'otel-threshold' };
}

/** Without what is undefined. */
function compact(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
