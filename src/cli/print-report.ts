import type { RatioReport, RunReport } from '../compose/replay/run-report';
import { formatNumber, formatPercent, formatTable } from './format';

/** A report as a person reads it: what came in, what was decided and why, what it says about quality. */
export function printReport(report: RunReport): string {
  const parts = [recordsTable(report), criteriaTable(report)];
  const reasons = unjudgedTable(report);
  if (reasons !== '') parts.push(reasons);
  parts.push(escalationTable(report), estimateTable(report));
  const sessions = sessionsTable(report);
  if (sessions !== '') parts.push(sessions);
  parts.push(alertLines(report));
  if (report.agreement !== null) parts.push(agreementLines(report.agreement));
  const cost = report.judge_cost_usd;
  parts.push(
    `${report.judge_calls.toLocaleString('en')} judge calls, ${cost.toFixed(4)} USD, ${report.seconds.toFixed(1)} s\n`,
  );
  return parts.join('\n');
}

function recordsTable({ records }: RunReport): string {
  const { in: total, ...outcomes } = records;
  const rows = Object.entries(outcomes).map(([outcome, count]) => [
    outcome,
    String(count),
    formatPercent(share(count, total)),
  ]);
  const sum = Object.values(outcomes).reduce((a, b) => a + b, 0);
  const verdict = sum === total ? 'adds up' : `DOES NOT ADD UP: ${sum}`;
  return `${formatTable([['records', 'count', 'share'], ...rows, ['in', String(total), verdict]])}`;
}

function criteriaTable({ criteria }: RunReport): string {
  const rows = Object.entries(criteria).map(([name, one]) => [
    name,
    ...[one.scored, one.pass, one.fail, one.unjudged, one.not_sampled, one.not_applicable].map(String),
    formatPercent(one.judged_ratio),
    formatPercent(one.escalation_rate),
  ]);
  const head = [
    'criterion',
    'scored',
    'pass',
    'fail',
    'unjudged',
    'not sampled',
    'not applicable',
    'judged',
    'escalated',
  ];
  return formatTable([head, ...rows]);
}

function unjudgedTable({ criteria }: RunReport): string {
  const rows = Object.entries(criteria).flatMap(([name, { unjudged_reasons: reasons }]) =>
    Object.entries(reasons)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => [name, reason, String(count)]),
  );
  return rows.length === 0 ? '' : formatTable([['criterion', 'unjudged because', 'count'], ...rows]);
}

function escalationTable({ escalations }: RunReport): string {
  const rows = Object.entries(escalations).filter(([, count]) => count > 0);
  return formatTable([['escalated because', 'count'], ...rows.map(([reason, count]) => [reason, String(count)])]);
}

const MOST_SEGMENTS = 12;

/** How users fared: the whole stream first, then the segments that most of them abandoned. */
function sessionsTable({ sessions }: RunReport): string {
  const worstFirst = [...sessions]
    .sort((a, b) => rankOf(b) - rankOf(a) || (a.segment < b.segment ? -1 : 1))
    .slice(0, MOST_SEGMENTS);
  const rows = worstFirst.map((one) => [
    one.segment,
    String(Object.values(one.endings).reduce((total, count) => total + count, 0)),
    ratioCell(one.recovery),
    ratioCell(one.abandonment),
    ratioCell(one.handoff),
    ratioCell(one.return_within_7_days),
  ]);
  const head = ['segment', 'sessions', 'recovered', 'abandoned', 'handed off', 'back in 7 days'];
  return rows.length === 0 ? '' : formatTable([head, ...rows]);
}

function rankOf({ segment, abandonment }: RunReport['sessions'][number]): number {
  return segment === 'all' ? 2 : (abandonment?.value ?? -1);
}

function ratioCell(ratio: RatioReport | null): string {
  return ratio === null
    ? '-'
    : `${formatPercent(ratio.value)} [${formatPercent(ratio.lower)}, ${formatPercent(ratio.upper)}]`;
}

/** The whole stream first, then the worst segments: averages hide what matters. */
function estimateTable({ estimates }: RunReport): string {
  const known = estimates.filter(({ mean, items }) => mean !== null && items >= 20);
  const worstFirst = known.sort(
    (a, b) => Number(b.segment === 'all') - Number(a.segment === 'all') || (a.mean ?? 0) - (b.mean ?? 0),
  );
  const rows = worstFirst
    .slice(0, 12)
    .map((one) => [
      one.segment,
      one.criterion,
      formatNumber(one.mean),
      `${formatNumber(one.lower)} – ${formatNumber(one.upper)}`,
      formatNumber(one.cheap_mean),
      formatNumber(one.escalated_mean),
      String(one.items),
    ]);
  const head = ['segment (worst first)', 'criterion', 'estimate', '95% interval', 'cheap', 'escalated', 'items'];
  return formatTable([head, ...rows]);
}

/** Incidents with the alert that tells most of each; all alerts are in the report's file. */
function alertLines({ alerts, incidents }: RunReport): string {
  if (alerts.length === 0) return 'no alerts\n';
  const rows = alerts.map((one) => [severityCell(one), one.kind, one.segment, one.criterion, one.state, one.fired_at]);
  const table = formatTable([['alert', 'kind', 'segment', 'criterion', 'state', 'fired (event time)'], ...rows]);
  const lines = incidents.map(({ id, kind, scope, severity, state, alerts: count }) => {
    const own = alerts.filter(({ incident }) => incident === id);
    const telling = own.find((one) => one.segment === scope && one.kind === kind) ?? own.at(0);
    return `incident (${severity}, ${state}): ${kind}, scope ${scope}, ${count} alerts\n  ${telling?.text ?? ''}\n`;
  });
  return `${table}\n${lines.join('\n')}`;
}

/** What would have fired is said where it did not. */
function severityCell({ severity, withheld }: RunReport['alerts'][number]): string {
  return withheld === null ? severity : `${severity}, would be ${withheld}`;
}

function agreementLines(agreement: NonNullable<RunReport['agreement']>): string {
  const { criterion, n, without_score: without, accuracy, kappa, kappa_lower: low, kappa_upper: high } = agreement;
  const interval = `${formatNumber(low)} to ${formatNumber(high)}`;
  return `agreement with human labels on ${criterion}: accuracy ${formatNumber(accuracy)}, kappa ${formatNumber(kappa)} (${interval}), n ${n}, ${without} labelled items without a score\n`;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
