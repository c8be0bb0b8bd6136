import { ALL_BOARDS } from '../../../dashboards/boards/all-boards';

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
        return { name: `${uid.replace('plumbline-', '')}: ${title}`, exprs, mayBeEmpty: mayBeEmpty ?? null };
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
