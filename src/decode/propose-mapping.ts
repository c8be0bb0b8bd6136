import type { MappingOptions, MappingRule } from './options';
import { compilePath } from './path';

/** A proposal, and where each of its fields was found. */
export interface MappingProposal {
  readonly mapping: MappingOptions;
  readonly found: readonly FoundField[];
  /** Fields of ours for which nothing in the samples looked right. */
  readonly missing: readonly string[];
}

export interface FoundField {
  /** e.g. `output.text` */
  readonly field: string;
  readonly path: string;
  /** Share of the samples in which something is there, in [0, 1]. */
  readonly fill: number;
}

/**
 * Proposes a mapping for records of an unknown shape: every path that leads to a plain value or a list is weighed by its
 * name, its type and how often it is there. A proposal is a start to be read by a person, not a claim; nothing is proposed
 * for a field without a telling name. Takes parsed records, a few hundred at most; cost grows with their number of paths.
 */
export function proposeMapping(samples: readonly unknown[]): MappingProposal {
  const places = [...collectPlaces(samples).values()];
  const taken = new Set<string>();
  const found: FoundField[] = [];
  const missing: string[] = [];
  const rules: Record<string, MappingRule> = {};
  for (const wish of WISHES) {
    const place = choose(places, wish, taken);
    if (place === null) {
      missing.push(wish.field);
      if (wish.otherwise !== undefined) assign(rules, wish.field, wish.otherwise);
      continue;
    }
    taken.add(place.path);
    found.push({ field: wish.field, path: place.path, fill: place.count / samples.length });
    assign(rules, wish.field, wish.rule(place));
  }
  return { mapping: { filters: [], fields: rules }, found, missing };
}

interface Place {
  readonly path: string;
  /** Words of the path without separators, e.g. `response.usage.prompttokens`. */
  readonly name: string;
  readonly depth: number;
  count: number;
  readonly values: unknown[];
}

const MAX_DEPTH = 8;
const MAX_PLACES = 5_000;
const KEPT_VALUES = 20;

function collectPlaces(samples: readonly unknown[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const sample of samples) visit(sample, '', 0, places);
  return places;
}

/** Of a list the list itself and its first item: what lies in others is reached by `each`. */
function visit(value: unknown, path: string, depth: number, places: Map<string, Place>): void {
  if (value === null || value === undefined || value === '' || depth > MAX_DEPTH) return;
  if (typeof value !== 'object' || Array.isArray(value)) note(value, path, depth, places);
  if (Array.isArray(value)) visit(value[0], `${path}[0]`, depth + 1, places);
  else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) visit(inner, step(path, key), depth + 1, places);
  }
}

function step(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return key.includes('"') ? path : `${path}["${key}"]`;
  return path === '' ? key : `${path}.${key}`;
}

function note(value: unknown, path: string, depth: number, places: Map<string, Place>): void {
  let place = places.get(path);
  if (place === undefined) {
    if (path === '' || places.size >= MAX_PLACES) return;
    const name = path
      .toLowerCase()
      .replaceAll(/\[\d+\]/g, '')
      .replaceAll(/["\][]/g, '.')
      .replaceAll(/[_$-]/g, '');
    place = { path, name: name.replaceAll(/\.+/g, '.').replace(/\.$/, ''), depth, count: 0, values: [] };
    places.set(path, place);
  }
  place.count += 1;
  if (place.values.length < KEPT_VALUES) place.values.push(value);
}

interface Wish {
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

const MESSAGES: (place: Place) => MappingRule = ({ path }) => ({
  each: path,
  item: {
    role: {
      path: 'role',
      map: { developer: 'system', function: 'tool', human: 'user', ai: 'assistant', model: 'assistant' },
    },
    content: { path: 'content', as: 'text', default: '' },
  },
});
const PROMPT: (place: Place) => MappingRule = (place) =>
  isMessages(place.values[0])
    ? MESSAGES(place)
    : { list: [{ object: { role: { const: 'user' }, content: place.path } }] };

/** In the order in which they choose; a path is used once. */
const WISHES: readonly Wish[] = [
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
    rule: ({ path, values }) => {
      const nested = compilePath('[0].function.name')(values[0]) !== undefined;
      const own = nested ? 'function.' : '';
      return { each: path, item: { name: `${own}name`, arguments: `${own}arguments` } };
    },
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

/** Trace ids need both halves: half a trace is a fault. */
function assign(rules: Record<string, MappingRule>, field: string, rule: MappingRule): void {
  const [first = '', second] = field.split('.');
  if (second === undefined) {
    rules[first] = rule;
    return;
  }
  const known = rules[first];
  const inner = typeof known === 'object' && 'object' in known ? known.object : {};
  rules[first] = { object: { ...inner, [second]: rule } };
}

function choose(places: readonly Place[], { names, fits }: Wish, taken: ReadonlySet<string>): Place | null {
  for (const name of names) {
    const fitting = places.filter(
      (place) => !taken.has(place.path) && name.test(place.name) && place.values.every(fits),
    );
    const [best] = fitting.sort((a, b) => b.count - a.count || a.depth - b.depth || (a.path < b.path ? -1 : 1));
    if (best !== undefined) return best;
  }
  return null;
}

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
