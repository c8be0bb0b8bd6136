import type { PairwiseReport } from '../compose/replay/pairwise';
import { formatNumber, formatTable } from './format';

/** For a terminal: who won by criterion, and how far each judge goes by the order. */
export function printPairs(report: PairwiseReport): string {
  const { inputs, same, judged, over_budget: overBudget, not_independent: dependent, cost_usd: costUsd } = report;
  const left = [
    ...(overBudget > 0 ? [`${overBudget} over budget`] : []),
    ...(dependent > 0 ? [`${dependent} without a panel independent of both models`] : []),
  ];
  const head = `\n${inputs} inputs answered by both, ${same} alike; ${[`${judged} pairs judged in both orders ($${costUsd.toFixed(2)})`, ...left].join(', ')}\n`;
  if (report.criteria.length === 0) return head;
  const criteria = report.criteria.map((one) => [
    one.criterion,
    ...[one.first, one.second, one.tie, one.inconsistent, one.unjudged].map(String),
    formatNumber(one.win_share),
    one.lower === null || one.upper === null ? '–' : `${formatNumber(one.lower)} to ${formatNumber(one.upper)}`,
  ]);
  const judges = report.judges.map((one) => [
    one.judge,
    ...[one.first, one.second, one.tie, one.inconsistent, one.unjudged].map(String),
  ]);
  const results = ['first', 'second', 'tie', 'inconsistent', 'unjudged'];
  const table = formatTable([['criterion', ...results, 'won by first', '95%'], ...criteria]);
  return `${head}\n${table}\n${formatTable([['judge', ...results], ...judges])}`;
}
