import { type Board, COLORS, type Row } from '../panels';
import { boardQueries as q } from '../queries/metric';
import { qualityPanel, ratio, SAMPLED } from '../queries/shared';
import { criterionVariable } from '../queries/variables';

const now: Row = {
  title: 'Now',
  panels: [
    {
      type: 'stat',
      title: 'Quality',
      description: 'Unbiased mean score of the whole stream per criterion.',
      unit: 'percentunit',
      width: 10,
      height: 5,
      min: 0,
      max: 1,
      targets: [
        {
          expr: q.max('quality_estimate', ['criterion'], { segment: 'all', criterion: '$criterion' }),
          legend: '{{criterion}}',
        },
      ],
    },
    {
      type: 'stat',
      title: 'Alerts firing',
      description: 'Alerts of the monitor that fire now, by severity. The watchdog is not counted.',
      unit: 'short',
      width: 7,
      height: 5,
      targets: [
        {
          expr: 'count by (severity) (ALERTS{alertname=~"Plumbline.*",alertname!="PlumblineWatchdog",alertstate="firing"})',
          legend: '{{severity}}',
        },
      ],
    },
    {
      type: 'stat',
      title: 'Judged of sampled',
      description: 'Share of the items sampled in the last hour that got a score.',
      unit: 'percentunit',
      width: 7,
      height: 5,
      min: 0,
      max: 1,
      steps: [
        { from: null, color: COLORS.bad },
        { from: 0.85, color: COLORS.warn },
        { from: 0.95, color: COLORS.good },
      ],
      targets: [
        {
          expr: ratio(
            q.increase('criterion_results_total', ['criterion'], { segment: 'all', result: ['pass', 'fail'] }, '1h'),
            q.increase('criterion_results_total', ['criterion'], { segment: 'all', result: SAMPLED }, '1h'),
          ),
          legend: '{{criterion}}',
        },
      ],
    },
  ],
};

const quality: Row = {
  title: 'Quality',
  panels: [
    qualityPanel('Quality of the whole stream', 'all', 14),
    {
      type: 'bargauge',
      title: 'Worst segments',
      description:
        'The ten lowest unbiased means. Crosses and single dimensions slice the same items, so do not add them up.',
      unit: 'percentunit',
      width: 10,
      min: 0,
      max: 1,
      targets: [
        {
          expr: `bottomk(10, ${q.max('quality_estimate', ['segment', 'criterion'], { segment: { not: ['all'] }, criterion: '$criterion' })})`,
          legend: '{{segment}} {{criterion}}',
          instant: true,
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Check failures by check',
      description: 'Share of all interactions that fail a deterministic check.',
      unit: 'percentunit',
      width: 12,
      targets: [
        {
          expr: ratio(
            q.rate('checks_total', ['check'], { segment: 'all', result: 'fail' }),
            q.rate('checks_total', ['check'], { segment: 'all', result: ['pass', 'fail'] }),
          ),
          legend: '{{check}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Users: recovery by segment',
      description: 'Share of troubled sessions that still end well. No judge is involved.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      max: 1,
      targets: [{ expr: q.max('recovery_ratio', ['segment'], { segment: 'all' }), legend: '{{segment}}' }],
    },
  ],
};

const running: Row = {
  title: 'Alerts and cost',
  panels: [
    {
      type: 'table',
      title: 'Alerts of the engine by segment',
      description: 'Every series the engine holds as pending or firing, with its owner.',
      unit: 'short',
      width: 12,
      targets: [
        {
          expr: `${q.max('alert_active', ['kind', 'segment', 'criterion', 'severity', 'owner', 'state'], { state: ['pending', 'firing'] })} > 0`,
          legend: '{{kind}}',
        },
      ],
    },
    {
      type: 'table',
      title: 'What would have fired, by segment',
      description:
        'Alerts that the mode of their segment, or a baseline that is still observed, holds back, with their severity.',
      unit: 'short',
      width: 12,
      targets: [
        {
          expr: q.max('alert_withheld', ['kind', 'segment', 'criterion', 'severity', 'owner']),
          legend: '{{kind}}',
        },
      ],
      mayBeEmpty: 'the demo pages at once: nothing is withheld',
    },
    {
      type: 'timeseries',
      title: 'Cost per hour',
      description: 'US dollars per hour by judge, at the configured prices.',
      unit: 'currencyUSD',
      width: 12,
      targets: [{ expr: `3600 * ${q.rate('judge_cost_usd_total', ['judge'])}`, legend: '{{judge}}' }],
    },
  ],
};

export const overview: Board = {
  uid: 'plumbline-overview',
  title: 'Plumbline / Overview',
  description: 'One screen: how good the answers are, how sure that is, what fires, what it costs.',
  variables: [criterionVariable],
  rows: [now, quality, running],
};
