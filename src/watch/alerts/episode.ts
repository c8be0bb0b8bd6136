import type { AlertSeverity, LevelEstimate } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { changeOf, levelSince, meanWhileDown, toLevel } from './change-window';
import { graver } from './kinds';
import type { OpenEpisode, Recovery, WatchedSeries } from './state';
import { bringUpToDate } from './pending';
import { isReached, levelOf, restartTier } from './tier';
import { freshWindow } from './watched';

/** Odds asked for before a level counts as back; looked at after every value, so more than once would take. */
const LOG_ODDS = Math.log(200);

/** The gravest severity whose detector has reached its threshold; null when none has. */
export function reachedSeverity({ page, objective, ticket }: WatchedSeries): AlertSeverity | null {
  if ((page !== null && isReached(page)) || (objective !== null && isReached(objective))) return 'page';
  return ticket !== null && isReached(ticket) ? 'ticket' : null;
}

/** What is settled of an episode when it begins. */
export type EpisodeStart = Pick<OpenEpisode, 'id' | 'episode' | 'kind' | 'severity' | 'findings'>;

export function openEpisode(series: WatchedSeries, start: EpisodeStart): OpenEpisode {
  bringUpToDate(series);
  const at = series.lastAt;
  const began = series.window === null ? null : changeOf(series.window);
  const after = series.window === null || began === null ? null : levelSince(series.window, began.at);
  return {
    ...start,
    firedAt: at,
    before: levelBefore(series),
    after,
    began,
    recovery: createRecovery(series, at),
    noData: false,
  };
}

/** The level that was learned; null for a target, which was never measured. */
function levelBefore({ baseline }: WatchedSeries): LevelEstimate | null {
  if (baseline === null || baseline.source === 'target') return null;
  const { referenceMean, referenceVariance } = baseline.learned;
  return toLevel(baseline.size, referenceMean, referenceVariance);
}

/** What the series is held against: its baseline, else its objective while it learns. Null with neither. */
function levelHeld({ baseline, objective }: WatchedSeries): ReturnType<typeof levelOf> | null {
  if (baseline !== null) return levelOf(baseline);
  if (objective === null || objective.type !== 'target') return null;
  return levelOf({ source: 'target', target: objective.design.baseline });
}

function createRecovery(series: WatchedSeries, at: EpochMs): Recovery {
  const { range, window } = series;
  const { mean, variance } = levelHeld(series) ?? { mean: 0, variance: 0 };
  const down = window === null ? null : meanWhileDown(window);
  const drop = down === null || mean - down < LEAST_DROP ? UNSEEN_DROP : mean - down;
  const half = drop / 2;
  const middle = mean - half;
  const bet = Math.min(half / (variance + half * half), 0.9 / Math.max(0.01, middle - range[0]));
  return { middle, bet, evidence: 0, start: at, n: 0, sum: 0 };
}

/** A smaller one could not be told from none within any useful time. */
const LEAST_DROP = 0.02;
/** Taken for that of a series without a window, or whose fall is no longer to be seen; the mean is asked for all the same. */
const UNSEEN_DROP = 0.2;

/**
 * Takes in a value of a firing series, in place. True when it is over: since a later change point the mean has been back
 * above the level held less the tolerance, to within its standard error, for long enough.
 */
export function stepEpisode(
  series: WatchedSeries,
  open: OpenEpisode,
  x: number,
  mayEscalate: boolean,
  params: AlertParams,
): boolean {
  const at = series.lastAt;
  if (mayEscalate && open.kind === series.id.kind) escalate(series, open);
  const { recovery } = open;
  if (recovery.evidence <= 0) {
    recovery.evidence = 0;
    recovery.start = at;
    recovery.n = 0;
    recovery.sum = 0;
  }
  recovery.evidence += Math.log1p(recovery.bet * (x - recovery.middle));
  recovery.n += 1;
  recovery.sum += x;
  const level = levelHeld(series);
  if (recovery.evidence < LOG_ODDS || level === null) return false;
  // That it has risen at all is what the evidence is for; the noise of a mean that has must not keep the episode open.
  const standardError = Math.sqrt(level.variance / recovery.n);
  const wanted = level.mean - params.detectors.page.tolerance - standardError;
  return at - recovery.start >= params.alerts.resolveMinutes * 60_000 && recovery.sum / recovery.n >= wanted;
}

function escalate(series: WatchedSeries, open: OpenEpisode): void {
  const reached = reachedSeverity(series);
  if (reached !== null) open.severity = graver(open.severity, reached);
}

/** Ends the episode; the detectors start afresh on the same baseline, which keeps their rate of false alarms. */
export function closeEpisode(series: WatchedSeries): void {
  series.open = null;
  series.resolvedAt = series.lastAt;
  restart(series);
}

/** Forgets the evidence, not the baseline. */
export function restart(series: WatchedSeries): void {
  bringUpToDate(series);
  series.heldSince = null;
  for (const tier of [series.page, series.ticket, series.objective]) if (tier !== null) restartTier(tier);
  if (series.baseline !== null && !series.isLight) series.window = freshWindow(series.baseline);
}
