import { type Board, COLORS, type Row } from '../panels';
import { boardQueries as q, processMetric } from '../queries/metric';

const progress: Row = {
  title: 'Progress',
  panels: [
    {
      type: 'timeseries',
      title: 'Records by outcome',
      description: 'Records per second by what became of them. The outcomes add up to what was read.',
      unit: 'ops',
      width: 8,
      min: 0,
      targets: [{ expr: q.rate('records_total', ['outcome']), legend: '{{outcome}}' }],
    },
    {
      type: 'timeseries',
      title: 'Lag by partition',
      description: 'Records not yet done: end of the log minus committed position.',
      unit: 'short',
      width: 8,
      min: 0,
      targets: [{ expr: q.max('consumer_lag', ['topic', 'partition']), legend: '{{topic}}-{{partition}}' }],
    },
    {
      type: 'stat',
      title: 'Since the last finished record',
      description:
        'Wall-clock time since a record was last done. Grows with an idle source too: read it beside the lag.',
      unit: 's',
      width: 4,
      steps: [
        { from: null, color: COLORS.good },
        { from: 60, color: COLORS.warn },
        { from: 300, color: COLORS.bad },
      ],
      targets: [{ expr: `time() - ${q.max('last_progress_timestamp_seconds', ['monitor'])}`, legend: '{{monitor}}' }],
    },
    {
      type: 'stat',
      title: 'In flight',
      description: 'Records and bytes read and not yet done. At the bounds of source.window fetching pauses.',
      unit: 'short',
      width: 4,
      targets: [
        { expr: q.sum('inflight_records', ['monitor']), legend: 'records' },
        { expr: q.sum('inflight_bytes', ['monitor']), legend: 'bytes' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Processing delay',
      description: 'From a record entering the source to its line in the ledger.',
      unit: 's',
      width: 12,
      min: 0,
      targets: [
        { expr: q.quantile('processing_delay_seconds', 0.5, []), legend: 'p50' },
        { expr: q.quantile('processing_delay_seconds', 0.99, []), legend: 'p99' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Delay, distribution',
      description: 'Records per second done within the bounds given: a second hump is a stage that waits.',
      unit: 'ops',
      width: 12,
      targets: [
        {
          expr: `sum by (le) (rate(${q.select('processing_delay_seconds', {}, '_bucket')}[$__rate_interval]))`,
          legend: '{{le}}',
        },
      ],
    },
  ],
};

const losses: Row = {
  title: 'What was not used',
  panels: [
    {
      type: 'timeseries',
      title: 'Dead letters by reason',
      description: 'Records per second that could not be used. docs/errors.md says what each reason means.',
      unit: 'ops',
      width: 8,
      min: 0,
      targets: [{ expr: q.rate('dead_letters_total', ['reason']), legend: '{{reason}}' }],
    },
    {
      type: 'timeseries',
      title: 'Unjudged by reason',
      description: 'Sampled items per second that got no score.',
      unit: 'ops',
      width: 8,
      min: 0,
      targets: [{ expr: q.rate('unjudged_total', ['criterion', 'reason']), legend: '{{criterion}} {{reason}}' }],
    },
    {
      type: 'timeseries',
      title: 'Redactions by kind',
      description: 'Pieces of personal data per second taken out before anything was judged.',
      unit: 'ops',
      width: 8,
      min: 0,
      targets: [{ expr: q.rate('redactions_total', ['kind']), legend: '{{kind}}' }],
    },
    {
      type: 'timeseries',
      title: 'Conversations unknown',
      description: 'Interactions per second without a conversation id; each counts as a conversation of one turn.',
      unit: 'ops',
      width: 12,
      min: 0,
      targets: [{ expr: q.rate('conversations_unknown_total', []), legend: 'unknown' }],
    },
    {
      type: 'timeseries',
      title: 'Labels beyond the cap',
      description: 'Observations per second whose label value was counted under __other__.',
      unit: 'ops',
      width: 12,
      min: 0,
      targets: [{ expr: q.rate('label_overflow_total', ['label']), legend: '{{label}}' }],
    },
  ],
};

const machine: Row = {
  title: 'Process',
  panels: [
    {
      type: 'timeseries',
      title: 'Memory by pod',
      description: 'Resident memory and used heap.',
      unit: 'bytes',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `max by (pod) (${processMetric('process_resident_memory_bytes')})`,
          legend: '{{pod}} resident',
        },
        {
          expr: `max by (pod) (${processMetric('nodejs_heap_size_used_bytes')})`,
          legend: '{{pod}} heap',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'CPU by pod',
      description: 'Processor cores in use per pod.',
      unit: 'short',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `sum by (pod) (rate(${processMetric('process_cpu_seconds_total')}[$__rate_interval]))`,
          legend: '{{pod}}',
        },
      ],
    },
    {
      type: 'timeseries',
      title: 'Event loop lag by pod',
      description: '99th percentile. Above a tenth of a second, probes and heartbeats suffer.',
      unit: 's',
      width: 8,
      min: 0,
      targets: [
        {
          expr: `max by (pod) (${processMetric('nodejs_eventloop_lag_p99_seconds')})`,
          legend: '{{pod}}',
        },
      ],
    },
    {
      type: 'table',
      title: 'Versions and configurations',
      description: 'More than one line for long: pods run different versions or configurations.',
      unit: 'short',
      width: 12,
      targets: [
        { expr: `count by (version) (${q.select('build_info')})`, legend: '{{version}}' },
        { expr: `count by (hash) (${q.select('config_info')})`, legend: '{{hash}}' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Rendering of /metrics',
      description: 'Time one rendering takes; at most one per second whatever the number of scrapers.',
      unit: 's',
      width: 12,
      min: 0,
      targets: [{ expr: q.max('scrape_render_seconds', ['pod']), legend: '{{pod}}' }],
    },
  ],
};

export const pipeline: Board = {
  uid: 'plumbline-pipeline',
  title: 'Plumbline / Pipeline',
  description: 'Whether the monitor itself keeps up: progress, what could not be used, and the process.',
  variables: [],
  rows: [progress, losses, machine],
};
