import type { SegmentEstimate } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { SessionValue } from '../domain/session-outcome';
import type { TurnValue } from '../sessions/turn';
import { addAipw, type AipwState, emptyAipw, pseudoOutcome, snapshotAipw } from '../stats/aipw';
import { clipInterval, waldInterval } from '../stats/interval';

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
  readonly aipw: AipwState;
  /** Items whose cheap stage answered, and the sum of its scores. */
  cheapItems: number;
  cheapSum: number;
  /** Sum of the ensemble's scores over escalated items. */
  ensembleSum: number;
  /** One value per closed session: the mean of its turns' values. What is published and watched. */
  readonly sessions: SessionValues;
}

/** Sums over closed sessions, and where they would lie if every escalation that failed for good had scored 0, or 1. */
export interface SessionValues {
  n: number;
  sum: number;
  sumSquares: number;
  bracketed: number;
  lowest: number;
  highest: number;
}

export function createCriterionSeries(): CriterionSeries {
  return { scored: 0, notApplicable: 0, unjudged: 0, panels: new Map() };
}

/** A series with the panel that its values go to, looked up once for many items; `panel` is there from the first value on. */
export interface SeriesSlot {
  readonly series: CriterionSeries;
  readonly panelKey: string;
  panel: PanelSeries | null;
}

/** False when a value could not be used, because its escalation probability is impossible. Takes sampled items only. */
export function recordCriterion(slot: SeriesSlot, criterion: OutcomeCriterion): boolean {
  const { series } = slot;
  switch (criterion.result) {
    case 'not_sampled':
      return true;
    case 'not_applicable':
      series.notApplicable += 1;
      return true;
    case 'unjudged':
      series.unjudged += 1;
      return !isFailedEscalation(criterion) || isProbability(criterion.escalationProbability ?? 1);
    case 'scored':
      series.scored += 1;
      return recordValue(slot, criterion);
  }
}

function recordValue(slot: SeriesSlot, criterion: OutcomeCriterion): boolean {
  const { cheapScore, ensembleScore, escalated } = criterion;
  const pi = criterion.escalationProbability ?? 1;
  const ensemble = escalated ? ensembleScore : null;
  // Without a cheap score pi is 1, and the ensemble's own score makes the correction vanish.
  const prediction = cheapScore ?? ensemble;
  if (prediction === null || !isProbability(pi)) return false;
  const panel = (slot.panel ??= namedPanel(slot.series, slot.panelKey));
  addAipw(panel.aipw, prediction, ensemble, pi);
  if (cheapScore !== null) {
    panel.cheapItems += 1;
    panel.cheapSum += cheapScore;
  }
  if (ensemble !== null) panel.ensembleSum += ensemble;
  return true;
}

function isFailedEscalation({ result, escalated, cheapScore }: OutcomeCriterion): boolean {
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

/** One closed session's mean into the series of its panel. */
export function recordSession({ sessions }: PanelSeries, { value, lowest, highest }: SessionValue): void {
  sessions.bracketed += 1;
  sessions.lowest += lowest;
  sessions.highest += highest;
  if (value === null) return;
  sessions.n += 1;
  sessions.sum += value;
  sessions.sumSquares += value * value;
}

/**
 * Values of own-family judges never enter the series of independent ones, whatever the panel is called. (Panels name
 * themselves `…~own` then; the suffix is only added where it is missing.)
 */
export function panelKey({ panel, independent }: OutcomeCriterion): string {
  const name = panel ?? '';
  return independent || name.endsWith('~own') ? name : `${name}~own`;
}

export function namedPanel(series: CriterionSeries, key: string): PanelSeries {
  let own = series.panels.get(key);
  if (own === undefined) {
    own = {
      aipw: emptyAipw(),
      cheapItems: 0,
      cheapSum: 0,
      ensembleSum: 0,
      sessions: { n: 0, sum: 0, sumSquares: 0, bracketed: 0, lowest: 0, highest: 0 },
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
