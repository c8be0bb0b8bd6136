/** Units of data/README.md; only ratios of them mean anything. */
export type Units = number;

/** One member's recorded verdict, mapped to [0, 1]; null where its text held none. */
export interface Member {
  readonly judge: string;
  readonly score: number | null;
  readonly price: Units;
}

/** One call that the learned order may make, in its order. */
export interface Question {
  /** Index of the member it is a call to. */
  readonly member: number;
  readonly answer: number | null;
  readonly price: Units;
}

/**
 * One recorded item. Pointwise: 1 = pass, 0 = fail. Pairs: 1 = the first is better, 0 = the second, 0.5 = a tie, which is
 * also what a judge says that changes its mind with the order.
 */
export interface CascadeItem {
  readonly human: number;
  /** The cheap stage's readings; a reading that is free (a string check) is one of them. */
  readonly readings: readonly (number | null)[];
  /** The cheap verdict that stands when the item is not escalated. */
  readonly cheap: number | null;
  /** Distance of the cheap judge's raw scores, where it has any, as one of a few levels; else 0. */
  readonly margin: number;
  /** True where the cheap stage gives no sure verdict: its readings differ, one is missing, or the margin is the lowest. */
  readonly unsure: boolean;
  /** In rising order of price: the order in which they are asked. */
  readonly members: readonly Member[];
  /** The members' calls one by one: a pair shown in both orders is two. */
  readonly questions: readonly Question[];
  /** What is known before the first question to a member, when only the first paid reading was taken. */
  readonly opening: string;
  /** What of an item is known before any judge: task, producer, set. */
  readonly segment: string;
}

export interface CascadeSet {
  readonly name: string;
  readonly items: readonly CascadeItem[];
  /** Of one item's cheap stage. */
  readonly cheapPrice: Units;
  /** Of its first paid reading alone, with those that are free. */
  readonly openingPrice: Units;
  /** Values of a verdict: 2 pointwise, 3 on pairs. */
  readonly scale: readonly number[];
  readonly panel: string;
}
