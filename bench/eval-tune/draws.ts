/** How often each measurement draws anew, and from where. */
export interface Draws {
  readonly seed: number;
  /** Random halves of a set, one for each draw. */
  readonly halves: number;
}

/** How often more than alpha may be wrong among what is kept. */
export const DELTA = 0.05;
/** Least probability of escalation. */
export const AUDIT = 0.1;
