import type { Cause, Finding } from './cause';
import type { Evidence } from './evidence';
import { findingsOf } from './findings';
import { measure, type Measured } from './measure';
import { rank } from './rank';

export interface Diagnosis extends Measured {
  /** Most of the change first; never empty. */
  readonly causes: readonly Cause[];
  readonly findings: readonly Finding[];
}

/** Names what a change comes from, what it does not come from, and by which test. Pure. */
export function diagnose(evidence: Evidence): Diagnosis {
  const measured = measure(evidence);
  const causes = rank(measured);
  return { ...measured, causes, findings: findingsOf(measured, causes) };
}
