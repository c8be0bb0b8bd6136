import type { CheckResult, Span } from '../../domain/check';
import type { Interaction } from '../../domain/interaction';
import { sentenceAround } from '../claims/find-claims';
import { writtenDates } from '../dates';
import { writtenNumbers } from '../numbers';
import type { Outcomes } from '../outcome';
import type { ChecksOptions } from '../options';
import { parseJsonPath, valuesAt } from './json-path';

type FactRule = Extract<ChecksOptions['rules'][number], { kind: 'fact' }>;

interface Claimed {
  readonly value: number;
  readonly span: Span;
}

const MOST_CLAIMS = 50;

/**
 * Holds numbers or dates near the configured phrases against a fact of the interaction. The span is the claimed value;
 * the detail names the fact's place and both values: `claimed=40 fact=12 at=capacity.free_seats`.
 */
export function factRule(
  rule: FactRule,
  { pass, fail, notApplicable }: Outcomes,
): (interaction: Interaction) => CheckResult {
  const steps = parseJsonPath(rule.fact) ?? [];
  const phrases = rule.near.map((phrase) => phrase.toLowerCase());
  return ({ facts, output: { text } }) => {
    const fact = readFact(valuesAt(facts, steps)[0], rule.as);
    if (fact === null) return notApplicable('no_fact');
    const claims = claimsNear(text, phrases, rule);
    if (claims.length === 0) return notApplicable('no_claim');
    const wrong = claims.find(({ value }) => !isRight(value, fact, rule));
    if (wrong === undefined) return pass(`claims=${claims.length}`);
    return fail(
      `claimed=${shown(wrong.value, rule.as)} fact=${shown(fact, rule.as)} at=${rule.fact.slice(0, 60)}`,
      wrong.span,
    );
  };
}

function readFact(value: unknown, as: FactRule['as']): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const found = as === 'date' ? writtenDates(value, 1)[0]?.day : writtenNumbers(value, 1)[0]?.value;
  return found ?? null;
}

function claimsNear(text: string, phrases: readonly string[], rule: FactRule): readonly Claimed[] {
  const lowered = text.toLowerCase();
  const lower = lowered.length === text.length ? lowered : text;
  const claims = new Map<number, Claimed>();
  for (const phrase of phrases) {
    for (
      let at = lower.indexOf(phrase);
      at >= 0 && claims.size < MOST_CLAIMS;
      at = lower.indexOf(phrase, at + phrase.length)
    ) {
      const sentence = sentenceAround(text, at, at + phrase.length);
      const from = Math.max(sentence.start, at - rule.within);
      const to = Math.min(sentence.end, at + phrase.length + rule.within);
      for (const claim of valuesIn(text.slice(from, to), from, rule.as)) claims.set(claim.span.start, claim);
    }
  }
  return [...claims.values()];
}

function valuesIn(part: string, offset: number, as: FactRule['as']): readonly Claimed[] {
  const found =
    as === 'date'
      ? writtenDates(part, MOST_CLAIMS).map(({ day, start, end }) => ({ value: day, start, end }))
      : writtenNumbers(part, MOST_CLAIMS);
  return found.map(({ value, start, end }) => ({ value, span: { start: offset + start, end: offset + end } }));
}

function isRight(claimed: number, fact: number, { compare, tolerance }: FactRule): boolean {
  switch (compare) {
    case '<=':
      return claimed <= fact;
    case '>=':
      return claimed >= fact;
    case '=':
      return Math.abs(claimed - fact) < 1e-9 * Math.max(1, Math.abs(fact));
    case 'within':
      return Math.abs(claimed - fact) <= tolerance;
  }
}

function shown(value: number, as: FactRule['as']): string {
  return as === 'date' ? new Date(value * 86_400_000).toISOString().slice(0, 10) : String(value);
}
