import type { Catalogue } from './definition';

/** What is under watch, and what fires. */
export const ALERT_METRICS = {
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
  judge_user_divergence: {
    type: 'gauge',
    help: 'How much happier judges have become than users, over the last day against the baseline; above 0: judges happier. Signal outcome: mean score minus how users fared; association: loss of the chance that a session that went well has the higher score. The largest over criteria. No line while learning, or below 20 sessions in the day.',
    labels: ['segment', 'signal'],
    unit: 'score',
    origin: 'fold',
  },
  cheap_kept_ratio: {
    type: 'gauge',
    help: 'Share of judged items of the last day that the cheap stage is sure of: its score lies outside cascade.band. Of criteria with an operating point (cascade.tuned); when it leaves that, a ticket of kind traffic_mix_shift says so. No line below 20 items in the day.',
    labels: ['criterion'],
    unit: 'ratio',
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
  watched_series: {
    type: 'gauge',
    help: 'Series under watch by tier; full learns a baseline, light is held to an objective or a seeded baseline.',
    labels: ['tier'],
    unit: 'none',
    origin: 'fold',
  },
} as const satisfies Catalogue;
