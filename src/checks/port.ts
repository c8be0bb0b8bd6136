import type { CheckResult } from '../domain/check';
import type { Interaction } from '../domain/interaction';

/** A deterministic, versioned, total function over one redacted interaction. */
export interface Check {
  readonly name: string;
  readonly version: number;
  /** One sentence for docs/checks.md. */
  readonly meaning: string;
  run(interaction: Interaction): CheckResult;
}

/** A built-in check with what docs/checks.md says about it. */
export interface DocumentedCheck extends Check {
  /** What a failure looks like, in one line. */
  readonly example: string;
  /** Known ways to fail without a fault; `None known.` is an answer. */
  readonly falsePositives: string;
}
