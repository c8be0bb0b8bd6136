import { type Catalogue, CALL_SECONDS } from './definition';

/** Calls to judges, what they cost, and how far those of an ensemble agree. */
export const JUDGE_METRICS = {
  judge_requests_total: {
    type: 'counter',
    help: 'Calls to judges by outcome, after the content of the answer was read.',
    labels: ['judge', 'family', 'outcome'],
    unit: 'none',
    origin: 'process',
  },
  judge_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of one call to a judge, retries included.',
    labels: ['judge'],
    unit: 'seconds',
    buckets: CALL_SECONDS,
    origin: 'process',
  },
  judge_cost_usd_total: {
    type: 'counter',
    help: 'Cost of calls to judges in US dollars, by the configured prices.',
    labels: ['judge'],
    unit: 'usd',
    origin: 'process',
  },
  judge_tokens_total: {
    type: 'counter',
    help: 'Tokens sent to and received from judges; kind is input or output.',
    labels: ['judge', 'kind'],
    unit: 'tokens',
    origin: 'process',
  },
  ensemble_disagreement: {
    type: 'histogram',
    help: 'Disagreement within an ensemble, from 0 (all alike) to 1 (evenly split): twice the standard deviation.',
    labels: ['criterion'],
    unit: 'ratio',
    buckets: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    origin: 'process',
  },
  judge_outlier_total: {
    type: 'counter',
    help: 'Ensembles of which all members but this judge agreed.',
    labels: ['judge'],
    unit: 'items',
    origin: 'process',
  },
  pairs_total: {
    type: 'counter',
    help: 'Pairs of answers to the same input, judged in both orders: first (the later recording) or second won, tie, inconsistent (hangs on the order, so a tie too), unjudged.',
    labels: ['criterion', 'result'],
    unit: 'items',
    origin: 'process',
  },
  pair_readings_total: {
    type: 'counter',
    help: 'The same by judge, before a panel is pooled: the share of inconsistent ones is how often a judge goes by the order.',
    labels: ['judge', 'result'],
    unit: 'items',
    origin: 'process',
  },
} as const satisfies Catalogue;

/** What is left to spend on them. */
export const BUDGET_METRICS = {
  judge_budget_remaining_ratio: {
    type: 'gauge',
    help: 'Part of a purse that is left: of traffic for the day and the month, of golden runs for the month. No line without a budget.',
    labels: ['scope', 'period'],
    unit: 'ratio',
    origin: 'fold',
  },
  degradation_mode: {
    type: 'gauge',
    help: '1 for the step of the budget’s ladder in force, 0 for the others: full, band_off, sampling_down, checks_only.',
    labels: ['mode'],
    unit: 'none',
    origin: 'fold',
  },
} as const satisfies Catalogue;
