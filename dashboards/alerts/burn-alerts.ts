import type { BurnPair, MixinConfig } from '../config';
import { ruleQueries as q } from '../queries/metric';
import { judgedItems, recorded } from '../rules/recording';
import type { RuleAlert, Severity } from './alert';

const SCOPE = ['namespace', 'monitor'] as const;
const CRITERION = [...SCOPE, 'criterion'] as const;
const ON_CRITERION = `on (${CRITERION.join(', ')})`;
const OBJECTIVE = q.max('quality_objective', CRITERION);

/** The budget of failures that an objective leaves is being used up several times too fast. */
export function objectiveBurns({ objectives }: MixinConfig): RuleAlert[] {
  return [
    objectiveBurn('objective_burn_fast', 'page', objectives.page, objectives.minItems),
    objectiveBurn('objective_burn_slow', 'ticket', objectives.ticket, objectives.minItems),
  ];
}

function objectiveBurn(kind: string, severity: Severity, pairs: readonly BurnPair[], minItems: number): RuleAlert {
  const [fastest] = pairs;
  const windows = pairs.map(({ long, short }) => `${long} and ${short}`).join(', or ');
  return {
    kind,
    severity,
    summary:
      '{{ $labels.criterion }} fails {{ $value | humanizePercentage }} of judged items, far more than its objective allows',
    board: 'plumbline-overview',
    expr: pairs.map((pair) => objectivePair(pair, minItems)).join(' or '),
    for: '5m',
    keepFiringFor: '15m',
    description: `In windows of ${windows} the failures of the whole stream use up the objective's budget ${fastest?.factor ?? 1} times too fast.`,
    runbook: {
      meaning:
        'The share of judged items that fail, of the whole stream, is above what the objective of the criterion allows, in a long and in a short window, and by more than chance. It says that the promise is being broken, not that anything changed.',
      query: OBJECTIVE,
      reading: 'The agreed mean score per criterion; 1 less that is the share of failures that it allows.',
      next: [
        'Overview board: is the estimate below the objective, interval and all?',
        'Segments board, worst first: one slice or all of them?',
        'Is score_regression firing too? Then something changed, and the incident says where.',
      ],
      causes: [
        'A regression: see score_regression.',
        'An objective that was never met: set it to what was agreed with users.',
        'A judge that became stricter: see judge_drift.',
      ],
      silence: 'Silence kind and criterion while the repair rolls out; the budget of failures goes on being used.',
    },
  };
}

/**
 * The long window by the lower end of its interval, the short one plainly: it says that it goes on. Where a factor asks for more
 * failures than there can be, as with a mild objective, the threshold is half-way between what is allowed and all.
 */
function objectivePair({ long, short, factor }: BurnPair, minItems: number): string {
  const wanted = `${factor} * (1 - ${OBJECTIVE})`;
  const most = `(1 - 0.5 * ${OBJECTIVE})`;
  const threshold = `((${wanted} < ${most}) or ${most})`;
  return `(${recorded.failLower(long)} > ${ON_CRITERION} ${threshold} and ${ON_CRITERION} ${recorded.failRatio(short)} > ${ON_CRITERION} ${threshold} and ${ON_CRITERION} ${judgedItems(long)} > ${minItems})`;
}

/** The monitor's own objective: what it reads is done in time. Throws for a threshold that can never be exceeded. */
export function monitorBurn({ monitor }: MixinConfig): RuleAlert {
  const { burn, objective, withinSeconds, minRecords } = monitor;
  const by = `on (${SCOPE.join(', ')})`;
  const pair = ({ long, short, factor }: BurnPair): string => {
    const threshold = burnThreshold(factor, objective, 'monitor');
    const enough = q.histogramRate('processing_delay_seconds', SCOPE, '+Inf', long);
    return `(${recorded.lateRatio(long)} > ${threshold} and ${by} ${recorded.lateRatio(short)} > ${threshold} and ${by} ${enough} * ${seconds(long)} > ${minRecords})`;
  };
  return {
    kind: 'monitor_burn',
    severity: 'ticket',
    summary: '{{ $value | humanizePercentage }} of records take longer than they should',
    board: 'plumbline-pipeline',
    expr: burn.map(pair).join(' or '),
    for: '5m',
    keepFiringFor: '15m',
    description: `The objective of ${objective * 100} % of records done within ${withinSeconds} s is being missed many times over, in a long and a short window.`,
    runbook: {
      meaning: `Less than was promised (${objective * 100} % of records within ${withinSeconds} s) is done in time. Nothing is lost, but alerts come later by as much.`,
      query: q.quantile('processing_delay_seconds', 0.99, SCOPE, {}, '30m'),
      reading:
        'The 99th percentile of the time from a record entering the source to its line in the ledger, in seconds.',
      next: [
        'Pipeline board: does the lag grow? Then there is more traffic than this many replicas judge.',
        'Judges board: durations of calls. A slow provider fills the window.',
      ],
      causes: [
        'More traffic than replicas or partitions.',
        'A slow judge.',
        'A backlog after an outage, being worked off.',
      ],
      silence: 'Silence by monitor while a known backlog is worked off.',
    },
  };
}

/** Times the allowed share. Throws where no share could exceed it. */
export function burnThreshold(factor: number, objective: number, what: string): number {
  const threshold = Number((factor * (1 - objective)).toFixed(6));
  if (threshold >= 1) {
    throw new Error(`${what}: ${factor} times ${1 - objective} can never be exceeded by a share; lower the factor`);
  }
  return threshold;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function seconds(window: string): number {
  return Number.parseInt(window, 10) * (SECONDS[window.at(-1) ?? ''] ?? 1);
}
