import { type Board, type Row } from '../panels';
import { boardQueries as q } from '../queries/metric';
import { ratio } from '../queries/shared';
import { criterionVariable, judgeVariable } from '../queries/variables';

const judge = { judge: '$judge' } as const;
const criterion = { criterion: '$criterion' } as const;

const calls: Row = {
  title: 'Calls',
  panels: [
    {
      type: 'timeseries',
      title: 'Calls by judge',
      description: 'Calls per second, whatever came back.',
      unit: 'reqps',
      width: 8,
      targets: [{ expr: q.rate('judge_requests_total', ['judge'], judge), legend: '{{judge}}' }],
    },
    {
      type: 'timeseries',
      title: 'Calls without a score',
      description: 'Share of calls that gave no score, by judge and what happened instead.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `${q.rate('judge_requests_total', ['judge', 'outcome'], { ...judge, outcome: { not: ['scored'] } })} / on (judge) group_left () (${q.rate('judge_requests_total', ['judge'], judge)} > 0)`,
          legend: '{{judge}} {{outcome}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Duration of calls',
      description: 'Median and 99th percentile of one call, retries included. Points carry exemplars with trace ids.',
      unit: 's',
      width: 8,
      min: 0,
      targets: [
        { expr: q.quantile('judge_request_duration_seconds', 0.5, ['judge'], judge), legend: '{{judge}} p50' },
        { expr: q.quantile('judge_request_duration_seconds', 0.99, ['judge'], judge), legend: '{{judge}} p99' },
      ],
    },
  ],
};

const trust: Row = {
  title: 'Can they be believed',
  panels: [
    {
      type: 'timeseries',
      title: 'Disagreement within ensembles',
      description:
        'Mean disagreement, 0 all alike to 1 evenly split. A fall towards 0 can mean that judges became alike.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `sum by (criterion) (rate(${q.select('ensemble_disagreement', criterion, '_sum')}[$__rate_interval])) / (sum by (criterion) (rate(${q.select('ensemble_disagreement', criterion, '_count')}[$__rate_interval])) > 0)`,
          legend: '{{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Cheap judge beside the estimate',
      description:
        'How far the cheap judge alone would mislead: its plain mean minus the unbiased estimate, whole stream.',
      unit: 'percentunit',
      width: 8,
      targets: [
        {
          expr: `${q.max('quality_cheap_mean', ['criterion'], { segment: 'all', ...criterion })} - ${q.max('quality_estimate', ['criterion'], { segment: 'all', ...criterion })}`,
          legend: '{{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Escalations by reason',
      description:
        'Verdicts per second sent on to the ensemble. `audit` is the random share that keeps the estimate unbiased.',
      unit: 'ops',
      width: 8,
      targets: [{ expr: q.rate('cascade_escalations_total', ['reason']), legend: '{{reason}}' }],
    },
    {
      type: 'timeseries',
      title: 'Golden set drift',
      description: 'Change of the mean on the frozen set per judge: the judge moved, not the product.',
      unit: 'percentunit',
      width: 8,
      targets: [
        {
          expr: q.max('golden_set_drift', ['judge', 'criterion'], { ...judge, ...criterion }),
          legend: '{{judge}} {{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Agreement with reviewers',
      description: 'Kappa against human labels; 0 is chance, 1 is perfect.',
      unit: 'short',
      width: 8,
      max: 1,
      targets: [
        {
          expr: q.min('judge_human_kappa', ['judge', 'criterion'], { ...judge, ...criterion }),
          legend: '{{judge}} {{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Bias by family',
      description: 'Points by which a judge favours (above 0) or punishes a producer family against the other judges.',
      unit: 'percentunit',
      width: 8,
      targets: [
        {
          expr: q.max('judge_family_bias', ['judge', 'producer_family'], judge),
          legend: '{{judge}} on {{producer_family}}',
        },
      ],
    },
    {
      type: 'heatmap',
      title: 'Scores of the cheap judge',
      description: 'Distribution over time. Two clear bands are good; mass in the middle escalates.',
      unit: 'short',
      width: 12,
      targets: [{ expr: q.buckets('score', { ...criterion, stage: 'cheap' }), legend: '{{le}}' }],
    },
    {
      type: 'timeseries',
      title: 'Judges that stand alone',
      description:
        'Ensembles per second of which all members but this one agreed. One judge far above the others has moved.',
      unit: 'ops',
      width: 12,
      min: 0,
      targets: [{ expr: q.rate('judge_outlier_total', ['judge'], judge), legend: '{{judge}}' }],
    },
    {
      type: 'timeseries',
      title: 'Effective judges',
      description: 'How many independent judges the ensemble is worth.',
      unit: 'short',
      width: 12,
      min: 0,
      targets: [{ expr: q.min('ensemble_effective_judges', ['criterion'], criterion), legend: '{{criterion}}' }],
    },
  ],
};

const money: Row = {
  title: 'Cost',
  panels: [
    {
      type: 'timeseries',
      title: 'Tokens by judge and kind',
      description: 'Tokens per second, sent and received.',
      unit: 'short',
      width: 8,
      targets: [{ expr: q.rate('judge_tokens_total', ['judge', 'kind'], judge), legend: '{{judge}} {{kind}}' }],
    },
    {
      type: 'timeseries',
      title: 'Cost per call',
      description: 'US dollars per call at the configured prices.',
      unit: 'currencyUSD',
      width: 8,
      targets: [
        {
          expr: ratio(
            q.rate('judge_cost_usd_total', ['judge'], judge),
            q.rate('judge_requests_total', ['judge'], judge),
          ),
          legend: '{{judge}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Budget left',
      description: 'Share of the budget of the period that is left.',
      mayBeEmpty: 'no budget is configured',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      targets: [{ expr: q.min('judge_budget_remaining_ratio', ['scope', 'period']), legend: '{{scope}} {{period}}' }],
    },
  ],
};

export const judges: Board = {
  uid: 'plumbline-judges',
  title: 'Plumbline / Judges',
  description: 'The judges as instruments: do they answer, agree and stay where they are, and what do they cost.',
  variables: [criterionVariable, judgeVariable],
  rows: [calls, trust, money],
};
