import { ALL_BOARDS } from '../../../dashboards/boards/all-boards';
import { PLANNED_METRICS } from '../../../dashboards/planned-metrics';
import { METRIC_CATALOGUE, METRIC_PREFIX } from '../../../src/outputs/metric-catalogue';

/** One panel as Prometheus sees it, variables put in as Grafana would. */
export interface PanelQueries {
  readonly name: string;
  readonly exprs: readonly string[];
  /** Why it may be without data on the demo; null when there is no excuse. */
  readonly mayBeEmpty: string | null;
}

export function panelQueries(monitor: string): PanelQueries[] {
  return ALL_BOARDS.flatMap(({ uid, rows }) =>
    rows
      .flatMap(({ panels }) => panels)
      .map(({ title, targets, mayBeEmpty }) => {
        const exprs = targets.map(({ expr }) => withVariables(expr, monitor));
        return {
          name: `${uid.replace('plumbline-', '')}: ${title}`,
          exprs,
          mayBeEmpty: mayBeEmpty ?? notExported(exprs),
        };
      }),
  );
}

export function withVariables(expr: string, monitor: string): string {
  return expr
    .replaceAll('$__rate_interval', '15s')
    .replaceAll('$monitor', monitor)
    .replaceAll('$segment', 'all')
    .replaceAll(/\$(namespace|criterion|judge)/g, '.*');
}

function notExported(exprs: readonly string[]): string | null {
  const waiting = Object.keys(PLANNED_METRICS).filter(
    (key) => !(key in METRIC_CATALOGUE) && exprs.some((expr) => expr.includes(`${METRIC_PREFIX}${key}{`)),
  );
  return waiting.length === 0 ? null : `${waiting.join(', ')}: not exported by this version`;
}
