import { err, ok, type Result } from '../domain/result';
import { CONVERT, type Convert } from './convert';
import { createFaultTrace, FAULT, type FaultTrace } from './fault-trace';
import { isPrototypeKey } from './json-safety';
import type { FieldRule, Filter, MappingOptions, MappingRule } from './options';
import { compilePath, type PathReader } from './path';
import { type ShapeFault, typeName } from './shape-fault';

/** A foreign record in our names, ready for the shape reader; or left out on purpose. */
export type Mapped = { readonly kind: 'mapped'; readonly json: unknown } | { readonly kind: 'filtered' };

export interface Mapping {
  map(record: unknown): Result<Mapped, ShapeFault>;
  /** Where a field of ours comes from, e.g. `request.model, response.model`; empty when no rule fills it. */
  sourceOf(fieldPath: string): string;
}

/** Compiles the rules once. Throws an Error naming the rule when one of them makes no sense. */
export function compileMapping(options: MappingOptions): Mapping {
  const trace = createFaultTrace();
  const sources = new Map<string, string>();
  const isWanted = compileFilters(options.filters);
  const build = compileObject(options.fields, { trace, sources, field: '' });
  return {
    map(record) {
      if (!isWanted(record, record)) return ok(FILTERED);
      const json = build(record, record);
      return json === FAULT ? err(trace.take()) : ok({ kind: 'mapped', json: json ?? {} });
    },
    sourceOf: (fieldPath) => sources.get(fieldPath.replaceAll(/\[\d+\]/g, '[]')) ?? '',
  };
}

const FILTERED: Mapped = { kind: 'filtered' };

/** From an item (the record itself outside `each`) and the record: a value, undefined for nothing, or FAULT. */
type Build = (item: unknown, record: unknown) => unknown;

type Test = (item: unknown, record: unknown) => boolean;

interface Compiling {
  readonly trace: FaultTrace;
  readonly sources: Map<string, string>;
  /** The field being filled, lists as `[]`. */
  readonly field: string;
}

function compileRule(rule: MappingRule, compiling: Compiling): Build {
  if (typeof rule === 'string') return compileField({ path: rule }, compiling);
  if ('each' in rule) return compileEach(rule.each, rule.where ?? [], rule.item, compiling);
  if ('object' in rule) return compileObject(rule.object, compiling);
  if ('list' in rule) return compileList(rule.list, compiling);
  return compileField(rule, compiling);
}

function compileObject(rules: Readonly<Record<string, MappingRule>>, compiling: Compiling): Build {
  const { trace, field } = compiling;
  const steps = Object.entries(rules).map(([name, rule]) => {
    if (isPrototypeKey(name)) throw new Error(`a rule must not name a field ${name}`);
    return { name, build: compileRule(rule, { ...compiling, field: field === '' ? name : `${field}.${name}` }) };
  });
  return (item, record) => {
    const out: Record<string, unknown> = {};
    let isEmpty = true;
    for (const { name, build } of steps) {
      const value = build(item, record);
      if (value === FAULT) return trace.within(name);
      if (value === undefined) continue;
      out[name] = value;
      isEmpty = false;
    }
    // An object of which nothing was found is absent: `trace` of a record without trace ids is null, not a fault.
    return isEmpty ? undefined : out;
  };
}

function compileEach(
  path: string,
  where: readonly Filter[],
  rules: Readonly<Record<string, MappingRule>>,
  compiling: Compiling,
): Build {
  const { trace, field } = compiling;
  const find = compileRootedPath(path);
  const isWanted = compileFilters(where);
  const build = compileObject(rules, { ...compiling, field: `${field}[]` });
  compiling.sources.set(field, path);
  return (item, record) => {
    const found = find(item, record);
    if (found === undefined || found === null) return undefined;
    if (!Array.isArray(found)) return trace.fail('list', typeName(found));
    const list: readonly unknown[] = found;
    const out: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      const element = list[index];
      if (!isWanted(element, record)) continue;
      const built = build(element, record);
      if (built === FAULT) return trace.within(`[${index}]`);
      out.push(built ?? {});
    }
    return out;
  };
}

