import { mean } from './moments';
import { ascendingOrder, descendingOrder } from './ranks';

/**
 * Series to call changed, by index ascending, so that the false discovery rate is at most alpha under any dependence:
 * the k largest with k the largest i such that the i-th largest e-value is at least K / (alpha i). On the current values
 * of e-detectors the same rule bounds the error over patience (e-d-BH).
 * Source: Wang & Ramdas, arXiv:2009.02824; Dandapanthula & Ramdas, arXiv:2501.04130.
 */
export function eBenjaminiHochberg(eValues: readonly number[], alpha: number): number[] {
  const order = descendingOrder(eValues);
  const bar = (rank: number): number => eValues.length / (alpha * rank);
  return rejectedPrefix(order, (i, rank) => eValues[i]! >= bar(rank));
}

/** Indices with e-value of at least K / alpha: the chance of any false one is at most alpha. */
export function eBonferroni(eValues: readonly number[], alpha: number): number[] {
  return eValues.flatMap((e, i) => (e >= eValues.length / alpha ? [i] : []));
}

/**
 * Benjamini-Hochberg on p-values (independent, or positively dependent): indices ascending, the k smallest with k the
 * largest i such that the i-th smallest is at most alpha i / K.
 * Source: Benjamini & Hochberg 1995.
 */
export function benjaminiHochberg(pValues: readonly number[], alpha: number): number[] {
  const order = ascendingOrder(pValues);
  return rejectedPrefix(order, (i, rank) => pValues[i]! <= (alpha * rank) / pValues.length);
}

/**
 * Online control of the false discovery rate for tests that arrive one by one, under any dependence: test t (from 1) is
 * rejected when e_t >= 1 / (alpha gamma_t (rejections before + 1)), gamma_t = 6 / (pi^2 t^2). Indices from 0.
 * Source: Xu & Ramdas, arXiv:2311.06412 (e-LOND).
 */
export function eLond(eValues: readonly number[], alpha: number): number[] {
  const rejected: number[] = [];
  eValues.forEach((e, i) => {
    const share = 6 / (Math.PI * Math.PI * (i + 1) ** 2);
    if (e >= 1 / (alpha * share * (rejected.length + 1))) rejected.push(i);
  });
  return rejected;
}

/** Average: the e-value for "at least one changed", under any dependence; null without values. Never multiply instead. */
export function averageEValue(eValues: readonly number[]): number | null {
  return mean(eValues);
}

/**
 * E-value from a p-value, 0.5 p^(-1/2); null for p = 0, where it would be infinite.
 * Source: Vovk & Wang 2021 (calibrator with kappa = 1/2).
 */
export function calibratePValue(p: number): number | null {
  return p === 0 ? null : 0.5 / Math.sqrt(p);
}

/** The first k of an order, ascending, k being the largest rank (from 1) at which the claim holds. */
function rejectedPrefix(order: readonly number[], claim: (index: number, rank: number) => boolean): number[] {
  let count = 0;
  order.forEach((index, i) => {
    if (claim(index, i + 1)) count = i + 1;
  });
  return order.slice(0, count).sort((a, b) => a - b);
}
