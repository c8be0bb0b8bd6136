import { Z_95 } from './interval';
import { mean, standardErrorOfMean } from './moments';

/** A change of a mean with its standard error. */
export interface Shift {
  readonly change: number;
  readonly standardError: number;
}

/** Moved: beyond doubt and large enough to matter. Same: shown to be too small to matter. Else unclear. */
export type ShiftVerdict = 'moved' | 'same' | 'unclear';

/** What can have changed between two periods, each as now minus then. */
export interface DriftVectors {
  /** Production mean. */
  readonly observed: Shift;
  /** The judge on the frozen set. */
  readonly judge: Shift;
  /** People labelling the frozen set again; null when nobody did. */
  readonly human: Shift | null;
  /** observed - judge: what the product did. */
  readonly product: Shift;
  /** judge - human on the same items; null as for `human`. */
  readonly judgeMinusHuman: Shift | null;
}

/** The one-sided 95 % point used to show that a shift is too small to matter. */
const Z_ONE_SIDED = 1.645;

/** Mean change over pairs with its standard error (0 for a single pair); null without pairs. Null entries are left out. */
export function pairedShift(then: readonly (number | null)[], now: readonly (number | null)[]): Shift | null {
  const differences = then.flatMap((before, i) => {
    const after = now[i] ?? null;
    return before === null || after === null ? [] : [after - before];
  });
  const change = mean(differences);
  return change === null ? null : { change, standardError: standardErrorOfMean(differences) ?? 0 };
}

/** first - second of two independent shifts. */
export function shiftDifference(first: Shift, second: Shift): Shift {
  return {
    change: first.change - second.change,
    standardError: Math.hypot(first.standardError, second.standardError),
  };
}

/**
 * The drift vectors from production means and the frozen set's scores then and now (one entry per item, null when
 * missing). Null when the judge's scores share no item.
 */
export function driftVectors(
  observed: Shift,
  judge: { readonly then: readonly (number | null)[]; readonly now: readonly (number | null)[] },
  human: { readonly then: readonly (number | null)[]; readonly now: readonly (number | null)[] },
): DriftVectors | null {
  const judgeShift = pairedShift(judge.then, judge.now);
  if (judgeShift === null) return null;
  return {
    observed,
    judge: judgeShift,
    human: pairedShift(human.then, human.now),
    product: shiftDifference(observed, judgeShift),
    judgeMinusHuman: pairedShift(itemChanges(human), itemChanges(judge)),
  };
}

/**
 * Verdict on a shift against the smallest effect that matters: 'moved' when its 95 % interval excludes 0 and it is at
 * least that large; else 'same' when |change| + 1.645 se is below it; else 'unclear'.
 * Source: two one-sided tests, Schuirmann 1987.
 */
export function judgeShift(shift: Shift, minimalEffect: number): ShiftVerdict {
  const size = Math.abs(shift.change);
  if (size > Z_95 * shift.standardError && size >= minimalEffect) return 'moved';
  return size + Z_ONE_SIDED * shift.standardError < minimalEffect ? 'same' : 'unclear';
}

/** Items needed before a shift of `minimalEffect` can be told from none at 95 %, from the sd of the item changes. */
export function itemsToSettle(sd: number, minimalEffect: number): number {
  return Math.ceil((Z_95 * sd) ** 2 / (minimalEffect * minimalEffect));
}

function itemChanges(pair: {
  readonly then: readonly (number | null)[];
  readonly now: readonly (number | null)[];
}): (number | null)[] {
  return pair.then.map((before, i) => {
    const after = pair.now[i] ?? null;
    return before === null || after === null ? null : after - before;
  });
}
