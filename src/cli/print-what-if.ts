import type { WhatIf } from '../compose/replay/what-if';
import { formatTable } from './format';

const MOST_ROWS = 20;

/** For a terminal: alerts first, then the means that changed most. */
export function printWhatIf({ fired, vanished, stayed, estimates }: WhatIf, before: string): string {
  const alerts = [
    ...fired.map((alert) => ['would have fired', alert] as const),
    ...vanished.map((alert) => ['would have vanished', alert] as const),
    ...stayed.map((alert) => ['as before', alert] as const),
  ].map(([what, { kind, segment, criterion, severity, fired_at: at }]) => [
    what,
    severity,
    kind,
    criterion,
    segment,
    at,
  ]);
  const means = estimates
    .slice(0, MOST_ROWS)
    .map(({ criterion, segment, before: a, after: b, change, apart }) => [
      criterion,
      segment,
      a.mean.toFixed(3),
      b.mean.toFixed(3),
      `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)}`,
      apart ? 'apart' : '',
    ]);
  const list =
    alerts.length === 0
      ? 'no alert in either\n'
      : formatTable([['alert', 'severity', 'kind', 'criterion', 'segment', 'fired at'], ...alerts]);
  const head = ['criterion', 'segment', 'before', 'now', 'change', 'intervals'];
  return `Against ${before}:\n\n${list}\n${formatTable([head, ...means])}`;
}
