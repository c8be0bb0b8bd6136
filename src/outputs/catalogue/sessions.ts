import { type Catalogue, intervalEnds } from './definition';

/** How sessions ended, and how users fared in them. */
export const SESSION_METRICS = {
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
  ...intervalEnds('recovery_ratio', ['segment'], 'ratio'),
  abandonment_ratio: {
    type: 'gauge',
    help: 'Share of closed sessions that the user left on a bad turn.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('abandonment_ratio', ['segment'], 'ratio'),
  handoff_ratio: {
    type: 'gauge',
    help: 'Share of closed sessions in which a person took over; not a failure by itself.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('handoff_ratio', ['segment'], 'ratio'),
  over_reliance_ratio: {
    type: 'gauge',
    help: "Mean over sessions of the share of wrong answers that the user accepted, of those decided on. By a check (sessions.rightCheck) or by people's labels (sessions.rightCriterion); no line below the minimum group.",
    labels: ['segment', 'right_by'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('over_reliance_ratio', ['segment', 'right_by'], 'ratio'),
  under_reliance_ratio: {
    type: 'gauge',
    help: "Mean over sessions of the share of right answers that the user overrode, of those decided on. By a check (sessions.rightCheck) or by people's labels (sessions.rightCriterion); no line below the minimum group.",
    labels: ['segment', 'right_by'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('under_reliance_ratio', ['segment', 'right_by'], 'ratio'),
  team_gain_ratio: {
    type: 'gauge',
    help: 'Share of answers that user and model got right together, less that of the model alone, in [-1, 1]: below 0 the user makes it worse. No line below the minimum group.',
    labels: ['segment', 'right_by'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('team_gain_ratio', ['segment', 'right_by'], 'ratio'),
  return_ratio: {
    type: 'gauge',
    help: 'Share of absences that end within 7 days, by Kaplan-Meier over a sample of users.',
    labels: ['segment'],
    unit: 'ratio',
    origin: 'fold',
  },
  ...intervalEnds('return_ratio', ['segment'], 'ratio'),
} as const satisfies Catalogue;

/** Users apart: who stays away, and whom judges favour. */
export const COHORT_METRICS = {
  churn_ratio: {
    type: 'gauge',
    help: 'Share of absences that last sessions.churnDays or longer, by Kaplan-Meier over a sample of users: after a session without complaint (after="silence": the silent churn), and after one with.',
    labels: ['segment', 'after'],
    unit: 'ratio',
    origin: 'fold',
  },
  judge_group_gap: {
    type: 'gauge',
    help: "Mean score that judges gave a group less that of all others, over cases as good by users' behaviour or people's labels (by): above 0 the group is favoured.",
    labels: ['segment', 'criterion', 'by'],
    unit: 'score',
    origin: 'fold',
  },
  ...intervalEnds('churn_ratio', ['segment', 'after'], 'ratio'),
  ...intervalEnds('judge_group_gap', ['segment', 'criterion', 'by'], 'score'),
} as const satisfies Catalogue;

/** What the fold of sessions holds and sets aside. */
export const SESSION_FOLD_METRICS = {
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
} as const satisfies Catalogue;
