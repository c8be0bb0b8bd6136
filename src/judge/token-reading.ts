import { type TokenProbability, expectedTokenScore } from '../stats/token-score';
import type { CriterionOptions } from './options';
import type { TokenChoice } from './port';
import { scaleOf } from './reply';

/** Below this share of the probability on the scale, what the tokens say is not a score. */
const LEAST_MASS = 0.5;

/**
 * The score that a judge's own token probabilities give to one criterion, in [0, 1]: the expectation over the steps of
 * its scale, or pass against fail, at the place where it wrote its verdict. Null when the tokens do not make up the text,
 * the place cannot be found, or too little of the probability lies on the scale.
 *
 * Source: arXiv:2303.16634 (G-Eval) for the expectation; STATISTICS 5.5 for the least mass.
 */
export function tokenScore(text: string, tokens: readonly TokenChoice[], criterion: CriterionOptions): number | null {
  const at = valueIndex(text, criterion);
  const choice = at === null ? null : tokenAt(text, tokens, at);
  if (choice === null) return null;
  const isBinary = criterion.kind === 'binary';
  const { min, max } = isBinary ? { min: 0, max: 1 } : scaleOf(criterion);
  const steps = choice.alternatives.map(({ token, logprob }): TokenProbability => {
    const written = token.slice(choice.skip);
    return { token: isBinary ? verdictStep(written) : written.replace(/[\s,}].*$/s, ''), logprob };
  });
  const { mass, normalised } = expectedTokenScore(steps, [min, max]);
  return mass < LEAST_MASS ? null : normalised;
}

/** Where the value of the criterion's `verdict` or `score` begins. A key cannot hide in a string: quotes are escaped there. */
function valueIndex(text: string, { name, kind }: CriterionOptions): number | null {
  const key = kind === 'binary' ? 'verdict' : 'score';
  const own = new RegExp(`"${name.replaceAll('.', '\\.')}"\\s*:\\s*\\{`).exec(text);
  if (own === null) return null;
  const rest = text.slice(own.index + own[0].length);
  const value = new RegExp(`"${key}"\\s*:\\s*"?`).exec(rest);
  return value === null ? null : own.index + own[0].length + value.index + value[0].length;
}

interface Found {
  readonly alternatives: readonly TokenProbability[];
  /** Characters of the token before the value, e.g. a blank or a quote; the alternatives share them. */
  readonly skip: number;
}

function tokenAt(text: string, tokens: readonly TokenChoice[], at: number): Found | null {
  let start = 0;
  let found: Found | null = null;
  for (const { token, alternatives } of tokens) {
    if (!text.startsWith(token, start)) return null;
    const end = start + token.length;
    if (found === null && at < end) {
      const before = token.slice(0, at - start);
      const alike = alternatives.filter((one) => one.token.startsWith(before));
      found = { alternatives: alike, skip: before.length };
    }
    start = end;
  }
  return start === text.length ? found : null;
}

/** The step of the two-step scale that a token begins: `pa` and `pass` 1, `fail` 0, anything else none. */
function verdictStep(written: string): string {
  const word = /^[a-z_]+/.exec(written)?.[0] ?? '';
  if (word === '') return '';
  return 'pass'.startsWith(word) ? '1' : 'fail'.startsWith(word) ? '0' : '';
}
