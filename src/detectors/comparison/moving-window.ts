/** The last W values and their sum. Plain JSON; changed in place by `stepWindow`. */
export interface WindowState {
  readonly size: number;
  readonly values: number[];
  /** Where the next value goes. */
  next: number;
  sum: number;
}

/** The state before the first item, for windows of `size` >= 1 values. */
export function createWindow(size: number): WindowState {
  return { size, values: [], next: 0, sum: 0 };
}

/**
 * Takes in one value, in place, and returns the mean of the last W values; null until there are W. The usual alarm is
 * "mean below a fixed threshold", whose false-alarm interval nobody knows without simulating that very stream.
 */
export function stepWindow(state: WindowState, x: number): number | null {
  state.sum += x - (state.values[state.next] ?? 0);
  state.values[state.next] = x;
  state.next = (state.next + 1) % state.size;
  return state.values.length < state.size ? null : state.sum / state.size;
}
