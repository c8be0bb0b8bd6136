/** Default severity; the engine's own label, set per segment in the configuration, wins over it. */
export type Severity = 'page' | 'ticket' | 'info';

export type BoardUid =
  'plumbline-overview' | 'plumbline-judges' | 'plumbline-segments' | 'plumbline-pipeline' | 'plumbline-investigation';

/** What the runbook page says; there is no alert without one. */
export interface Runbook {
  readonly meaning: string;
  /** The first command asks Prometheus this; `reading` says how to read the answer. */
  readonly query: string;
  readonly reading: string;
  readonly next: readonly string[];
  readonly causes: readonly string[];
  readonly silence: string;
}

export interface AlertKind {
  /** As in the label `kind`, e.g. `score_regression`. */
  readonly kind: string;
  readonly severity: Severity;
  /** One line with templates of Prometheus: what fell, where. */
  readonly summary: string;
  readonly board: BoardUid;
  readonly runbook: Runbook;
}

/** An alert whose condition is an expression over the monitor's own metrics. */
export interface RuleAlert extends AlertKind {
  readonly expr: string;
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly description: string;
}

/** `score_regression` to `PlumblineScoreRegression`. */
export function alertName(kind: string): string {
  return `Plumbline${kind
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
}
