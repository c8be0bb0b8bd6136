import { FAMILY_ALIASES, KNOWN_FAMILIES } from './family-registry';
import type { JudgeOptions, ModelFamilyOptions } from './options';

/** Whose errors a model shares. */
export interface ModelFamily {
  readonly family: string;
  /** Families it was distilled from or trained on, besides its own; empty when none is known. */
  readonly lineage: readonly string[];
}

/**
 * The family of a model by its name, e.g. `meta-llama/Llama-2-70b-chat-hf` → meta. Configured entries decide before the
 * registry, the exact name before the longest prefix. Null = unknown: independence of it cannot be shown.
 */
export function familyOf(model: string, configured: readonly ModelFamilyOptions[] = []): ModelFamily | null {
  const declared = configured
    .filter((entry) => matchesName(entry.match, model))
    .sort((a, b) => precedence(b.match) - precedence(a.match))[0];
  if (declared !== undefined) return canonicalModelFamily(declared.family, declared.lineage);
  const name = bareName(model);
  const known = KNOWN_FAMILIES.find(({ pattern }) => pattern.test(name));
  return known === undefined ? null : { family: known.family, lineage: known.lineage };
}

/** The family of a judge: declared in its options, else that of its model, else null: a fault of the configuration. */
export function judgeFamily(
  options: Pick<JudgeOptions, 'model' | 'family' | 'lineage'>,
  configured: readonly ModelFamilyOptions[] = [],
): ModelFamily | null {
  const known = familyOf(options.model, configured);
  const family = options.family ?? known?.family;
  if (family === undefined) return null;
  return canonicalModelFamily(family, [...options.lineage, ...(known?.lineage ?? [])]);
}

/**
 * True when no family stands in the making of both: neither is made from the other, nor both from a third. A null
 * producer is unknown, and nobody is independent of the unknown.
 */
export function isIndependent(judge: ModelFamily, producer: ModelFamily | null): boolean {
  if (producer === null) return false;
  const ancestors = new Set([producer.family, ...producer.lineage]);
  return ![judge.family, ...judge.lineage].some((family) => ancestors.has(family));
}

/** One name per family: `Meta-Llama3`, `llama` and `meta` are all `meta`. Unknown names are kept, in lower case. */
export function canonicalFamily(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(FAMILY_ALIASES, lower) ? (FAMILY_ALIASES[lower] ?? lower) : lower;
}

function canonicalModelFamily(family: string, lineage: readonly string[]): ModelFamily {
  const own = canonicalFamily(family);
  return { family: own, lineage: [...new Set(lineage.map(canonicalFamily))].filter((name) => name !== own) };
}

function matchesName(match: string, model: string): boolean {
  const wanted = match.toLowerCase();
  const names = [model.toLowerCase(), bareName(model)];
  return wanted.endsWith('*')
    ? names.some((name) => name.startsWith(wanted.slice(0, -1)))
    : names.some((name) => name === wanted);
}

/** An exact name beats every prefix, a longer prefix beats a shorter one. */
function precedence(match: string): number {
  return match.endsWith('*') ? match.length : Infinity;
}

/**
 * `models/Gemini-1.5-Pro` → `gemini-1.5-pro`, `us.anthropic.claude-3` → `claude-3`, `skywork_skywork-reward` →
 * `skywork-reward`, `ft:gpt-4o:acme` → `gpt-4o:acme`: hosts prepend where the model lies, not what it is.
 */
function bareName(model: string): string {
  const path = model.trim().toLowerCase().split('/').at(-1) ?? '';
  return path
    .replace(/^ft:/, '')
    .replace(
      /^(?:(?:us|eu|apac|global|au|jp)\.)?(?:anthropic|meta|mistral|cohere|amazon|ai21|deepseek|qwen|openai|google)\./,
      '',
    )
    .replace(/^[a-z0-9-]+_(?=[a-z])/, '');
}
