import type { Catalogue } from './definition';

/** Judges on the frozen set. */
export const GOLDEN_METRICS = {
  golden_set_score: {
    type: 'gauge',
    help: 'Mean score of the frozen set in a judge’s last complete run.',
    labels: ['judge', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  golden_set_drift: {
    type: 'gauge',
    help: 'Last complete run minus the sealed scores, mean over the items: above 0 the judge has grown more generous.',
    labels: ['judge', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  golden_set_fresh_drift: {
    type: 'gauge',
    help: 'As golden_set_drift, of the items alone that are replaced on a rota: a judge that was trained on the set differs here.',
    labels: ['judge', 'criterion'],
    unit: 'score',
    origin: 'fold',
  },
  golden_set_changed_ratio: {
    type: 'gauge',
    help: 'Share of the frozen set whose verdict differs from a sealed run, by direction: up to a pass, down to a fail.',
    labels: ['judge', 'criterion', 'direction'],
    unit: 'ratio',
    origin: 'fold',
  },
  golden_set_noise_ratio: {
    type: 'gauge',
    help: 'Share of items asked twice in one run whose two verdicts differ: changes up to this size mean nothing.',
    labels: ['judge', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
  golden_probe_shift: {
    type: 'gauge',
    help: 'Score under a probe minus the sealed score: swapped = the options in the other order, padded = with text that says nothing.',
    labels: ['judge', 'criterion', 'probe'],
    unit: 'score',
    origin: 'fold',
  },
  golden_set_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last run of the frozen set was complete, of the judge for which that is longest ago.',
    labels: [],
    unit: 'seconds',
    origin: 'fold',
  },
  golden_month_cost_usd: {
    type: 'gauge',
    help: 'What golden calls have cost in the latest calendar month (UTC) with any.',
    labels: [],
    unit: 'usd',
    origin: 'fold',
  },
} as const satisfies Catalogue;
