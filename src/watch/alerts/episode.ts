import type { AlertSeverity, LevelEstimate } from '../../domain/alert';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { changeOf, levelSince, toLevel } from './change-window';
import { graver } from './kinds';
import type { OpenEpisode, Recovery, WatchedSeries } from './state';
import { isReached, levelOf, restartTier } from './tier';
import { freshWindow } from './watched';

/** Odds asked for before a level counts as back. */
const LOG_ODDS = Math.log(20);

/** The gravest severity whose detector has reached its threshold; null when none has. */
export function reachedSeverity({ page, ticket }: WatchedSeries): AlertSeverity | null {
  if (page !== null && isReached(page)) return 'page';
  return ticket !== null && isReached(ticket) ? 'ticket' : null;
}

export function openEpisode(series: WatchedSeries, id: string, episode: number, severity: AlertSeverity): OpenEpisode {
  const at = series.lastAt ?? 0;
  const began = series.window === null ? null : changeOf(series.window);
  const after = series.window === null || began === null ? null : levelSince(series.window, began.at);
  return {
    id,
    episode,
    severity,
    firedAt: at,
    before: levelBefore(series),
    after,
    began,
    recovery: createRecovery(series, after?.mean ?? null, at),
    noData: false,
  };
}

/** The level that was learned; null for a target, which was never measured. */
function levelBefore({ baseline }: WatchedSeries): LevelEstimate | null {
  if (baseline === null || baseline.source === 'target') return null;
  const { referenceMean, referenceSize, referenceVariance } = baseline.learned;
  return toLevel(referenceSize, referenceMean, referenceVariance);
}

function createRecovery({ baseline, range }: WatchedSeries, after: number | null, at: EpochMs): Recovery {
  const { mean, variance } = baseline === null ? { mean: 0, variance: 0 } : levelOf(baseline);
  const half = Math.max(0.01, (mean - (after ?? mean)) / 2);
  const middle = mean - half;
  const bet = Math.min(half / (variance + half * half), 0.9 / Math.max(0.01, middle - range[0]));
  return { middle, bet, evidence: 0, start: at, n: 0, sum: 0 };
}

/** Takes in a value of a firing series, in place. True when it is over. */
export function stepEpisode(series: WatchedSeries, open: OpenEpisode, x: number, params: AlertParams): boolean {
  const at = series.lastAt ?? 0;
  const reached = reachedSeverity(series);
  if (reached !== null) open.severity = graver(open.severity, reached);
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
  if (recovery.evidence < LOG_ODDS || series.baseline === null) return false;
  const wanted = levelOf(series.baseline).mean - params.detectors.page.tolerance;
  return at - recovery.start >= params.alerts.resolveMinutes * 60_000 && recovery.sum / recovery.n >= wanted;
}

/** Ends the episode; the detectors start afresh on the same baseline, which keeps their rate of false alarms. */
export function closeEpisode(series: WatchedSeries): void {
  series.open = null;
  series.resolvedAt = series.lastAt;
  if (series.page !== null) series.page = restartTier(series.page);
  if (series.ticket !== null) series.ticket = restartTier(series.ticket);
  if (series.baseline !== null) series.window = freshWindow(series.baseline);
}
