import type { AlertSeverity } from '../../domain/alert';
import type { Shift } from '../../stats/attribution';
import { causeOfDrift } from '../../stats/drift-cause';
import type { AlertParams } from '../options-alerts';
import { changeOf, levelSince } from './change-window';
import { ENOUGH_ITEMS, panelStanding, type PanelStanding, vectorsOf } from './golden-memory';
import { SCORE_KINDS } from './kinds';
import { bringUpToDate } from './pending';
import type { AlertsState, WatchedSeries } from './state';
import { levelOf } from './tier';

/** What becomes of a score alarm: it waits for the golden set, is told with what was found out, or was the judge. */
export type Ruling =
  | { readonly ruling: 'wait' }
  | { readonly ruling: 'judge' }
  | { readonly ruling: 'tell'; readonly findings: readonly string[] };

/**
 * Before an alarm on scores leaves, the judges are asked about the golden set (DESIGN, rule 13). Without a set there is
 * nothing to wait for; a set of too few items cannot rule the judge out, but can show that it moved.
 */
export function ruleOn(
  state: AlertsState,
  series: WatchedSeries,
  severity: AlertSeverity,
  isFinal: boolean,
  { alerts, detectors }: AlertParams,
): Ruling {
  const { id, heldSince } = series;
  if (!SCORE_KINDS.has(id.kind) || severity === 'info') return { ruling: 'tell', findings: [] };
  const standing = panelStanding(state.golden, id.criterion, id.panel);
  if (standing === null) return notRuledOut('it was not re-run on a golden set');
  const clock = state.clock ?? 0;
  const since = heldSince ?? clock;
  const isWaiting = !isFinal && clock - since < alerts.goldenWaitMinutes * 60_000;
  if (standing.heardAt < since && isWaiting) return { ruling: 'wait' };
  const observed = observedShift(series);
  if (standing.moved && observed !== null) {
    const cause = causeOfDrift(vectorsOf(observed, standing.shift), smallestEffect(detectors));
    if (cause === 'judge') return { ruling: 'judge' };
    const share = `the judges moved by ${text(standing.shift)} on the golden set, the scores by ${text(observed)}`;
    return { ruling: 'tell', findings: [`Judge moved as well: ${share}; the rest is the product's.`] };
  }
  if (standing.heardAt < since)
    return notRuledOut(`the golden set was not re-run within ${alerts.goldenWaitMinutes} minutes`);
  if (standing.items < ENOUGH_ITEMS)
    return notRuledOut(`${standing.items} golden items are too few to tell, ${ENOUGH_ITEMS} are needed`);
  return { ruling: 'tell', findings: [ruledOut(standing)] };
}

function notRuledOut(why: string): Ruling {
  return { ruling: 'tell', findings: [`Judge not ruled out: ${why}.`] };
}

function ruledOut({ shift, items }: PanelStanding): string {
  return `Judge ruled out: re-run on ${items} golden items it moved by ${text(shift)}.`;
}

function smallestEffect({ page }: AlertParams['detectors']): number {
  return Math.max(0.02, page.tolerance);
}

/** Mean since the change began minus the baseline; null when nothing is known of either. */
function observedShift(series: WatchedSeries): Shift | null {
  bringUpToDate(series);
  const { window, baseline, correction } = series;
  const began = window === null ? null : changeOf(window);
  if (window === null || baseline === null || began === null) return null;
  const after = levelSince(window, began.at);
  if (after === null) return null;
  const { mean, variance } = levelOf(baseline);
  const size = baseline.source === 'target' ? Infinity : baseline.size;
  const standardError = Math.hypot((after.upper - after.lower) / 2 / 1.96, Math.sqrt(variance / size));
  return { change: after.mean + correction - mean, standardError };
}

function text({ change, standardError }: Shift): string {
  return `${change >= 0 ? '+' : ''}${change.toFixed(3)} (standard error ${standardError.toFixed(3)})`;
}
