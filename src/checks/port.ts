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
