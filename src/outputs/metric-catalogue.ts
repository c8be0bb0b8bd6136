/**
 * Every metric this version exports, as data: the exporter, the dashboards and docs/metrics.md are made from it.
 * Imports nothing, so that dashboards can import it.
 */
export const METRIC_PREFIX = 'plumbline_';

/** Label value that stands for all values beyond the cap. */
export const OTHER = '__other__';

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly unit: 'records' | 'items' | 'seconds' | 'bytes' | 'usd' | 'tokens' | 'ratio' | 'score' | 'none';
  /** Upper bounds; histograms only. */
  readonly buckets?: readonly number[];
  /**
   * `fold`: exact, set from the state of the role that owns the ledger, so it survives restarts.
   * `process`: counted by this process since it started.
   */
  readonly origin: 'fold' | 'process';
}

/** The GenAI conventions' buckets for a client operation. */
const CALL_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/** From a poll interval to the day-long backlog after an outage. */
const DELAY_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400];
/** Steps of a tenth, finer round the middle where passes and fails part. */
const SCORE_STEPS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

export const METRIC_CATALOGUE = {
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
  session_outcomes_total: {
    type: 'counter',
    help: 'Closed sessions by how they ended: resolved, handed_off, abandoned, satisfied, ended or open (the stream ended first). Each dimension slices the same sessions again, so never sum over segments.',
    labels: ['segment', 'outcome'],
    unit: 'items',
    origin: 'fold',
  },
  recovery_ratio: {
    type: 'gauge',
    help: 'Mean over sessions with a bad turn of the share of bad turns that one which is not bad followed within the horizon. Behaviour only; no line below the minimum group.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  recovery_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round recovery_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  recovery_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round recovery_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  abandonment_ratio: {
    type: 'gauge',
    help: 'Share of closed sessions that the user left on a bad turn.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  abandonment_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round abandonment_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  abandonment_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round abandonment_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  handoff_ratio: {
    type: 'gauge',
    help: 'Share of closed sessions in which a person took over; not a failure by itself.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  handoff_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round handoff_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  handoff_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round handoff_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  over_reliance_ratio: {
    type: 'gauge',
    help: 'Mean over sessions of the share of wrong answers that the user accepted, of those decided on. Needs sessions.rightCheck; no line below the minimum group.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  over_reliance_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round over_reliance_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  over_reliance_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round over_reliance_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  under_reliance_ratio: {
    type: 'gauge',
    help: 'Mean over sessions of the share of right answers that the user overrode, of those decided on. Needs sessions.rightCheck; no line below the minimum group.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  under_reliance_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round under_reliance_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  under_reliance_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round under_reliance_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  team_gain_ratio: {
    type: 'gauge',
    help: 'Share of answers that user and model got right together, less that of the model alone, in [-1, 1]: below 0 the user makes it worse. No line below the minimum group.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  team_gain_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round team_gain_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  team_gain_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round team_gain_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  return_ratio: {
    type: 'gauge',
    help: 'Share of absences that end within 7 days, by Kaplan-Meier over a sample of users.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  return_ratio_lower: {
    type: 'gauge',
    help: 'Lower end of the 95 % interval round return_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  return_ratio_upper: {
    type: 'gauge',
    help: 'Upper end of the 95 % interval round return_ratio.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  alert_active: {
    type: 'gauge',
    help: 'Always 1; the label says in which state a watched series is: learning, pending, firing, resolved or no_data. Quiet series have no line. Alert on state firing without waiting: the false-alarm budget already holds for constant looking.',
    labels: ['kind', 'segment', 'criterion', 'severity', 'owner', 'state'],
    unit: 'none',
    origin: 'fold',
  },
  alert_withheld: {
    type: 'gauge',
    help: 'Always 1 for each alert that fires and would have had this severity, had the mode of its segment allowed it: the list of what would have fired.',
    labels: ['kind', 'segment', 'criterion', 'severity', 'owner'],
    unit: 'none',
    origin: 'fold',
  },
  alert_info: {
    type: 'gauge',
    help: 'Always 1 for each alert that fires: when the change began (event time, UTC), the mean before and since.',
    labels: ['kind', 'segment', 'criterion', 'began', 'before', 'after'],
    unit: 'none',
    origin: 'fold',
  },
  detector_threshold_ratio: {
    type: 'gauge',
    help: 'log10 of a detector’s statistic over log10 of its threshold, the larger of both budgets; 1 = it alerts. No line while learning.',
    labels: ['kind', 'segment', 'criterion'],
    unit: 'ratio',
    origin: 'fold',
  },
  detectable_drop: {
    type: 'gauge',
    help: 'Fall of the mean score that a page would show within 1d, 7d or 30d at the present pace, on average. No line where no fall would.',
    labels: ['segment', 'criterion', 'within'],
    unit: 'score',
    origin: 'fold',
  },
  incident_active: {
    type: 'gauge',
    help: 'Always 1 for each open incident: series that changed together, the narrowest segment they share as scope.',
    labels: ['kind', 'scope', 'severity'],
    unit: 'none',
    origin: 'fold',
  },
  alert_series: {
    type: 'gauge',
    help: 'Series under watch by state; idle is watched and quiet.',
    labels: ['state'],
    unit: 'none',
    origin: 'fold',
  },
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
  sessions_open: {
    type: 'gauge',
    help: 'Conversations with a session that has not closed.',
    labels: [],
    unit: 'items',
    origin: 'fold',
  },
  session_records_total: {
    type: 'counter',
    help: 'Records that did not simply join a session: late (behind the lateness), late_dropped (those of them that a closed session left without effect), amendment (behaviour after the close), orphan (behaviour of no known session), future (event time taken back), evicted (conversations closed for want of room).',
    labels: ['kind'],
    unit: 'records',
    origin: 'fold',
  },
  dead_letters_total: {
    type: 'counter',
    help: 'Records that could not be used, by reason.',
    labels: ['reason'],
    unit: 'records',
    origin: 'process',
  },
  dead_letters_replayed_total: {
    type: 'counter',
    help: 'Dead letters that were read again and are none any more, by what became of them. Not part of records_total.',
    labels: ['outcome'],
    unit: 'records',
    origin: 'fold',
  },
  consumer_lag: {
    type: 'gauge',
    help: 'Records of a partition that are not yet done: end of the log minus committed position.',
    labels: ['topic', 'partition'],
    unit: 'records',
    origin: 'process',
  },
  inflight_bytes: {
    type: 'gauge',
    help: 'Bytes of records read and not yet done.',
    labels: [],
    unit: 'bytes',
    origin: 'process',
  },
  inflight_records: {
    type: 'gauge',
    help: 'Records read and not yet done.',
    labels: [],
    unit: 'records',
    origin: 'process',
  },
  processing_delay_seconds: {
    type: 'histogram',
    help: 'Time from a record entering the source to its line in the ledger.',
    labels: [],
    unit: 'seconds',
    buckets: DELAY_SECONDS,
    origin: 'process',
  },
  last_progress_timestamp_seconds: {
    type: 'gauge',
    help: 'When a record was last done, in seconds since 1970; 0 = not yet.',
    labels: [],
    unit: 'seconds',
    origin: 'process',
  },
  conversations_unknown_total: {
    type: 'counter',
    help: 'Interactions whose producer sent no conversation id; each counts as a conversation of one turn.',
    labels: [],
    unit: 'items',
    origin: 'process',
  },
  redactions_total: {
    type: 'counter',
    help: 'Pieces of personal data and secrets taken out of the text, by kind.',
    labels: ['kind'],
    unit: 'items',
    origin: 'process',
  },
  label_overflow_total: {
    type: 'counter',
    help: 'Observations whose label value was beyond the cap and was counted under __other__ or left out.',
    labels: ['label'],
    unit: 'none',
    origin: 'process',
  },
  scrape_render_seconds: {
    type: 'gauge',
    help: 'Time the previous rendering of this page took.',
    labels: [],
    unit: 'seconds',
    origin: 'process',
  },
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
  review_queue_depth: {
    type: 'gauge',
    help: 'Reviews that wait for people: first, second and settling labels of what is drawn, and golden items whose turn it is. Told by the console.',
    labels: [],
    unit: 'items',
    origin: 'process',
  },
  judge_family_bias: {
    type: 'gauge',
    help: 'Judge minus people on answers of this family of models, less the same on all others, on the frozen set. From 30 labelled items on each side.',
    labels: ['judge', 'producer_family'],
    unit: 'score',
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
  config_info: {
    type: 'gauge',
    help: 'Always 1; the label names the configuration in force.',
    labels: ['hash'],
    unit: 'none',
    origin: 'process',
  },
  config_reload_total: {
    type: 'counter',
    help: 'Configurations that were read again while running, by result: ok, unchanged, invalid, needs_restart (a key that only a start can change) or too_many_resets. All but ok leave the old one in force.',
    labels: ['result'],
    unit: 'none',
    origin: 'process',
  },
  build_info: {
    type: 'gauge',
    help: 'Always 1; the label names the version that runs.',
    labels: ['version'],
    unit: 'none',
    origin: 'process',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricKey = keyof typeof METRIC_CATALOGUE;

/** `records_total` to `plumbline_records_total`; a name that does not exist does not compile. */
export function metricName<K extends MetricKey>(key: K): `${typeof METRIC_PREFIX}${K}` {
  return `${METRIC_PREFIX}${key}`;
}

/** Process and runtime metrics of the client library that are kept; those left out break the naming rules. */
export const PROCESS_METRICS = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
  'nodejs_version_info',
] as const;
