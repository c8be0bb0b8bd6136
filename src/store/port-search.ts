import type { Acknowledgement } from '../domain/acknowledgement';
import type { Label } from '../domain/label';
import type { EpochMs } from '../domain/time';
import type { TrafficCell } from './traffic-cell';

/** One page of a list, and where the next begins; null at the end. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface PageRequest {
  /** At most `MAX_PAGE`. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export const MAX_PAGE = 200;

/** Which interactions; all that is given must hold. */
export interface InteractionFilter {
  /** `product=support`, also `release=…`, `model=…`, `route=…`, crosses as `product+locale=support+de`. */
  readonly segment?: string | undefined;
  readonly criterion?: string | undefined;
  /** `fail` or `pass` of the criterion. */
  readonly result?: 'pass' | 'fail' | 'unjudged' | undefined;
  readonly minScore?: number | undefined;
  readonly maxScore?: number | undefined;
  /** Least disagreement of the ensemble, in [0, 1]. */
  readonly minDisagreement?: number | undefined;
  /** A check that failed. */
  readonly check?: string | undefined;
  readonly conversation?: string | undefined;
  readonly userHash?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Words that the user's message or the answer holds, where text is kept. */
  readonly text?: string | undefined;
}

/** `recent`: latest first. `worst`: lowest score first. `disagreement`: least agreed first. */
export type InteractionOrder = 'recent' | 'worst' | 'disagreement';

export interface InteractionRow {
  readonly interactionId: string;
  readonly conversationId: string;
  readonly turnIndex: number;
  readonly occurredAt: EpochMs;
  readonly outcome: string;
  readonly cell: TrafficCell;
  readonly sampled: boolean;
  /** Lowest score over its criteria; null when none was scored. */
  readonly worstScore: number | null;
  readonly disagreement: number | null;
  readonly failedChecks: readonly string[];
  readonly criteria: readonly CriterionRow[];
  readonly costUsd: number;
}

export interface CriterionRow {
  readonly criterion: string;
  readonly result: string;
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly panel: string | null;
  readonly escalated: boolean;
  readonly disagreement: number | null;
}

export interface StoredInteraction {
  readonly row: InteractionRow;
  readonly userHash: string | null;
  /** JSON of the winning verdict; null when it has not come, or is no longer kept. */
  readonly verdictJson: string | null;
  readonly labels: readonly Label[];
}

export interface AlertFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly segment?: string | undefined;
  readonly criterion?: string | undefined;
  readonly owner?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

export interface StoredAlert {
  readonly json: string;
  readonly acknowledgements: readonly Acknowledgement[];
}
