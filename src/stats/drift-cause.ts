import { type DriftVectors, judgeShift } from './attribution';

/** What the drift vectors together say. */
export type DriftCause =
  /** Nothing moved beyond doubt. */
  | 'nothing'
  /** The product changed; judge and people did not. */
  | 'product'
  /** The judge changed and that accounts for what was observed: distrust its alarms until it is calibrated again. */
  | 'judge'
  /** Both changed: report the product's share and the judge's apart. */
  | 'product and judge'
  /** Nothing was observed because the judge's drift hides a change of the product: treat it as one. */
  | 'product hidden by judge'
  /** Judge and people changed together: the standard is another now, so the rubric needs a new version. */
  | 'standard'
  /** People changed and the judge did not: labels of the two groups must not be pooled. */
  | 'labellers'
  /** Too few frozen items to say anything about the judge: run more before blaming the product. */
  | 'judge unclear';

/**
 * Reads the cause of a change off the drift vectors, against the smallest effect that matters. People count as unmoved
 * unless they are shown to have moved.
 */
export function causeOfDrift(drift: DriftVectors, minimalEffect: number): DriftCause {
  const judge = judgeShift(drift.judge, minimalEffect);
  if (judge === 'unclear') return 'judge unclear';
  const hasMoved = (shift: DriftVectors['human']): boolean =>
    shift !== null && judgeShift(shift, minimalEffect) === 'moved';
  if (hasMoved(drift.human)) {
    if (judge === 'same') return 'labellers';
    if (!hasMoved(drift.judgeMinusHuman)) return 'standard';
  }
  const productMoved = hasMoved(drift.product);
  if (judge === 'same') return productMoved || hasMoved(drift.observed) ? 'product' : 'nothing';
  if (!productMoved) return 'judge';
  return hasMoved(drift.observed) ? 'product and judge' : 'product hidden by judge';
}
