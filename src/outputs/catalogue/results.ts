import type { Catalogue } from './definition';

/** What became of records, criteria and checks. */
export const RESULT_METRICS = {
  records_total: {
    type: 'counter',
    help: 'Source records by what became of them; the sum over outcomes is the number of records read.',
    labels: ['outcome'],
    unit: 'records',
    origin: 'fold',
  },
  criterion_results_total: {
    type: 'counter',
    help: 'Results per criterion: pass, fail, not_applicable, not_sampled or unjudged. Segment all is exact and sums to the interactions; each dimension slices the same items again, so never sum over segments.',
    labels: ['criterion', 'segment', 'result'],
    unit: 'items',
    origin: 'fold',
  },
  unjudged_total: {
    type: 'counter',
    help: 'Sampled criteria that got no score, by reason. Never counted as a pass or a fail.',
    labels: ['criterion', 'reason'],
    unit: 'items',
    origin: 'fold',
  },
  cascade_escalations_total: {
    type: 'counter',
    help: 'Criterion verdicts sent on to the ensemble, by reason.',
    labels: ['reason'],
    unit: 'items',
    origin: 'fold',
  },
  checks_total: {
    type: 'counter',
    help: 'Results of deterministic checks. Each dimension slices the same items again, so never sum over segments.',
    labels: ['check', 'result', 'segment'],
    unit: 'items',
    origin: 'process',
  },
  injection_suspected_total: {
    type: 'counter',
    help: 'Interactions with text that seems written for whoever grades the answer, by class; one interaction may count in several.',
    labels: ['class'],
    unit: 'items',
    origin: 'process',
  },
} as const satisfies Catalogue;
