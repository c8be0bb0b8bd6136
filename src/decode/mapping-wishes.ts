import type { MappingRule } from './options';
import { compilePath } from './path';
import type { Place } from './sample-places';

/** A field of ours, and how to tell where a foreign record has it. */
export interface Wish {
  readonly field: string;
  /** Ends of names that tell, best first. */
  readonly names: readonly RegExp[];
  readonly fits: (value: unknown) => boolean;
  readonly rule: (place: Place) => MappingRule;
  /** Where nothing is found but the record needs something. */
  readonly otherwise?: MappingRule;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isPlain = (value: unknown): boolean => isText(value) || typeof value === 'number' || typeof value === 'bigint';
const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
const isMessages = (value: unknown): boolean =>
  Array.isArray(value) && value.some((item: unknown) => typeof item === 'object' && item !== null && 'role' in item);
const isObjects = (value: unknown): boolean =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null && !isMessages(value);

const plain = ({ path }: Place): MappingRule => path;
const asString = ({ path, values }: Place): MappingRule => (values.every(isText) ? path : { path, as: 'string' });
const asNumber = ({ path, values }: Place): MappingRule => (values.some(isText) ? { path, as: 'number' } : path);

const MESSAGES = ({ path }: Place): MappingRule => ({
  each: path,
  item: {
    role: {
      path: 'role',
      map: { developer: 'system', function: 'tool', human: 'user', ai: 'assistant', model: 'assistant' },
    },
    content: { path: 'content', as: 'text', default: '' },
  },
});
const PROMPT = (place: Place): MappingRule =>
  isMessages(place.values[0])
    ? MESSAGES(place)
    : { list: [{ object: { role: { const: 'user' }, content: place.path } }] };

const TOOL_CALLS = ({ path, values }: Place): MappingRule => {
  const nested = compilePath('[0].function.name')(values[0]) !== undefined;
  const own = nested ? 'function.' : '';
  return { each: path, item: { name: `${own}name`, arguments: `${own}arguments` } };
};

/** In the order in which they choose; a path is used once. */
export const WISHES: readonly Wish[] = [
  {
    field: 'interaction_id',
    names: [
      /(^|\.)interactionid$/,
      /response(\.body)?\.id$/,
      /(^|\.)(request|completion|generation|message|call|log|event|record)id$/,
      /^(u?u?id)$/,
      /(^|\.)spanid$/,
      /(^|\.)traceid$/,
    ],
    fits: isPlain,
    rule: asString,
  },
  {
    field: 'conversation_id',
    names: [/(conversation|session|thread|chat|dialog|dialogue)(id|key)$/, /(^|\.)(conversation|session|thread)$/],
    fits: isPlain,
    rule: asString,
  },
  { field: 'turn_index', names: [/(^|\.)turn(index|number)?$/], fits: isNumeric, rule: asNumber },
  {
    field: 'user_hash',
    names: [/user(hash|id|key)$/, /(^|\.)user$/, /(customer|account|enduser)id$/],
    fits: isPlain,
    rule: asString,
  },
  {
    field: 'occurred_at',
    names: [
      /(^|\.)(occurredat|timestamp|ts|eventtime)$/,
      /(^|\.)(created(at)?|time|datetime|date|starttime|endtime|loggedat)$/,
    ],
    fits: (value) => timeConversion(value) !== null,
    rule: ({ path, values }) => ({ path, as: timeConversion(values[0]) ?? 'epoch_ms' }),
  },
  {
    field: 'producer.provider',
    names: [/(^|\.)(provider|vendor)$/],
    fits: isText,
    rule: plain,
    otherwise: { const: 'unknown' },
  },
  {
    field: 'producer.model',
    names: [/response(\.body)?\.model$/, /(^|\.)model$/, /model(name|id)$/, /(deployment|engine)(name)?$/],
    fits: isText,
    rule: plain,
  },
  {
    field: 'producer.release',
    names: [/(^|\.)(release|appversion|build|gitsha)$/, /(^|\.)version$/],
    fits: isPlain,
    rule: asString,
  },
  { field: 'producer.prompt_version', names: [/prompt(version|id|template)$/], fits: isPlain, rule: asString },
  {
    field: 'output.text',
    names: [
      /choices\.message\.content$/,
      /(^|\.)(outputtext|completion|answer|reply|generatedtext|responsetext|assistantmessage)$/,
      /choices\.text$/,
      /(output|response|answer|result|completion)\.(text|content|message|answer|output)$/,
      /(^|\.)(output|response|result)$/,
      /content\.text$/,
    ],
    fits: isText,
    rule: plain,
  },
  {
    field: 'input',
    names: [
      /(^|\.)messages$/,
      /(^|\.)(prompt|question|query|userinput|usermessage|inputtext|input|request)$/,
      /(request|input)\.(text|prompt|content|query|question|message)$/,
    ],
    fits: (value) => isText(value) || isMessages(value),
    rule: PROMPT,
  },
  { field: 'output.finish_reason', names: [/(finish|stop)reason$/], fits: isText, rule: plain },
  { field: 'output.refusal', names: [/(^|\.)refusal$/], fits: isText, rule: plain },
  {
    field: 'output.tool_calls',
    names: [/message\.toolcalls$/, /toolcalls$/],
    fits: isObjects,
    rule: TOOL_CALLS,
  },
  {
    field: 'context',
    names: [/(^|\.)(context|contexts|documents|retrieved(documents|context)?|chunks|passages|sources)$/],
    fits: isObjects,
    rule: ({ path, values }) => ({
      each: path,
      item: {
        id: { path: keyOf(values[0], ['id', 'doc_id', 'document_id', 'source', 'url']), as: 'string', default: '' },
        text: { path: keyOf(values[0], ['text', 'content', 'page_content', 'chunk', 'body']), default: '' },
      },
    }),
  },
  {
    field: 'usage.input_tokens',
    names: [/(prompt|input)tokens$/, /tokens(in|input|prompt)$/],
    fits: isNumeric,
    rule: asNumber,
  },
  {
    field: 'usage.output_tokens',
    names: [/(completion|output)tokens$/, /tokens(out|output|completion)$/],
    fits: isNumeric,
    rule: asNumber,
  },
  {
    field: 'usage.latency_ms',
    names: [/(latency|duration|elapsed|responsetime)(ms|millis|milliseconds)$/],
    fits: isNumeric,
    rule: asNumber,
  },
  { field: 'usage.cost_usd', names: [/(cost|price)(usd)?$/, /totalcost(usd)?$/], fits: isNumeric, rule: asNumber },
  {
    field: 'segments.product',
    names: [/(^|\.)(product|app|application|feature|service|usecase)(name|id)?$/],
    fits: isPlain,
    rule: asString,
  },
  { field: 'segments.locale', names: [/(^|\.)(locale|language|lang|market|country)$/], fits: isText, rule: plain },
  {
    field: 'trace.trace_id',
    names: [/(^|\.)traceid$/],
    fits: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
    rule: plain,
  },
  {
    field: 'trace.span_id',
    names: [/(^|\.)spanid$/],
    fits: (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
    rule: plain,
  },
];

/** By size: seconds of this century have ten digits, milliseconds thirteen, and so on. */
function timeConversion(value: unknown): 'epoch_s' | 'epoch_ms' | 'epoch_us' | 'epoch_ns' | 'iso8601' | null {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) ? 'iso8601' : null;
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  const size = Number(value);
  if (size < 1e8) return null;
  if (size < 1e11) return 'epoch_s';
  if (size < 1e14) return 'epoch_ms';
  return size < 1e17 ? 'epoch_us' : 'epoch_ns';
}

function keyOf(list: unknown, names: readonly string[]): string {
  const [item] = list as readonly object[];
  return names.find((name) => Object.hasOwn(item ?? {}, name)) ?? names[0] ?? 'id';
}