function compileList(rules: readonly MappingRule[], compiling: Compiling): Build {
  const { trace, field } = compiling;
  const builds = rules.map((rule) => ({
    build: compileRule(rule, {
      ...compiling,
      field: typeof rule === 'object' && 'each' in rule ? field : `${field}[]`,
    }),
    isOptional: isOptionalItem(rule),
    isEach: typeof rule === 'object' && 'each' in rule,
  }));
  return (item, record) => {
    const out: unknown[] = [];
    for (const { build, isOptional, isEach } of builds) {
      const built = build(item, record);
      if (built === FAULT) return isEach ? FAULT : trace.within(`[${out.length}]`);
      if (built === undefined || isOptional(built)) continue;
      if (Array.isArray(built)) out.push(...(built as readonly unknown[]));
      else out.push(built);
    }
    return out;
  };
}

/** An item of which only constants are there, e.g. the role of an absent system prompt, is left out. */
function isOptionalItem(rule: MappingRule): (built: unknown) => boolean {
  if (typeof rule === 'string' || !('object' in rule)) return () => false;
  const found = Object.entries(rule.object).flatMap(([name, inner]) => (isConstant(inner) ? [] : [name]));
  if (found.length === 0) return () => false;
  return (built) => typeof built === 'object' && built !== null && !found.some((name) => Object.hasOwn(built, name));
}

function isConstant(rule: MappingRule): boolean {
  return typeof rule === 'object' && 'const' in rule;
}

function compileField(rule: Exclude<FieldRule, string>, { trace, sources, field }: Compiling): Build {
  const paths = [...(rule.path === undefined ? [] : [rule.path]), ...(rule.firstOf ?? [])];
  const constant = rule.const;
  if (constant !== undefined) {
    if (paths.length > 0) throw new Error(`${field}: wanted a path or a constant, saw both`);
    return () => constant;
  }
  const fallback = rule.default;
  if (paths.length === 0 && fallback === undefined)
    throw new Error(`${field}: wanted a path, firstOf, const or default`);
  sources.set(field, paths.join(', '));
  const finders = paths.map(compileRootedPath);
  const convert: Convert | null = rule.as === undefined ? null : CONVERT[rule.as];
  const replace = rule.map === undefined ? null : new Map(Object.entries(rule.map));
  return (item, record) => {
    const found = findFirst(finders, item, record);
    if (found === undefined) return fallback;
    const converted = convert === null ? found : convert(found, trace);
    if (replace === null || converted === FAULT) return converted;
    const key = isPlain(converted) ? String(converted) : null;
    return key !== null && replace.has(key) ? replace.get(key) : converted;
  };
}

function findFirst(finders: readonly RootedPath[], item: unknown, record: unknown): unknown {
  for (const find of finders) {
    const value = find(item, record);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function compileFilters(filters: readonly Filter[]): Test {
  const tests = filters.map(compileFilter);
  return (item, record) => tests.every((test) => test(item, record));
}

function compileFilter({ path, equals, notEquals, in: among, exists }: Filter): Test {
  const find = compileRootedPath(path);
  const tests: ((value: unknown) => boolean)[] = [];
  if (equals !== undefined) tests.push((value) => isSame(value, equals));
  if (notEquals !== undefined) tests.push((value) => !isSame(value, notEquals));
  if (among !== undefined) tests.push((value) => among.some((each) => isSame(value, each)));
  if (exists !== undefined) tests.push((value) => (value !== undefined && value !== null) === exists);
  if (tests.length === 0) throw new Error(`the filter on ${path}: wanted equals, notEquals, in or exists`);
  return (item, record) => {
    const value = find(item, record);
    return tests.every((test) => test(value));
  };
}

/** Plain values by value; null equals nothing found; longs by number. */
function isSame(value: unknown, wanted: unknown): boolean {
  if (typeof value === 'bigint') return typeof wanted === 'number' && value === BigInt(Math.trunc(wanted));
  return (value ?? null) === wanted;
}

function isPlain(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

type RootedPath = (item: unknown, record: unknown) => unknown;

/** `$.` starts at the record, anything else at the item. */
function compileRootedPath(path: string): RootedPath {
  if (path.startsWith('$.')) {
    const fromRecord: PathReader = compilePath(path.slice(2));
    return (_item, record) => fromRecord(record);
  }
  return compilePath(path);
}
