import { type Board, type Panel, type Row } from '../panels';
import { boardQueries as q } from '../queries/metric';
import { qualityPanel, ratio } from '../queries/shared';
import { criterionVariable, segmentVariable } from '../queries/variables';

const both = { segment: '$segment', criterion: '$criterion' } as const;
const estimate = q.max('quality_estimate', ['segment', 'criterion'], both);

const change = (title: string, offset: string): Panel => ({
  type: 'stat',
  title,
  description: `Estimate now minus ${offset} before.`,
  unit: 'percentunit',
  width: 6,
  height: 4,
  targets: [
    { expr: `${estimate} - ${estimate.replace(/\)$/, ` offset ${offset})`)}`, legend: '{{criterion}}', instant: true },
  ],
  mayBeEmpty: `needs ${offset} of history`,
});

const whatChanged: Row = {
  title: 'What changed, since when',
  panels: [
    change('Change within the hour', '1h'),
    change('Change within the day', '1d'),
    {
      type: 'stat',
      title: 'How near to its threshold',
      description: '1 is the point at which the detector alerts.',
      unit: 'percentunit',
      width: 12,
      height: 4,
      min: 0,
      targets: [
        {
          expr: q.max('detector_threshold_ratio', ['kind', 'segment', 'criterion'], both),
          legend: '{{kind}} {{criterion}}',
        },
      ],
    },
    qualityPanel('Score of the segment', '$segment', 12),
    qualityPanel('The whole stream beside it', 'all', 12),
  ],
};

const whoCarries: Row = {
  title: 'Who carries it, what was it',
  panels: [
    {
      type: 'bargauge',
      title: 'Other segments',
      description: 'Lowest first. Releases, routes and models are segments too: the odd one out names the cause.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      max: 1,
      targets: [
        {
          expr: `sort(${q.max('quality_estimate', ['segment'], { segment: ['(release|route|model)=.*', 'all'], criterion: '$criterion' })})`,
          legend: '{{segment}}',
          instant: true,
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Checks of the segment',
      description: 'Failure share per check: does a check see the change too?',
      unit: 'percentunit',
      width: 12,
      targets: [
        {
          expr: ratio(
            q.rate('checks_total', ['check'], { segment: '$segment', result: 'fail' }),
            q.rate('checks_total', ['check'], { segment: '$segment', result: ['pass', 'fail'] }),
          ),
          legend: '{{check}}',
        },
      ],
    },
    {
      type: 'heatmap',
      title: 'Ensemble scores',
      description:
        'All segments. A second band further down is a new kind of failure, a drift of one band a judge that moved. Points carry trace ids.',
      unit: 'short',
      width: 12,
      targets: [{ expr: q.buckets('score', { criterion: '$criterion', stage: 'ensemble' }), legend: '{{le}}' }],
    },
    {
      type: 'timeseries',
      title: 'Judges: scored calls',
      description: 'A judge that stopped answering at the time of the change explains it.',
      unit: 'reqps',
      width: 12,
      targets: [{ expr: q.rate('judge_requests_total', ['judge'], { outcome: 'scored' }), legend: '{{judge}}' }],
    },
  ],
};

export const investigation: Board = {
  uid: 'plumbline-investigation',
  title: 'Plumbline / Investigation',
  description: 'One alert: before and after, who carries it, and what else moved. Alerts link here with their labels.',
  variables: [criterionVariable, segmentVariable],
  rows: [whatChanged, whoCarries],
};
