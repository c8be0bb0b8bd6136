import type { MetricKey } from '../../../src/outputs/metric-catalogue';

const RELIANCE = 'needs sessions.rightCheck';

/** Metrics that the demo's stories rightly never export, and why. */
export const NOT_IN_DEMO: Partial<Record<MetricKey, string>> = {
  alert_withheld: 'the demo pages at once: nothing is withheld',
  quality_objective: 'no criterion of the demo has an objective',
  judge_budget_remaining_ratio: 'no budget is configured',
  over_reliance_ratio: RELIANCE,
  over_reliance_ratio_lower: RELIANCE,
  over_reliance_ratio_upper: RELIANCE,
  under_reliance_ratio: RELIANCE,
  under_reliance_ratio_lower: RELIANCE,
  under_reliance_ratio_upper: RELIANCE,
  team_gain_ratio: RELIANCE,
  team_gain_ratio_lower: RELIANCE,
  team_gain_ratio_upper: RELIANCE,
  return_ratio: 'needs seven days of event time',
  return_ratio_lower: 'needs seven days of event time',
  return_ratio_upper: 'needs seven days of event time',
  churn_ratio: 'needs 28 days of event time',
  churn_ratio_lower: 'needs 28 days of event time',
  churn_ratio_upper: 'needs 28 days of event time',
  golden_set_fresh_drift: 'the simulated frozen set has no fresh part',
  golden_set_noise_ratio: 'the simulated frozen set asks nothing twice',
  golden_probe_shift: 'the simulated frozen set has no probes',
  control_items_total: 'the simulated frozen set has no control items',
  evidence_store_stalled: 'told by `run` alone, of a store that refuses what comes',
  shadow_judge_offset: 'the demo has no shadow judge',
  shadow_judge_agreement_ratio: 'the demo has no shadow judge',
  cheap_kept_ratio: 'the demo was not tuned to an operating point',
  pairs_total: 'only `replay --compare` judges pairs',
  pair_readings_total: 'only `replay --compare` judges pairs',
  answer_ttft_seconds: 'its simulated producers do not measure the first token',
  answer_token_seconds: 'its simulated producers do not measure the first token',
  injection_suspected_total: 'nobody attacks the demo',
  dead_letters_replayed_total: 'nobody replays its dead letters',
};
