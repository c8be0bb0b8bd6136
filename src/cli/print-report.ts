import type { RunReport } from '../compose/run-report';
import { formatNumber, formatPercent, formatTable } from './format';

/** A report as a person reads it: what came in, what was decided and why, what it says about quality. */
export function printReport(report: RunReport): string {
  const parts = [recordsTable(report), criteriaTable(report)];
  const reasons = unjudgedTable(report);
  if (reasons !== '') parts.push(reasons);
  parts.push(escalationTable(report), estimateTable(report));
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

function agreementLines(agreement: NonNullable<RunReport['agreement']>): string {
  const { criterion, n, without_score: without, accuracy, kappa, kappa_lower: low, kappa_upper: high } = agreement;
  const interval = `${formatNumber(low)} to ${formatNumber(high)}`;
  return `agreement with human labels on ${criterion}: accuracy ${formatNumber(accuracy)}, kappa ${formatNumber(kappa)} (${interval}), n ${n}, ${without} labelled items without a score\n`;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
