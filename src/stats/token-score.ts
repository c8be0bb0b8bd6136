/** One candidate token with the natural logarithm of its probability. */
export interface TokenProbability {
  readonly token: string;
  readonly logprob: number;
}

/** A score read from the distribution over scale tokens rather than from the token drawn. */
export interface TokenScore {
  /** Probability of all tokens on the scale; below 0.5 treat the score as missing. */
  readonly mass: number;
  /** Mean on the scale, and moved to [0, 1]; null without mass. */
  readonly expected: number | null;
  readonly normalised: number | null;
  /** On the scale, squared. */
  readonly variance: number | null;
  /** Of the distribution over scale tokens, in nats. */
  readonly entropyNats: number | null;
  /** Likeliest step of the scale, the lower one on ties. */
  readonly mode: number | null;
}

/**
 * Expected score over the whole-number steps of a scale `[lowest, highest]`. Tokens that are not such a number are left
 * out; the same number written twice (with a space, say) is added up.
 * Source: Liu et al., arXiv:2303.16634 (G-Eval).
 */
export function expectedTokenScore(
  tokens: readonly TokenProbability[],
  scale: readonly [lowest: number, highest: number],
): TokenScore {
  const steps = stepProbabilities(tokens, scale);
  const mass = steps.reduce((total, [, p]) => total + p, 0);
  if (mass === 0) {
    return { mass, expected: null, normalised: null, variance: null, entropyNats: null, mode: null };
  }
  const shares = steps.map(([step, p]) => [step, p / mass] as const);
  const expected = shares.reduce((total, [step, p]) => total + step * p, 0);
  const likeliest = shares.reduce((best, pair) => (pair[1] > best[1] ? pair : best));
  return {
    mass,
    expected,
    normalised: (expected - scale[0]) / (scale[1] - scale[0]),
    variance: shares.reduce((total, [step, p]) => total + p * (step - expected) ** 2, 0),
    entropyNats: shares.reduce((total, [, p]) => (p === 0 ? total : total - p * Math.log(p)), 0),
    mode: likeliest[0],
  };
}

/** Steps of the scale that occur, ascending, with their probabilities. */
function stepProbabilities(
  tokens: readonly TokenProbability[],
  [lowest, highest]: readonly [number, number],
): (readonly [step: number, p: number])[] {
  const steps = new Map<number, number>();
  for (const { token, logprob } of tokens) {
    const written = token.trim();
    const step = Number(written);
    if (!/^-?\d+$/.test(written) || step < lowest || step > highest) continue;
    steps.set(step, (steps.get(step) ?? 0) + Math.exp(logprob));
  }
  return [...steps].sort((a, b) => a[0] - b[0]);
}
