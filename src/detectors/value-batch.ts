/**
 * Values of one series in the order in which they came, `BATCH_STRIDE` numbers each: the value, its weight, and its time.
 * Side by side, as they are written one value at a time into many batches in turn.
 */
export type ValueBatch = Float64Array;

export const BATCH_STRIDE = 3;

export function createBatch(values: number): ValueBatch {
  return new Float64Array(BATCH_STRIDE * values);
}
