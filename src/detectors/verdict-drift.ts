import { logBetaBinomialE } from '../stats/beta-binomial';

/**
 * Verdicts of a frozen set that changed against the sealed ones. "Up" is from fail to pass: the judge grew more generous.
 * Only direction counts: a judge that is merely noisy, with as many changes up as down, has not moved.
 */
export interface VerdictDriftState {
  readonly up: number;
  readonly down: number;
}

/** Evidence at which a judge counts as moved: at most one unmoved judge in twenty ever gets there. */
export const JUDGE_MOVED_EVIDENCE = 20;

/**
 * E-value for "a changed verdict is as likely up as down": the sign-flip e-process with the size of the bet mixed over
 * all values, in closed form. May be read after every re-run. Capped at e^600.
 * Source: Robbins 1970 (mixture); de la Pena 1999 (symmetric increments).
 */
export function verdictDriftEvidence({ up, down }: VerdictDriftState): number {
  return Math.exp(Math.min(600, logBetaBinomialE(up, down, 0.5)));
}
