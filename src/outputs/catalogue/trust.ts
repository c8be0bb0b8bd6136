import type { Catalogue } from './definition';

/** Judges held against people, against each other and against known answers. */
export const TRUST_METRICS = {
  review_queue_depth: {
    type: 'gauge',
    help: 'Reviews that wait for people: first, second and settling labels of what is drawn, and golden items whose turn it is. Told by the console.',
    labels: [],
    unit: 'items',
    origin: 'process',
  },
  shadow_judge_offset: {
    type: 'gauge',
    help: 'Mean score of a shadow judge less that of the judge it is held beside, on the same interactions: how far a series would move if it took over.',
    labels: ['judge', 'beside', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  shadow_judge_agreement_ratio: {
    type: 'gauge',
    help: 'Share of interactions on which a shadow judge gives the same verdict as the judge it is held beside.',
    labels: ['judge', 'beside', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
  control_items_total: {
    type: 'counter',
    help: 'Answers of judges about control items: known_good, known_bad or injected (known to fail, and asking to be passed), by result: right, wrong or unanswered. Part of no estimate.',
    labels: ['kind', 'result'],
    unit: 'items',
    origin: 'fold',
  },
  judge_family_bias: {
    type: 'gauge',
    help: 'Judge minus people on answers of this family of models, less the same on all others, on the frozen set. From 30 labelled items on each side.',
    labels: ['judge', 'producer_family'],
    unit: 'score',
    origin: 'fold',
  },
  ensemble_effective_judges: {
    type: 'gauge',
    help: 'How many independent judges those of a criterion are worth: J / (1 + (J - 1) × mean correlation of their errors against human labels). No line below 30 labels that two judges share.',
    labels: ['criterion'],
    unit: 'none',
    origin: 'fold',
  },
  judge_human_kappa: {
    type: 'gauge',
    help: 'Agreement of a judge with people beyond chance (Cohen’s kappa), over labels that stand for the traffic.',
    labels: ['judge', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
  judge_human_kappa_lower: {
    type: 'gauge',
    help: 'Lower end of its 95 % interval; from 30 labels on.',
    labels: ['judge', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
  judge_human_kappa_upper: {
    type: 'gauge',
    help: 'Upper end of its 95 % interval; from 30 labels on.',
    labels: ['judge', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
} as const satisfies Catalogue;
