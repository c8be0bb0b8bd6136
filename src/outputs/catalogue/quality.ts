import type { Catalogue } from './definition';

/** Steps of a tenth, finer round the middle where passes and fails part. */
const SCORE_STEPS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Scores, and the estimates made of them. */
export const QUALITY_METRICS = {
  score: {
    type: 'histogram',
    help: 'Scores of judged items by the stage that gave them (cheap or ensemble). Escalated items are no random sample: for the mean use quality_estimate.',
    labels: ['criterion', 'stage'],
    unit: 'score',
    buckets: SCORE_STEPS,
    origin: 'process',
  },
  quality_estimate: {
    type: 'gauge',
    help: 'Unbiased estimate of the mean score of a segment. Where several panels of judges made values, the panel with most items; the API lists the others.',
    labels: ['segment', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  quality_lower: {
    type: 'gauge',
    help: 'Lower end of the pointwise 95 % interval round quality_estimate.',
    labels: ['segment', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  quality_upper: {
    type: 'gauge',
    help: 'Upper end of the pointwise 95 % interval round quality_estimate.',
    labels: ['segment', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  quality_objective: {
    type: 'gauge',
    help: 'Agreed mean score of a criterion, from the configuration. No line for a criterion without an objective.',
    labels: ['criterion'],
    unit: 'score',
    origin: 'process',
  },
  quality_cheap_mean: {
    type: 'gauge',
    help: 'Plain mean of the cheap judge over judged items; biased as far as that judge is. Shown beside quality_estimate.',
    labels: ['segment', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  quality_escalated_mean: {
    type: 'gauge',
    help: 'Plain mean of the ensemble over escalated items, which are the hard ones; it misleads alone. Shown beside quality_estimate.',
    labels: ['segment', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  judged_ratio: {
    type: 'gauge',
    help: 'Share of the items sampled for judging that were judged.',
    labels: ['segment', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
} as const satisfies Catalogue;
