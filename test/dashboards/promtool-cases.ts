/** One statement about one alert: with these series, at this time, exactly these alerts of the name fire. */
export interface PromtoolCase {
  readonly alert: string;
  readonly kind: 'fire' | 'silence' | 'no_data';
  readonly says: string;
  /** Series to values in promtool's notation, one per minute. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Label sets without the name, e.g. `{kind="x",severity="page"}`. */
  readonly firing: readonly Readonly<Record<string, string>>[];
}

const M = 'namespace="prod",monitor="support"';
const AT = { namespace: 'prod', monitor: 'support' };

/** The same statements hold for every kind that the engine decides. */
export function engineCases(alert: string, kind: string): PromtoolCase[] {
  const active = (state: string, pod: string): string =>
    `plumbline_alert_active{${M},pod="${pod}",instance="${pod}:9464",job="plumbline-watch",kind="${kind}",segment="product=a",criterion="correct",severity="page",owner="team-a",state="${state}"}`;
  const expected = {
    ...AT,
    kind,
    segment: 'product=a',
    criterion: 'correct',
    severity: 'page',
    owner: 'team-a',
    team: 'team-a',
  };
  const states = ['learning', 'idle', 'pending', 'resolved'];
  return [
    {
      alert,
      kind: 'fire',
      says: 'fires once for two pods that both tell it, with the severity and team of its owner',
      series: { [active('firing', 'a')]: '1x10', [active('firing', 'b')]: '1x10' },
      at: '3m',
      firing: [expected],
    },
    {
      alert,
      kind: 'fire',
      says: 'goes on firing while the pod restarts and another takes over',
      series: { [active('firing', 'a')]: '1x5 _x30', [active('firing', 'b')]: '_x15 1x15' },
      at: '14m',
      firing: [expected],
    },
    {
      alert,
      kind: 'silence',
      says: 'stays silent in every other state, and when the engine says 0',
      series: {
        ...Object.fromEntries(states.map((state) => [active(state, 'a'), '1x60'])),
        [active('firing', 'a')]: '0x60',
      },
      at: '50m',
      firing: [],
    },
    {
      alert,
      kind: 'silence',
      says: 'ends after the engine has resolved it',
      series: { [active('firing', 'a')]: '1x5 0x40', [active('resolved', 'a')]: '0x5 1x40' },
      at: '40m',
      firing: [],
    },
    {
      alert,
      kind: 'no_data',
      says: 'does not fire for a series without data',
      series: { [active('no_data', 'a')]: '1x60' },
      at: '50m',
      firing: [],
    },
    { alert, kind: 'no_data', says: 'does not fire where nothing is exported', series: {}, at: '50m', firing: [] },
  ];
}

const incident = `plumbline_incident_active{${M},pod="a",kind="score_regression",scope="product=a",severity="page"}`;

const up = (pod: string, job = 'plumbline-score'): string => `up{job="${job}",${M},pod="${pod}"}`;
const build = `plumbline_build_info{${M},version="1.0.0"}`;
const stalled = `plumbline_evidence_store_stalled{${M},pod="a"}`;
const lag = `plumbline_consumer_lag{${M},pod="a",topic="t",partition="0"}`;
const progress = `plumbline_last_progress_timestamp_seconds{${M},pod="a"}`;
const records = (outcome: string): string => `plumbline_records_total{${M},pod="w",outcome="${outcome}"}`;
const results = (result: string, pod = 'w'): string =>
  `plumbline_criterion_results_total{${M},pod="${pod}",criterion="correct",segment="all",result="${result}"}`;
const objective = (pod = 's'): string => `plumbline_quality_objective{${M},pod="${pod}",criterion="correct"}`;
const delay = (le: string, pod = 's'): string =>
  `plumbline_processing_delay_seconds_bucket{${M},pod="${pod}",le="${le}"}`;
const calls = (outcome: string, pod = 's'): string =>
  `plumbline_judge_requests_total{${M},pod="${pod}",judge="claude",family="anthropic",outcome="${outcome}"}`;

const monitor = (
  kind: string,
  alert: string,
  severity: string,
  labels: Readonly<Record<string, string>>,
  cases: readonly (readonly [PromtoolCase['kind'], string, PromtoolCase['series'], string, boolean])[],
): PromtoolCase[] =>
  cases.map(([type, says, series, at, fires]) => ({
    alert,
    kind: type,
    says,
    series,
    at,
    firing: fires ? [{ ...labels, kind, severity }] : [],
  }));

