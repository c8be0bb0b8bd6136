import type { Alert, ChangeInterval, LevelEstimate, SeriesId } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import type { EpochMs } from '../../domain/time';
import type { AlertParams } from '../options-alerts';
import { nextEpisode } from './episodes';
import { ownerOf, severityOf } from './kinds';
import { toldSeverity, withheldSeverity } from './mode';
import { episodeId, seriesKey } from './series-key';
import type { AlertsState } from './state';

export interface ConditionFacts {
  /** By event time where there is one, else the fold's clock. */
  readonly at: EpochMs;
  readonly began: ChangeInterval | null;
  readonly before?: LevelEstimate | null;
  readonly after?: LevelEstimate | null;
  /** What is so, in sentences; the kind is put in front. */
  readonly text: string;
}

/** Opens an episode, or notes that an open one still holds. Returns the alert that is new, else null. In place. */
export function raise(
  state: AlertsState,
  id: SeriesId,
  facts: ConditionFacts,
  { alerts: options }: AlertParams,
): Alert | null {
  const severity = severityOf(id.kind, options);
  if (severity === null) return null;
  const key = seriesKey(id);
  const known = state.conditions.get(key);
  if (known !== undefined) {
    known.seenAt = state.clock ?? facts.at;
    return null;
  }
  const episode = nextEpisode(state, key);
  const alertId = episodeId(id, episode);
  state.conditions.set(key, { alertId, seenAt: state.clock ?? facts.at });
  return {
    id: alertId,
    episode,
    state: 'firing',
    severity: toldSeverity(severity, { id }, options),
    withheld: withheldSeverity(severity, { id }, options),
    series: id,
    owner: ownerOf(segmentLabel(id.segment), options),
    firedAt: facts.at,
    resolvedAt: null,
    before: facts.before ?? null,
    after: facts.after ?? null,
    began: facts.began,
    alongside: [],
    newSince: [],
    incident: null,
    text: `${id.kind}: ${facts.text}`,
  };
}

/** Ends the episode of a condition that holds no more. Returns the alert as it then is; null when none was open. */
export function clear(state: AlertsState, id: SeriesId, at: EpochMs): Alert | null {
  const key = seriesKey(id);
  const known = state.conditions.get(key);
  if (known === undefined) return null;
  state.conditions.delete(key);
  const open = state.alerts.get(known.alertId);
  return open === undefined ? null : { ...open, state: 'resolved', resolvedAt: at };
}
