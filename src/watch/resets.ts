import { KEPT_LESS, KEPT_MORE, type SeriesId, type SeriesStanding } from '../domain/alert';
import { foldOptionsBody, type FoldOptions } from './options';
import { detectionPart } from './options-alerts';

/** Which baselines are thrown away when the fold goes on under other parameters. */
export interface Resets {
  /** Every series: its part of the budgets of false alarms is another one now. */
  readonly all: boolean;
  /** Criteria that mean something else now: the scores of before say nothing about those to come. */
  readonly criteria: readonly string[];
  /** Criteria whose operating point is another one: what the cheap stage keeps is held to that from now on. */
  readonly points: readonly string[];
}

export function resetsOf(current: FoldOptions, next: FoldOptions): Resets {
  const isOther = alertingOf(current) !== alertingOf(next);
  return { all: isOther, ...changesOf(current, next) };
}

/** What starts afresh while the rest goes on. */
export function changesOf(current: FoldOptions, next: FoldOptions): Omit<Resets, 'all'> {
  return { criteria: changedMeanings(current, next), points: movedPoints(current, next) };
}

/** Criteria of both whose meaning differs. What an older version did not record is taken to be the same. */
function changedMeanings({ meanings: before = {} }: FoldOptions, { meanings = {} }: FoldOptions): string[] {
  return Object.keys(meanings)
    .filter((name) => before[name] !== undefined && before[name] !== meanings[name])
    .sort();
}

function movedPoints({ alerting: before }: FoldOptions, { alerting }: FoldOptions): string[] {
  const pointOf = (kept: NonNullable<typeof before>['kept'], name: string): string =>
    JSON.stringify([kept?.low, kept?.high, kept?.tolerance, kept?.shares[name]]);
  return Object.keys(before?.kept?.shares ?? {})
    .filter((name) => pointOf(before?.kept, name) !== pointOf(alerting?.kept, name))
    .sort();
}

/** How many series would have to start afresh. */
export function countResets({ all, ...changes }: Resets, standings: readonly SeriesStanding[]): number {
  // What is held to a level it never learned loses nothing.
  return standings.filter(({ series, tier }) => tier === 'full' && (all || startsAfresh(series, changes))).length;
}

export function startsAfresh({ kind, criterion }: SeriesId, { criteria, points }: Omit<Resets, 'all'>): boolean {
  if (kind === 'score_regression') return criteria.includes(criterion);
  const isKept = kind === 'traffic_mix_shift';
  return isKept && points.some((name) => criterion === name + KEPT_LESS || criterion === name + KEPT_MORE);
}

/** As it is recorded, so that the order of keys and defaults left out make no difference. */
function alertingOf(options: FoldOptions): string {
  const { alerting } = JSON.parse(foldOptionsBody(options)) as Pick<FoldOptions, 'alerting'>;
  return JSON.stringify(alerting === undefined ? null : detectionPart(alerting));
}
