import type { Growing } from './growing-detector';

/**
 * Bounds the statistics of one or two detectors on the same values, value by value, while the values wait to be taken in:
 * a statistic is the least over the cells, so it is at most that of any one of them, and the mixture of that one grows at most
 * by its fastest component. As long as the bound is below every threshold there is no alarm to be missed.
 */
export interface Witness {
  edge: number;
  evidence: number;
  bound: number;
  smallestBet: number;
  largestBet: number;
}

/** Sums of the same numbers in another order differ by less. */
const ROUNDING = 1 + 1e-9;

/**
 * At the cell where the first detector is smallest now. The other is on the same baseline and evidence, with a tolerance that
 * is no smaller: from where it is, it grows no faster.
 */
export function aimWitness(first: Growing, other: Growing | null): Witness {
  const { baseline, bets, weights, tolerance } = first.design;
  let cell = 0;
  let least = Infinity;
  for (let i = 0; i < baseline.edges.length; i++) {
    const mixture = mixtureAt(first, i);
    if (mixture < least) {
      cell = i;
      least = mixture;
    }
  }
  let evidence = 0;
  for (let k = 0; k < bets.length; k++) evidence += weights[k]! * first.state.evidence[cell * bets.length + k]!;
  const witness = {
    edge: baseline.edges[cell]! - tolerance,
    evidence: evidence * ROUNDING,
    bound: Math.max(least, other === null ? 0 : mixtureAt(other, cell)) * ROUNDING,
    smallestBet: Infinity,
    largestBet: 0,
  };
  widen(witness, bets);
  if (other !== null) widen(witness, other.design.bets);
  return witness;
}

function widen(witness: Witness, bets: readonly number[]): void {
  for (const bet of bets) {
    if (bet < witness.smallestBet) witness.smallestBet = bet;
    if (bet > witness.largestBet) witness.largestBet = bet;
  }
}

function mixtureAt({ design: { bets, weights }, state }: Growing, cell: number): number {
  const { evidence, shiryaevRoberts } = state;
  let mixture = 0;
  for (let k = 0; k < bets.length; k++) {
    const at = cell * bets.length + k;
    mixture += weights[k]! * evidence[at]! * shiryaevRoberts[at]!;
  }
  return mixture;
}

/** Takes in a value that waits to be taken in by the whole; at least what `stepGrowing` would return. */
export function stepWitness(witness: Witness, x: number, weight: number): number {
  const shortfall = witness.edge - x;
  const bet = shortfall > 0 ? witness.largestBet : witness.smallestBet;
  return (witness.bound = (weight * witness.evidence + witness.bound) * (1 + bet * shortfall));
}
