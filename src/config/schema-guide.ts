import { z } from 'zod';
import { configFileSchema } from './config';
import type { KeyPath } from './fault';

/** The part of JSON Schema that our own schema uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

let cached: SchemaNode | undefined;

/** JSON Schema of a configuration file, for editors; the one description that docs and faults are made from. */
export function configJsonSchema(): SchemaNode {
  cached ??= z.toJSONSchema(configFileSchema, { io: 'input' }) as SchemaNode;
  return cached;
}

/** What the schema says at a path: several nodes where it allows alternatives, none where it knows nothing. */
export function nodesAt(path: KeyPath): readonly SchemaNode[] {
  let nodes = alternatives(configJsonSchema());
  for (const part of path) nodes = nodes.flatMap((node) => step(node, part)).flatMap(alternatives);
  return nodes;
}

export function keysAt(path: KeyPath): readonly string[] {
  return [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** The type and range wanted at a path, e.g. `an integer from 50 to 600000`. */
export function wantedAt(path: KeyPath): string {
  const nodes = nodesAt(path);
  return nodes.length === 0 ? 'nothing here' : [...new Set(nodes.map(describeWanted))].join(', or ');
}

export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  if (node.$ref !== undefined) {
    const target = configJsonSchema().$defs?.[node.$ref.slice('#/$defs/'.length)];
    return target === undefined ? [] : alternatives(target);
  }
  const choices = node.anyOf ?? node.oneOf;
  return choices === undefined ? [node] : choices.flatMap(alternatives);
}

function step(node: SchemaNode, part: string | number): readonly SchemaNode[] {
  if (typeof part === 'number') return node.items === undefined ? [] : [node.items];
  const property = Object.hasOwn(node.properties ?? {}, part) ? node.properties?.[part] : undefined;
  if (property !== undefined) return [property];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}

function describeWanted(node: SchemaNode): string {
  if (node.enum !== undefined) return `one of ${node.enum.map((value) => `\`${String(value)}\``).join(', ')}`;
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (Array.isArray(node.type)) return node.type.map((type: string) => describeWanted({ ...node, type })).join(' or ');
  switch (node.type) {
    case 'integer':
      return withRange('an integer', node);
    case 'number':
      return withRange('a number', node);
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'string':
      if (node.format === 'uri') return 'a URL';
      if (node.pattern !== undefined) return `text matching \`${node.pattern}\``;
      return node.minLength === undefined ? 'text' : 'text that is not empty';
    case 'array':
      return describeList(node);
    case 'object':
      return describeMapping(node);
    default:
      return 'any value';
  }
}

function describeList(node: SchemaNode): string {
  const item =
    node.items === undefined ? 'anything' : [...new Set(alternatives(node.items).map(describeItem))].join(' or ');
  if (node.minItems !== undefined && node.maxItems !== undefined) {
    return `a list of ${node.minItems} to ${node.maxItems} entries, each ${item}`;
  }
  return `a list${node.minItems === undefined ? '' : ` of at least ${node.minItems}`}, each entry ${item}`;
}

/** One level only: a list of mappings says `a mapping`, its keys are documented on their own. */
function describeItem(node: SchemaNode): string {
  return node.type === 'object' ? 'a mapping' : describeWanted(node);
}

function describeMapping(node: SchemaNode): string {
  if (node.properties === undefined) return 'a mapping';
  const required = new Set(node.required ?? []);
  const keys = Object.keys(node.properties);
  return `a mapping with ${keys.map((key) => (required.has(key) ? `\`${key}\`` : `\`${key}\`?`)).join(', ')}`;
}

export function rangeOf(node: SchemaNode): { low: string | null; high: string | null } {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = node;
  const low =
    exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : isBound(minimum) ? `at least ${minimum}` : null;
  const high =
    exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : isBound(maximum) ? `at most ${maximum}` : null;
  return { low, high };
}

function withRange(noun: string, node: SchemaNode): string {
  if (isBound(node.minimum) && isBound(node.maximum)) return `${noun} from ${node.minimum} to ${node.maximum}`;
  const { low, high } = rangeOf(node);
  return [noun, [low, high].filter((part) => part !== null).join(' and ')].filter((part) => part !== '').join(' ');
}

/** zod writes the bounds of safe integers into every integer; they are no news to anyone. */
function isBound(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
}
