import type { MixinConfig } from '../config';
import { ruleQueries as q } from '../queries/metric';
import type { Rule } from './rule';

const SCOPE = ['namespace', 'monitor'] as const;

/** `level:metric:operations`; the alerts and boards read these by the same functions. */
export const recorded = {
  deadLetterRatio: (window: string) => `monitor:plumbline_dead_letters:ratio_rate${window}`,
  unjudgedRatio: (window: string) => `monitor_criterion:plumbline_unjudged:ratio_rate${window}`,
  unavailableRatio: 'monitor_judge:plumbline_judge_unavailable:ratio_rate15m',
  invalidRatio: 'monitor_judge:plumbline_judge_invalid_output:ratio_rate1h',
  records: 'monitor_outcome:plumbline_records:rate5m',
  lag: 'monitor:plumbline_consumer_lag:sum',
} as const;

/** The judge did not answer at all. */
export const UNANSWERED = ['timeout', 'rate_limited', 'error', 'deadline'] as const;
/** It answered, and nothing could be made of it. */
export const INVALID = ['unreadable', 'truncated'] as const;

export function recordingRules(config: MixinConfig): Rule[] {
  const windows = [...new Set(config.judgedRatio.burn.flatMap(({ long, short }) => [long, short]))];
  return [
    { record: recorded.records, expr: q.rate('records_total', [...SCOPE, 'outcome']) },
    ...['30m', '1d'].map((window) => ({ record: recorded.deadLetterRatio(window), expr: deadLetterRatio(window) })),
    ...windows.map((window) => ({ record: recorded.unjudgedRatio(window), expr: unjudgedRatio(window) })),
    { record: recorded.unavailableRatio, expr: callRatio(UNANSWERED, '15m') },
    { record: recorded.invalidRatio, expr: callRatio(INVALID, '1h') },
    // A partition belongs to one pod, but for a moment during a rebalance two of them report it.
    {
      record: recorded.lag,
      expr: `sum by (${SCOPE.join(', ')}) (${q.max('consumer_lag', [...SCOPE, 'topic', 'partition'])})`,
    },
  ];
}

/** Both from the fold, so that numerator and denominator are counted by the same process. */
function deadLetterRatio(window: string): string {
  const dead = q.rate('records_total', SCOPE, { outcome: 'dead_lettered' }, window);
  return `${dead} / (${q.rate('records_total', SCOPE, {}, window)} > 0)`;
}

/** Of the items sampled for judging, those that got no score. */
function unjudgedRatio(window: string): string {
  const by = [...SCOPE, 'criterion'] as const;
  const missed = q.rate('criterion_results_total', by, { segment: 'all', result: 'unjudged' }, window);
  const sampled = { segment: 'all', result: ['pass', 'fail', 'unjudged'] };
  return `${missed} / (${q.rate('criterion_results_total', by, sampled, window)} > 0)`;
}

/** A judge without a single such outcome has the ratio 0, not none. */
function callRatio(outcomes: readonly string[], window: string): string {
  const by = [...SCOPE, 'judge'] as const;
  const all = q.rate('judge_requests_total', by, {}, window);
  return `(${q.rate('judge_requests_total', by, { outcome: outcomes }, window)} or 0 * ${all}) / (${all} > 0)`;
}
