import { ruleQueries as q } from '../queries/metric';
import type { AlertKind } from './alert';

const SILENCE =
  'Silence kind and criterion while the judge is being repaired. Score alerts that rest on it are held back by the monitor itself, so nothing else needs silencing.';

/** Whether the instrument can be believed. */
export const JUDGE_ALERTS: readonly AlertKind[] = [
  {
    kind: 'judge_drift',
    severity: 'ticket',
    summary: 'A judge moved on the golden set ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'The same frozen items get other scores than before: the judge changed, not the product.',
      query: q.max('golden_set_drift', ['judge', 'criterion']),
      reading: 'Change of the mean score on the frozen set, per judge.',
      next: [
        'Judges board: since when? Compare with the provider’s announcements.',
        'Pin a dated model version, then re-run the golden set.',
      ],
      causes: [
        'The provider changed the model behind its name.',
        'The rubric or prompt of the judge was edited.',
        'Another temperature or decoder.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'rater_drift',
    severity: 'ticket',
    summary: 'Human reviewers moved ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'Reviewers give other labels to repeated items than they did before.',
      query: q.min('judge_human_kappa', ['judge', 'criterion']),
      reading: 'Agreement of each judge with the reviewers. All judges down together: the reviewers moved.',
      next: ['Compare reviewers on the repeated items.', 'Read the rubric together again.'],
      causes: ['New reviewers.', 'A rubric read in another way.', 'Reviewers who are shown the judge’s score.'],
      silence: SILENCE,
    },
  },
  {
    kind: 'judge_user_divergence',
    severity: 'ticket',
    summary: 'Judges are happier than users in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'Scores stayed or rose while users recovered less, complained more or left. One of the two sees something the other does not.',
      query: q.max('judge_user_divergence', ['segment', 'signal']),
      reading: 'Above 0: judges happier than users, per signal.',
      next: ['Read sessions with high scores and bad outcomes.', 'Ask whether a criterion is missing.'],
      causes: [
        'The rubrics do not ask about what annoys users.',
        'The judge is fooled by style or length.',
        'Behaviour events are wrong or late.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'judge_human_disagreement',
    severity: 'ticket',
    summary: 'A judge agrees too little with reviewers ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'Agreement beyond chance with human labels fell below what the criterion needs.',
      query: q.min('judge_human_kappa', ['judge', 'criterion']),
      reading: 'Kappa per judge; 0 is chance, 1 is perfect.',
      next: ['Look at the disagreements, not at the number.', 'Sharpen the rubric, or replace the judge.'],
      causes: ['A rubric with two readings.', 'A judge too weak for the language or domain.', 'rater_drift.'],
      silence: SILENCE,
    },
  },
  {
    kind: 'judge_family_bias',
    severity: 'ticket',
    summary: 'A judge favours a model family ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'A judge scores answers of one producer family higher than the other judges do on the same items.',
      query: q.max('judge_family_bias', ['judge', 'producer_family']),
      reading: 'Points by which the judge favours (above 0) or punishes (below 0) the family.',
      next: ['Check the lineage configured for judge and model.', 'Take the judge out of panels for that family.'],
      causes: ['Shared ancestry that `models:` does not state.', 'A judge that likes its own style.'],
      silence: SILENCE,
    },
  },
  {
    kind: 'judges_converged',
    severity: 'ticket',
    summary: 'Judges have become one judge ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning:
        'The errors of the ensemble are so alike that several judges count as hardly more than one: intervals are too narrow.',
      query: q.min('ensemble_effective_judges', ['criterion']),
      reading: 'Number of independent judges the ensemble is worth.',
      next: ['Are two judges served by the same model?', 'Replace one by another family.'],
      causes: [
        'A gateway routes two names to one model.',
        'Judges distilled from one teacher.',
        'A rubric that leads to one answer.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'control_item_missed',
    severity: 'ticket',
    summary: 'A control item was judged wrongly ({{ $labels.criterion }})',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'Items with a known answer are mixed into the stream; a judge got more of them wrong than it may.',
      query: q.increase('control_items_total', ['kind', 'result'], {}, '1d'),
      reading: 'Control items of the last day by kind and result.',
      next: [
        'Which kind? known_good wrong: too strict; known_bad wrong: passes anything; injected wrong: can be talked round.',
        'Unanswered is no error of judgement: see judge_unavailable.',
        'Pause a judge that passes injected items: `plumbline judges pause`.',
      ],
      causes: ['The judge model changed.', 'A gateway cuts prompts off.', 'An injection that works.'],
      silence: SILENCE,
    },
  },
  {
    kind: 'golden_set_stale',
    severity: 'ticket',
    summary: 'The golden set has not been run for too long',
    board: 'plumbline-judges',
    runbook: {
      meaning: 'Without a recent run nobody can say whether a drop is the product’s or the judge’s.',
      query: `time() - ${q.max('golden_set_last_run_timestamp_seconds', [])}`,
      reading: 'Seconds since the last complete run. No line: never.',
      next: ['Look for judge_budget_limited and judge_unavailable first.', 'Start a run by hand.'],
      causes: ['The reserved share of the budget is spent.', 'A judge is down.', 'No golden set was frozen.'],
      silence: 'Silence until a planned date of the next run.',
    },
  },
  {
    kind: 'judge_budget_limited',
    severity: 'ticket',
    summary: 'The budget limits judging ({{ $labels.segment }})',
    board: 'plumbline-judges',
    runbook: {
      meaning:
        'Items that should be judged are not, because the budget for the period is nearly spent. Estimates stay unbiased but get wider.',
      query: q.min('judge_budget_remaining_ratio', ['scope', 'period']),
      reading: 'Share of the budget that is left, per scope and period.',
      next: [
        'Judges board: which judge costs most?',
        'Lower `sampling.rate` or the escalation share, or raise the budget.',
      ],
      causes: ['More traffic than planned.', 'Longer prompts.', 'More escalations after a change of the cheap judge.'],
      silence: 'Silence until the end of the period, if the wider intervals are acceptable.',
    },
  },
  {
    kind: 'offset_gap',
    severity: 'ticket',
    summary: 'Records were deleted before they were read',
    board: 'plumbline-pipeline',
    runbook: {
      meaning:
        'The committed offset no longer exists: retention or a cut log took records that were never judged. They are lost to the monitor.',
      query: q.max('consumer_lag', ['topic', 'partition']),
      reading: 'Records not yet done per partition: large values are next to be lost.',
      next: [
        'Lengthen the retention of the source topic first.',
        'With `source.onOffsetGap: fail` the process has stopped with OFFSET_GAP; docs/errors.md says how to go on.',
      ],
      causes: [
        'An outage longer than the retention.',
        'Retention by size on a topic that grew.',
        'A topic that was deleted and made again.',
      ],
      silence: 'Silence once the lag shrinks; the loss itself cannot be repaired.',
    },
  },
];
