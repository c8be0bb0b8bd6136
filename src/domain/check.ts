export type CheckOutcome = 'pass' | 'fail' | 'not_applicable';

/** One deterministic check on one interaction. */
export interface CheckResult {
  readonly check: string;
  readonly version: number;
  readonly result: CheckOutcome;
  /** Where the evidence lies in the redacted `output.text`; null when the finding has no place (e.g. emptiness). */
  readonly span: Span | null;
  /** A short machine-readable detail without production text, e.g. `finish_reason=length`. */
  readonly detail: string | null;
}

/** A half-open range of UTF-16 code units, `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