export const MONITOR_CASES: readonly PromtoolCase[] = [
  {
    alert: 'PlumblineIncident',
    kind: 'fire',
    says: 'fires with the kind and scope of the incident',
    series: { [incident]: '1x10' },
    at: '5m',
    firing: [{ ...AT, kind: 'score_regression', scope: 'product=a', severity: 'page' }],
  },
  {
    alert: 'PlumblineIncident',
    kind: 'silence',
    says: 'ends with the incident',
    series: { [incident]: '1x5 0x40' },
    at: '40m',
    firing: [],
  },
  { alert: 'PlumblineIncident', kind: 'no_data', says: 'is silent without data', series: {}, at: '40m', firing: [] },
  ...monitor('instance_down', 'PlumblineInstanceDown', 'page', { ...AT, job: 'plumbline-score' }, [
    [
      'fire',
      'fires when no pod of a role answers',
      { [up('a')]: '0x20', [up('b')]: '0x20', [build]: '1x20' },
      '10m',
      true,
    ],
    [
      'silence',
      'is silent while one pod of the role answers',
      { [up('a')]: '0x20', [up('b')]: '1x20', [build]: '1x20' },
      '10m',
      false,
    ],
    ['silence', 'sleeps through a restart', { [up('a')]: '1x5 0x3 1x20', [build]: '1x30' }, '8m', false],
  ]),
  ...monitor('instance_down', 'PlumblineInstanceDown', 'page', {}, [
    ['no_data', 'fires when no monitor is known at all', { 'up{job="other"}': '1x20' }, '10m', true],
  ]),
  ...monitor('watchdog', 'PlumblineWatchdog', 'info', {}, [
    ['fire', 'always fires', { [build]: '1x20' }, '10m', true],
    ['no_data', 'fires without any series', {}, '10m', true],
  ]),
  ...monitor('consumer_stalled', 'PlumblineConsumerStalled', 'page', AT, [
    ['fire', 'fires with lag and no progress', { [lag]: '100x30', [progress]: '0x30' }, '20m', true],
    [
      'silence',
      'is silent while records are finished, whatever the lag',
      { [lag]: '0+1000x30', [progress]: '0+60x30' },
      '20m',
      false,
    ],
    ['silence', 'is silent when nothing waits', { [lag]: '0x30', [progress]: '0x30' }, '20m', false],
    ['no_data', 'does not fire without data', { [build]: '1x30' }, '20m', false],
  ]),
  ...monitor('evidence_stalled', 'PlumblineEvidenceStalled', 'ticket', AT, [
    ['fire', 'fires when nothing has been stored for five minutes', { [stalled]: '0x5 1x20' }, '20m', true],
    ['silence', 'is silent while the store takes what comes', { [stalled]: '0x30' }, '20m', false],
    ['silence', 'sleeps through a short stop', { [stalled]: '0x5 1x3 0x20' }, '12m', false],
    ['no_data', 'does not fire without a console', { [build]: '1x30' }, '20m', false],
  ]),
  ...monitor('dead_letters_rise', 'PlumblineDeadLettersRise', 'ticket', AT, [
    [
      'fire',
      'fires on a stream that was clean',
      { [records('judged')]: '0+100x200', [records('dead_lettered')]: '0x120 0+10x80' },
      '180m',
      true,
    ],
    [
      'fire',
      'fires where there is no day before',
      { [records('judged')]: '0+100x60', [records('dead_lettered')]: '0+10x60' },
      '40m',
      true,
    ],
    [
      'silence',
      'is silent about a trickle of the same size as the day before',
      { [records('judged')]: '0+100x260', [records('dead_lettered')]: '0+5x260' },
      '240m',
      false,
    ],
    [
      'silence',
      'is silent below the share',
      { [records('judged')]: '0+1000x60', [records('dead_lettered')]: '0+1x60' },
      '40m',
      false,
    ],
    [
      'silence',
      'is silent about a handful',
      { [records('judged')]: '0+0.2x60', [records('dead_lettered')]: '0+0.1x60' },
      '40m',
      false,
    ],
    ['no_data', 'does not fire without data', { [build]: '1x60' }, '40m', false],
  ]),
  ...monitor('judged_ratio_low', 'PlumblineJudgedRatioLow', 'ticket', { ...AT, criterion: 'correct' }, [
    [
      'fire',
      'fires when a long and a short window burn',
      { [results('pass')]: '0+5x400', [results('unjudged')]: '0+5x400' },
      '390m',
      true,
    ],
    [
      'fire',
      'fires with two owners of the ledger as with one',
      {
        [results('pass')]: '0+5x400',
        [results('unjudged')]: '0+5x400',
        [results('pass', 'x')]: '0+5x400',
        [results('unjudged', 'x')]: '0+5x400',
      },
      '390m',
      true,
    ],
    [
      'silence',
      'is silent within the objective',
      { [results('pass')]: '0+97x400', [results('unjudged')]: '0+3x400' },
      '390m',
      false,
    ],
    [
      'silence',
      'is silent once the short window is clean',
      { [results('pass')]: '0+5x500', [results('unjudged')]: '0+5x250 1250x250' },
      '450m',
      false,
    ],
    [
      'silence',
      'is silent when little was sampled',
      { [results('pass')]: '0+0.05x400', [results('unjudged')]: '0+0.05x400' },
      '390m',
      false,
    ],
    ['no_data', 'does not fire without data', { [build]: '1x400' }, '390m', false],
  ]),
  ...monitor('judge_unavailable', 'PlumblineJudgeUnavailable', 'ticket', { ...AT, judge: 'claude' }, [
    [
      'fire',
      'fires when most calls get no answer',
      { [calls('scored')]: '0+1x60', [calls('timeout')]: '0+3x60', [calls('error')]: '0+3x60' },
      '40m',
      true,
    ],
    [
      'silence',
      'is silent when most are answered',
      { [calls('scored')]: '0+10x60', [calls('timeout')]: '0+3x60' },
      '40m',
      false,
    ],
    ['silence', 'is silent about a handful of calls', { [calls('timeout')]: '0+0.5x60' }, '40m', false],
    ['no_data', 'does not fire without data', { [build]: '1x60' }, '40m', false],
  ]),
  ...monitor('judge_invalid_output', 'PlumblineJudgeInvalidOutput', 'ticket', { ...AT, judge: 'claude' }, [
    [
      'fire',
      'fires on unreadable and cut-off answers together',
      { [calls('scored')]: '0+10x90', [calls('unreadable')]: '0+1x90', [calls('truncated')]: '0+1x90' },
      '80m',
      true,
    ],
    [
      'silence',
      'is silent about a few',
      { [calls('scored')]: '0+100x90', [calls('unreadable')]: '0+1x90' },
      '80m',
      false,
    ],
    [
      'silence',
      'leaves time-outs to the other alert',
      { [calls('scored')]: '0+1x90', [calls('timeout')]: '0+10x90' },
      '80m',
      false,
    ],
    ['no_data', 'does not fire without data', { [build]: '1x90' }, '80m', false],
  ]),
  ...monitor('objective_burn_fast', 'PlumblineObjectiveBurnFast', 'page', { ...AT, criterion: 'correct' }, [
    [
      'fire',
      'fires when half of what is judged fails under an objective of 97 %, told by two pods',
      {
        [objective()]: '0.97x100',
        [objective('b')]: '0.97x100',
        [results('pass')]: '0+5x100',
        [results('fail')]: '0+5x100',
      },
      '80m',
      true,
    ],
    [
      'fire',
      'can fire under an objective of 80 %, of which 14.4 times the allowed failures are more than all',
      { [objective()]: '0.8x100', [results('pass')]: '0+1x100', [results('fail')]: '0+9x100' },
      '80m',
      true,
    ],
    [
      'silence',
      'is silent at what the objective allows',
      { [objective()]: '0.8x100', [results('pass')]: '0+8x100', [results('fail')]: '0+2x100' },
      '80m',
      false,
    ],
    [
      'silence',
      'is silent when few items were judged, bad as they are',
      { [objective()]: '0.97x100', [results('pass')]: '0+0.1x100', [results('fail')]: '0+0.5x100' },
      '80m',
      false,
    ],
    [
      'silence',
      'is silent once the short window is clean',
      { [objective()]: '0.97x500', [results('pass')]: '0+5x500', [results('fail')]: '0+5x60 300x440' },
      '110m',
      false,
    ],
    [
      'silence',
      'is silent without an objective',
      { [results('pass')]: '0+5x100', [results('fail')]: '0+5x100' },
      '80m',
      false,
    ],
    ['no_data', 'does not fire without data', { [objective()]: '0.97x100' }, '80m', false],
  ]),
  ...monitor('objective_burn_slow', 'PlumblineObjectiveBurnSlow', 'ticket', { ...AT, criterion: 'correct' }, [
    [
      'fire',
      'fires when a day runs at more than three times the allowed share',
      { [objective()]: '0.97x200', [results('pass')]: '0+85x200', [results('fail')]: '0+15x200' },
      '180m',
      true,
    ],
    [
      'silence',
      'is silent within the objective',
      { [objective()]: '0.97x200', [results('pass')]: '0+98x200', [results('fail')]: '0+2x200' },
      '180m',
      false,
    ],
    ['no_data', 'does not fire without data', { [build]: '1x200' }, '180m', false],
  ]),
  ...monitor('monitor_burn', 'PlumblineMonitorBurn', 'ticket', AT, [
    [
      'fire',
      'fires when every third record takes longer than it should',
      { [delay('60')]: '0+20x100', [delay('+Inf')]: '0+30x100' },
      '80m',
      true,
    ],
    [
      'silence',
      'is silent when nearly all are done in time',
      { [delay('60')]: '0+99x100', [delay('+Inf')]: '0+100x100' },
      '80m',
      false,
    ],
    [
      'silence',
      'is silent about a handful',
      { [delay('60')]: '0+0.1x100', [delay('+Inf')]: '0+0.5x100' },
      '80m',
      false,
    ],
    ['no_data', 'does not fire without data', { [build]: '1x100' }, '80m', false],
  ]),
];
