import type { SeriesStanding } from '../domain/alert';
import { foldOptionsBody, type FoldOptions } from './options';
import { detectionPart } from './options-alerts';

/** Which baselines are thrown away when the fold goes on under other parameters. */
export interface Resets {
  /** Every series: its part of the budgets of false alarms is another one now. */
  readonly all: boolean;
  /** Criteria that mean something else now: the scores of before say nothing about those to come. */
  readonly criteria: readonly string[];
}

export function resetsOf(current: FoldOptions, next: FoldOptions): Resets {
  const isOther = alertingOf(current) !== alertingOf(next);
  return { all: isOther, criteria: changedMeanings(current, next) };
}

/** Criteria of both whose meaning differs. What an older version did not record is taken to be the same. */
export function changedMeanings({ meanings: before = {} }: FoldOptions, { meanings = {} }: FoldOptions): string[] {
  return Object.keys(meanings)
    .filter((name) => before[name] !== undefined && before[name] !== meanings[name])
    .sort();
}

/** How many series would have to learn afresh. */
export function countResets({ all, criteria }: Resets, standings: readonly SeriesStanding[]): number {
  return standings.filter(({ series }) => all || isOf(series, criteria)).length;
}

function isOf({ kind, criterion }: SeriesStanding['series'], criteria: readonly string[]): boolean {
  return kind === 'score_regression' && criteria.includes(criterion);
}

/** As it is recorded, so that the order of keys and defaults left out make no difference. */
function alertingOf(options: FoldOptions): string {
  const { alerting } = JSON.parse(foldOptionsBody(options)) as Pick<FoldOptions, 'alerting'>;
  return JSON.stringify(alerting === undefined ? null : detectionPart(alerting));
}
