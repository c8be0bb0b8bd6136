import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import { type AipwState, emptyAipw, fixedTimeInterval, recordAipw, snapshotAipw } from '../stats/aipw';
import { clipInterval } from '../stats/interval';

/** One criterion in one segment; plain JSON but for the map. */
export interface CriterionSeries {
  /** Sampled items by what became of them. */
  scored: number;
  notApplicable: number;
  unjudged: number;
  /** By panel: other judges are another instrument, never pooled. */
  readonly panels: Map<string, PanelSeries>;
}

export interface PanelSeries {
  aipw: AipwState;
  /** Items whose cheap stage answered, and the sum of its scores. */
  cheapItems: number;
  cheapSum: number;
  /** Sum of the ensemble's scores over escalated items. */
  ensembleSum: number;
  failed: FailedEscalations;
}

/** Escalated items whose ensemble failed for good: what they would add if it had said 0, and if it had said 1. */
export interface FailedEscalations {
  items: number;
  lowest: number;
  highest: number;
}

export function createCriterionSeries(): CriterionSeries {
  return { scored: 0, notApplicable: 0, unjudged: 0, panels: new Map() };
}

/** False when a value could not be used, because its escalation probability is impossible. Takes sampled items only. */
export function recordCriterion(series: CriterionSeries, criterion: OutcomeCriterion): boolean {
  switch (criterion.result) {
    case 'not_sampled':
      return true;
    case 'not_applicable':
      series.notApplicable += 1;
      return true;
    case 'unjudged':
      series.unjudged += 1;
      return recordFailure(series, criterion);
    case 'scored':
      series.scored += 1;
      return recordValue(series, criterion);
  }
}

function recordValue(series: CriterionSeries, criterion: OutcomeCriterion): boolean {
  const { cheapScore, ensembleScore, escalated } = criterion;
  const pi = criterion.escalationProbability ?? 1;
  const ensemble = escalated ? ensembleScore : null;
  // Without a cheap score pi is 1, and the ensemble's own score makes the correction vanish.
  const prediction = cheapScore ?? ensemble;
  if (prediction === null || !isProbability(pi)) return false;
  const panel = panelOf(series, criterion);
  panel.aipw = recordAipw(panel.aipw, prediction, ensemble, pi);
  if (cheapScore !== null) {
    panel.cheapItems += 1;
    panel.cheapSum += cheapScore;
  }
  if (ensemble !== null) panel.ensembleSum += ensemble;
  return true;
}

function recordFailure(series: CriterionSeries, criterion: OutcomeCriterion): boolean {
  const { escalated, cheapScore, escalationProbability: pi } = criterion;
  if (!escalated || cheapScore === null || pi === null) return true;
  if (!isProbability(pi)) return false;
  const { failed } = panelOf(series, criterion);
  failed.items += 1;
  failed.lowest += cheapScore - cheapScore / pi;
  failed.highest += cheapScore + (1 - cheapScore) / pi;
  return true;
}

/**
 * Values of own-family judges never enter the series of independent ones, whatever the panel is called. (Panels name
 * themselves `…~own` then; the suffix is only added where it is missing.)
 */
function panelOf(series: CriterionSeries, { panel, independent }: OutcomeCriterion): PanelSeries {
  const name = panel ?? '';
  const key = independent || name.endsWith('~own') ? name : `${name}~own`;
  let own = series.panels.get(key);
  if (own === undefined) {
    own = {
      aipw: emptyAipw(),
      cheapItems: 0,
      cheapSum: 0,
      ensembleSum: 0,
      failed: { items: 0, lowest: 0, highest: 0 },
    };
    series.panels.set(key, own);
  }
  return own;
}

function isProbability(value: number): boolean {
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
  if (series.panels.size === 0) return sampled === 0 ? [] : [{ ...shared, panel: '', ...NO_VALUES }];
  return [...series.panels].map(([panel, values]) => ({ ...shared, panel, ...toValues(values) }));
}

type EstimateValues = Omit<SegmentEstimate, 'segment' | 'criterion' | 'panel' | 'judgedRatio' | 'unjudged'>;

const NO_VALUES: EstimateValues = {
  mean: null,
  lower: null,
  upper: null,
  cheapMean: null,
  escalatedMean: null,
  items: 0,
  escalated: 0,
  effectiveSampleSize: null,
  failureBracket: null,
};

function toValues({ aipw, cheapItems, cheapSum, ensembleSum, failed }: PanelSeries): EstimateValues {
  const snapshot = snapshotAipw(aipw);
  const interval = fixedTimeInterval(snapshot);
  const clipped = interval === null ? null : clipInterval(interval, 0, 1);
  const all = aipw.n + failed.items;
  return {
    mean: snapshot.mean,
    lower: clipped === null ? null : clipped[0],
    upper: clipped === null ? null : clipped[1],
    cheapMean: cheapItems === 0 ? null : cheapSum / cheapItems,
    escalatedMean: aipw.escalated === 0 ? null : ensembleSum / aipw.escalated,
    items: aipw.n,
    escalated: aipw.escalated,
    effectiveSampleSize: aipw.escalated === 0 ? null : snapshot.effectiveSampleSize,
    failureBracket:
      all === 0
        ? null
        : clipInterval([(aipw.sumPhi + failed.lowest) / all, (aipw.sumPhi + failed.highest) / all], 0, 1),
  };
}
