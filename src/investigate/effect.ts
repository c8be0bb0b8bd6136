/** A change with its standard error. */
export interface Effect {
  readonly change: number;
  readonly standardError: number;
}

export const NO_EFFECT: Effect = { change: 0, standardError: 0 };

/** Standard errors beyond which a change is one. */
export const BEYOND_DOUBT = 3;
/** What moved less than this has not moved, on a scale of [0, 1]. */
export const MINIMAL_EFFECT = 0.02;

export function isMoved({ change, standardError }: Effect, least = MINIMAL_EFFECT): boolean {
  return Math.abs(change) >= least && Math.abs(change) > BEYOND_DOUBT * standardError;
}

/** Large enough to matter for the whole, or small and beyond all doubt. */
export function isPart({ change, standardError }: Effect, whole: number): boolean {
  const size = Math.abs(change);
  if (size > 4 * standardError && size >= MINIMAL_EFFECT / 2) return true;
  return size > 2 * standardError && size >= Math.min(MINIMAL_EFFECT, 0.2 * Math.abs(whole));
}

/** How much of an effect is beyond doubt: the near end of its interval. */
export function strength({ change, standardError }: Effect): number {
  return Math.abs(change) - 2 * standardError;
}

/** Difference of two independent effects. */
export function lessOf(a: Effect, b: Effect): Effect {
  return { change: a.change - b.change, standardError: Math.hypot(a.standardError, b.standardError) };
}
