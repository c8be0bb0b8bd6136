import type { MixinConfig } from '../config';
import { ruleQueries as q } from '../queries/metric';
import type { Rule } from './rule';

const SCOPE = ['namespace', 'monitor'] as const;

/** `level:metric:operations`; the alerts and boards read these by the same functions. */
export const recorded = {
  deadLetterRatio: (window: string) => `monitor:plumbline_dead_letters:ratio_rate${window}`,
  unjudgedRatio: (window: string) => `monitor_criterion:plumbline_unjudged:ratio_rate${window}`,
  failRatio: (window: string) => `monitor_criterion:plumbline_fail:ratio_rate${window}`,
  failLower: (window: string) => `monitor_criterion:plumbline_fail:lower_rate${window}`,
  lateRatio: (window: string) => `monitor:plumbline_late:ratio_rate${window}`,
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
  const objectives = [...config.objectives.page, ...config.objectives.ticket];
  return [
    { record: recorded.records, expr: q.rate('records_total', [...SCOPE, 'outcome']) },
    ...['30m', '1d'].map((window) => ({ record: recorded.deadLetterRatio(window), expr: deadLetterRatio(window) })),
    ...windows.map((window) => ({ record: recorded.unjudgedRatio(window), expr: unjudgedRatio(window) })),
    ...objectives.map(({ short }) => ({ record: recorded.failRatio(short), expr: failRatio(short) })),
    ...objectives.map(({ long }) => ({ record: recorded.failLower(long), expr: failLower(long) })),
    ...config.monitor.burn
      .flatMap(({ long, short }) => [long, short])
      .map((window) => ({ record: recorded.lateRatio(window), expr: lateRatio(window, config.monitor.withinSeconds) })),
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

const CRITERION = [...SCOPE, 'criterion'] as const;
const JUDGED = { segment: 'all', result: ['pass', 'fail'] } as const;
const FAILED = { segment: 'all', result: 'fail' } as const;

/** Of the items that were judged, those that failed. */
function failRatio(window: string): string {
  const judged = q.rate('criterion_results_total', CRITERION, JUDGED, window);
  return `${q.rate('criterion_results_total', CRITERION, FAILED, window)} / (${judged} > 0)`;
}

/**
 * Lower end of Wilson's 95 % interval of the same (Wilson 1927), so that a handful of judged items does not page:
 * (p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z² = 3.84.
 */
function failLower(window: string): string {
  const n = `(${judgedItems(window)} > 0)`;
  const p = `(${q.increase('criterion_results_total', CRITERION, FAILED, window)} / ${n})`;
  return `(${p} + 1.92 / ${n} - 1.96 * sqrt(${p} * (1 - ${p}) / ${n} + 0.96 / (${n} * ${n}))) / (1 + 3.84 / ${n})`;
}

export function judgedItems(window: string): string {
  return q.increase('criterion_results_total', CRITERION, JUDGED, window);
}

/** Of the records that were done, those that took longer than they should. */
function lateRatio(window: string, withinSeconds: number): string {
  const done = q.histogramRate('processing_delay_seconds', SCOPE, '+Inf', window);
  return `1 - ${q.histogramRate('processing_delay_seconds', SCOPE, String(withinSeconds), window)} / (${done} > 0)`;
}

/** A judge without a single such outcome has the ratio 0, not none. */
function callRatio(outcomes: readonly string[], window: string): string {
  const by = [...SCOPE, 'judge'] as const;
  const all = q.rate('judge_requests_total', by, {}, window);
  return `(${q.rate('judge_requests_total', by, { outcome: outcomes }, window)} or 0 * ${all}) / (${all} > 0)`;
}
