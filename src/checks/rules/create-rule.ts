import { RE2JS } from 're2js';
import type { CheckResult } from '../../domain/check';
import type { Interaction } from '../../domain/interaction';
import { outcomesOf, type Outcomes } from '../outcome';
import type { ChecksOptions } from '../options';
import type { Check } from '../port';
import { createSchemaCompiler } from '../schema-compiler';
import { factRule } from './fact-rule';
import { parseJsonPath, valuesAt } from './json-path';

export type Rule = ChecksOptions['rules'][number];
type Run = (interaction: Interaction) => CheckResult;

/** A check of the configuration. Throws on what `ruleFaults` reports. */
export function createRule(rule: Rule): Check {
  const outcomes = outcomesOf(rule.name, rule.version);
  const run = runOf(rule, outcomes);
  return {
    name: rule.name,
    version: rule.version,
    meaning: rule.meaning ?? `Rule of the configuration (${rule.kind}).`,
    run,
  };
}

/** What is wrong with a rule that its schema cannot see; null = nothing. */
export function ruleProblem(rule: Rule): string | null {
  try {
    createRule(rule);
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read';
  }
  if (rule.kind === 'range' && rule.min === undefined && rule.max === undefined) return 'needs `min` or `max`';
  if (rule.kind === 'range' && (rule.min ?? -Infinity) > (rule.max ?? Infinity)) return '`min` is above `max`';
  return null;
}

function runOf(rule: Rule, outcomes: Outcomes): Run {
  switch (rule.kind) {
    case 'regex':
      return regexRule(rule, outcomes);
    case 'schema':
      return schemaRule(rule, outcomes);
    case 'range':
      return rangeRule(rule, outcomes);
    case 'enum':
      return enumRule(rule, outcomes);
    case 'sections':
      return sectionsRule(rule, outcomes);
    case 'fact':
      stepsOf(rule.fact);
      return factRule(rule, outcomes);
  }
}

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** The engine is linear, but slow on long texts; answers are not that long. */
const LONGEST_READ = 65_536;

function regexRule({ pattern, want }: RuleOf<'regex'>, { pass, fail }: Outcomes): Run {
  const compiled = RE2JS.compile(pattern);
  return ({ output: { text } }) => {
    const matcher = compiled.matcher(text.length > LONGEST_READ ? text.slice(0, LONGEST_READ) : text);
    if (!matcher.find()) return want === 'match' ? fail('no_match') : pass();
    if (want === 'match') return pass();
    const [start, end] = [matcher.start(), matcher.end()];
    return fail('match', end > start ? { start, end } : null);
  };
}

function schemaRule({ schema }: RuleOf<'schema'>, { pass, fail, notApplicable }: Outcomes): Run {
  const compiled = createSchemaCompiler()(schema);
  if (!compiled.ok) throw new Error(`the schema is refused: ${compiled.reason}`);
  return ({ output: { text } }) => {
    const parsed = parse(text);
    if (parsed === TOO_LARGE) return notApplicable('too_large');
    if (parsed === NOT_JSON) return fail('not_json');
    try {
      if (compiled.validate(parsed) === true) return pass();
    } catch {
      return notApplicable('too_deep');
    }
    return fail(`keyword=${compiled.validate.errors?.[0]?.keyword ?? 'false schema'}`);
  };
}

function rangeRule({ path, min = -Infinity, max = Infinity }: RuleOf<'range'>, outcomes: Outcomes): Run {
  return onValues(path, outcomes, (value) => {
    if (typeof value !== 'number') return 'not_a_number';
    if (value < min) return 'below_min';
    return value > max ? 'above_max' : null;
  });
}

function enumRule({ path, values }: RuleOf<'enum'>, outcomes: Outcomes): Run {
  const allowed = new Set<unknown>(values);
  if (path !== undefined) return onValues(path, outcomes, (value) => (allowed.has(value) ? null : 'other_value'));
  const texts = new Set(values.map(String));
  return ({ output: { text } }) => (texts.has(text.trim()) ? outcomes.pass() : outcomes.fail('other_value'));
}

function onValues(
  path: string,
  { pass, fail, notApplicable }: Outcomes,
  problemOf: (value: unknown) => string | null,
): Run {
  const steps = stepsOf(path);
  return ({ output: { text } }) => {
    const parsed = parse(text);
    if (parsed === TOO_LARGE) return notApplicable('too_large');
    if (parsed === NOT_JSON) return fail('not_json');
    const values = valuesAt(parsed, steps);
    if (values.length === 0) return fail('missing');
    for (const [index, value] of values.entries()) {
      const problem = problemOf(value);
      if (problem !== null) return fail(values.length === 1 ? problem : `${problem} item=${index}`);
    }
    return pass();
  };
}

function stepsOf(path: string): NonNullable<ReturnType<typeof parseJsonPath>> {
  const steps = parseJsonPath(path);
  if (steps === null) throw new Error(`not a path: ${path}; wanted e.g. $.items[0].price`);
  return steps;
}

/** A heading is a line that holds nothing but the words, whatever marks it (`## Risks`, `**Risks:**`, `2. Risks`). */
function sectionsRule({ sections }: RuleOf<'sections'>, { pass, fail }: Outcomes): Run {
  const wanted = sections.map((section) => section.trim().toLowerCase());
  return ({ output: { text } }) => {
    let next = 0;
    for (const line of text.slice(0, LONGEST_READ * 4).split('\n')) {
      if (next < wanted.length && line.length < 300 && headingOf(line) === wanted[next]) next++;
    }
    return next === wanted.length ? pass() : fail(`missing=${next}`);
  };
}

function headingOf(line: string): string {
  return line
    .replace(/^[\s#*_>=-]{0,20}(?:\d{1,3}[.)]\s{0,5})?[*_]{0,3}/, '')
    .replace(/[\s:*_#=-]{1,50}$/, '')
    .toLowerCase();
}

const NOT_JSON = Symbol('not JSON');
const TOO_LARGE = Symbol('too large');
const LONGEST_JSON = 256 * 1024;

function parse(text: string): unknown {
  if (text.length > LONGEST_JSON) return TOO_LARGE;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}
