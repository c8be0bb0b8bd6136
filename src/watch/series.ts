import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { TurnValue } from '../sessions/turn';
import { type AipwState, pseudoOutcome, snapshotAipw } from '../stats/aipw';
import { clipInterval, waldInterval } from '../stats/interval';

/** One criterion in one segment; plain JSON. */
export interface CriterionSeries {
  /** Sampled items by what became of them. */
  readonly scored: number;
  readonly notApplicable: number;
  readonly unjudged: number;
  /** By panel: other judges are another instrument, never pooled. */
  readonly panels: readonly (readonly [string, PanelSeries])[];
}

export interface PanelSeries {
  readonly aipw: AipwState;
  /** Items whose cheap stage answered, and the sum of its scores. */
  readonly cheapItems: number;
  readonly cheapSum: number;
  /** Sum of the ensemble's scores over escalated items. */
  readonly ensembleSum: number;
  /** One value per closed session: the mean of its turns' values. What is published and watched. */
  readonly sessions: SessionValues;
}

/** Sums over closed sessions, and where they would lie if every escalation that failed for good had scored 0, or 1. */
export interface SessionValues {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly bracketed: number;
  readonly lowest: number;
  readonly highest: number;
}

export function isFailedEscalation({ result, escalated, cheapScore }: OutcomeCriterion): boolean {
  return result === 'unjudged' && escalated && cheapScore !== null;
}

/**
 * What a sampled item brings to the mean of its session, by criterion: its pseudo-outcome, or for an escalation that failed
 * for good no value but the two it would have with an ensemble that said 0 and one that said 1.
 */
export function turnValuesOf(criteria: readonly OutcomeCriterion[]): TurnValue[] {
  const values: TurnValue[] = [];
  for (const criterion of criteria) {
    const { cheapScore, escalated, ensembleScore, escalationProbability } = criterion;
    const pi = escalationProbability ?? 1;
    if (!isProbability(pi)) continue;
    const panel = panelKey(criterion);
    if (criterion.result === 'scored') {
      const ensemble = escalated ? ensembleScore : null;
      const prediction = cheapScore ?? ensemble;
      if (prediction === null) continue;
      const value = pseudoOutcome(prediction, ensemble, pi);
      values.push({ criterion: criterion.criterion, panel, value, lowest: value, highest: value });
    } else if (isFailedEscalation(criterion) && cheapScore !== null) {
      const lowest = pseudoOutcome(cheapScore, 0, pi);
      const highest = pseudoOutcome(cheapScore, 1, pi);
      values.push({ criterion: criterion.criterion, panel, value: null, lowest, highest });
    }
  }
  return values;
}

/**
 * Values of own-family judges never enter the series of independent ones, whatever the panel is called. (Panels name
 * themselves `…~own` then; the suffix is only added where it is missing.)
 */
export function panelKey({ panel, independent }: OutcomeCriterion): string {
  const name = panel ?? '';
  return independent || name.endsWith('~own') ? name : `${name}~own`;
}

export function isProbability(value: number): boolean {
  return value > 0 && value <= 1;
}

/** One estimate per panel; a single one without values while no panel has any, so that its judged ratio can be told. */
export function toEstimates(segment: SegmentKey, criterion: string, series: CriterionSeries): SegmentEstimate[] {
  const sampled = series.scored + series.notApplicable + series.unjudged;
  const shared = {
    segment,
    criterion,
    judgedRatio: sampled === 0 ? null : (series.scored + series.notApplicable) / sampled,
    unjudged: series.unjudged,
  };
  if (series.panels.length === 0) return sampled === 0 ? [] : [{ ...shared, panel: '', ...NO_VALUES }];
  return series.panels.map(([panel, values]) => ({ ...shared, panel, ...toValues(values) }));
}

type EstimateValues = Omit<SegmentEstimate, 'segment' | 'criterion' | 'panel' | 'judgedRatio' | 'unjudged'>;

const NO_VALUES: EstimateValues = {
  mean: null,
  lower: null,
  upper: null,
  cheapMean: null,
  escalatedMean: null,
  sessions: 0,
  items: 0,
  escalated: 0,
  effectiveSampleSize: null,
  failureBracket: null,
};

/** The sessions are the unit: turns of one conversation are alike, and an interval over turns would be too narrow. */
function toValues({ aipw, cheapItems, cheapSum, ensembleSum, sessions }: PanelSeries): EstimateValues {
  const { n, sum, sumSquares, bracketed } = sessions;
  const mean = n === 0 ? null : sum / n;
  const variance = n < 2 ? null : Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1));
  const interval =
    mean === null || variance === null ? null : clipInterval(waldInterval(mean, Math.sqrt(variance / n)), 0, 1);
  return {
    mean,
    lower: interval === null ? null : interval[0],
    upper: interval === null ? null : interval[1],
    cheapMean: cheapItems === 0 ? null : cheapSum / cheapItems,
    escalatedMean: aipw.escalated === 0 ? null : ensembleSum / aipw.escalated,
    sessions: n,
    items: aipw.n,
    escalated: aipw.escalated,
    effectiveSampleSize: aipw.escalated === 0 ? null : snapshotAipw(aipw).effectiveSampleSize,
    failureBracket:
      bracketed === 0 ? null : clipInterval([sessions.lowest / bracketed, sessions.highest / bracketed], 0, 1),
  };
}
