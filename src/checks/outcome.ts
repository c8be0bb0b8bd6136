import type { CheckResult, Span } from '../domain/check';

/** Makes the results of one check. Details are fixed words and numbers, never text of the interaction. */
export interface Outcomes {
  readonly pass: (detail?: string) => CheckResult;
  readonly fail: (detail: string | null, span?: Span | null) => CheckResult;
  readonly notApplicable: (detail?: string) => CheckResult;
}

export function outcomesOf(check: string, version: number): Outcomes {
  return {
    pass: (detail) => ({ check, version, result: 'pass', span: null, detail: detail ?? null }),
    fail: (detail, span) => ({ check, version, result: 'fail', span: span ?? null, detail }),
    notApplicable: (detail) => ({ check, version, result: 'not_applicable', span: null, detail: detail ?? null }),
  };
}
