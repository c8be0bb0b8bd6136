import { type Board, type Row } from '../panels';
import { boardQueries as q } from '../queries/metric';
import { qualityPanel, ratio, SAMPLED } from '../queries/shared';
import { criterionVariable, segmentVariable } from '../queries/variables';

const segment = { segment: '$segment' } as const;
const both = { segment: '$segment', criterion: '$criterion' } as const;

const scores: Row = {
  title: 'Scores',
  panels: [
    qualityPanel('Quality by segment', '$segment', 14),
    {
      type: 'table',
      title: 'All segments',
      description: 'Present estimates of every exported segment; the link leads to the Investigation board.',
      unit: 'percentunit',
      width: 10,
      targets: [
        {
          expr: `sort(${q.max('quality_estimate', ['segment', 'criterion'], { criterion: '$criterion' })})`,
          legend: '{{segment}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Width of the interval by segment',
      description:
        'Upper minus lower end: what the present sample can tell. Wide means raise the sampling rate of the segment.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `${q.max('quality_upper', ['segment', 'criterion'], both)} - ${q.max('quality_lower', ['segment', 'criterion'], both)}`,
          legend: '{{segment}} {{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Pass share of judged items by segment',
      description: 'Plain share of passes among judged items; noisier and quicker than the estimate.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      targets: [
        {
          expr: ratio(
            q.rate('criterion_results_total', ['segment', 'criterion'], { ...both, result: 'pass' }),
            q.rate('criterion_results_total', ['segment', 'criterion'], { ...both, result: ['pass', 'fail'] }),
          ),
          legend: '{{segment}} {{criterion}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Drop that can be seen by segment',
      description: 'The smallest drop the present sampling would notice within the time named.',
      unit: 'percentunit',
      width: 8,
      targets: [
        {
          expr: q.min('detectable_drop', ['segment', 'criterion', 'within'], both),
          legend: '{{segment}} {{criterion}} in {{within}}',
        },
      ],
    },
  ],
};

const checks: Row = {
  title: 'Checks and volume',
  panels: [
    {
      type: 'timeseries',
      title: 'Check failures by segment',
      description: 'Share of interactions of the segment that fail a check.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      targets: [
        {
          expr: ratio(
            q.rate('checks_total', ['check', 'segment'], { ...segment, result: 'fail' }),
            q.rate('checks_total', ['check', 'segment'], { ...segment, result: ['pass', 'fail'] }),
          ),
          legend: '{{segment}} {{check}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Sampled items by segment',
      description: 'Items per second sampled for judging, judged or not.',
      unit: 'ops',
      width: 12,
      min: 0,
      targets: [
        {
          expr: q.rate('criterion_results_total', ['segment', 'criterion'], { ...both, result: SAMPLED }),
          legend: '{{segment}} {{criterion}}',
        },
      ],
    },
  ],
};

const providers: Row = {
  title: 'Providers, versions and routes',
  panels: [
    {
      type: 'timeseries',
      title: 'Answers that were none by producer',
      description:
        'Share of the answers of a provider, version and route that were empty, refused, malformed or cut off; by the checks.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      targets: [
        {
          expr: `${q.rate('answers_total', ['producer', 'route'], { result: { not: ['ok'] } })} / ${q.rate('answers_total', ['producer', 'route'])}`,
          legend: '{{producer}} {{route}}',
        },
      ],
      mayBeEmpty: 'no answer was empty, refused, malformed or cut off',
    },
    {
      type: 'timeseries',
      title: 'Failover',
      description:
        'Share of the answers of five minutes that came by the failover route, and 1 while that is an episode. Whether they were worse: alert failover_quality.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      targets: [
        { expr: q.max('failover_share_ratio', []), legend: 'share' },
        { expr: q.max('failover_active', []), legend: 'episode' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Time to the first token by producer',
      description: 'Median, and the time per output token after it; of producers that measure the first token.',
      unit: 's',
      width: 8,
      min: 0,
      targets: [
        { expr: q.quantile('answer_ttft_seconds', 0.5, ['producer', 'route']), legend: '{{producer}} {{route}}' },
        {
          expr: q.quantile('answer_token_seconds', 0.5, ['producer', 'route']),
          legend: '{{producer}} {{route}} per token',
        },
      ],
      mayBeEmpty: 'no producer measures the first token',
    },
  ],
};

const users: Row = {
  title: 'Users',
  panels: [
    {
      type: 'timeseries',
      title: 'Session outcomes by segment',
      description: 'How sessions ended, per second.',
      unit: 'ops',
      width: 8,
      targets: [
        { expr: q.rate('session_outcomes_total', ['segment', 'outcome'], segment), legend: '{{segment}} {{outcome}}' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Recovery by segment',
      description: 'Share of troubled sessions that still end well, with its interval.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      targets: [
        { expr: q.max('recovery_ratio', ['segment'], segment), legend: '{{segment}}' },
        { expr: q.max('recovery_ratio_lower', ['segment'], segment), legend: '{{segment}} low' },
        { expr: q.max('recovery_ratio_upper', ['segment'], segment), legend: '{{segment}} high' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Judges beside users by segment',
      description:
        'Above 0: judges are happier than users. Beside it the unbiased score, so that both can be read together.',
      unit: 'percentunit',
      width: 8,
      targets: [
        { expr: q.max('judge_user_divergence', ['segment', 'signal'], segment), legend: '{{segment}} {{signal}}' },
        { expr: q.max('quality_estimate', ['segment', 'criterion'], both), legend: '{{segment}} {{criterion}} score' },
      ],
    },
  ],
};

export const segments: Board = {
  uid: 'plumbline-segments',
  title: 'Plumbline / Segments',
  description: 'One slice in depth: scores with intervals, checks, volume, and what users did.',
  variables: [criterionVariable, segmentVariable],
  rows: [scores, checks, users, providers],
};
