import type { BurnPair, MixinConfig } from '../config';
import { ruleQueries as q } from '../queries/metric';
import { INVALID, recorded, UNANSWERED } from '../rules/recording';
import type { RuleAlert } from './alert';
import { burnThreshold, monitorBurn, objectiveBurns } from './burn-alerts';

const SCOPE = ['namespace', 'monitor'] as const;
const JUDGE = [...SCOPE, 'judge'] as const;

/** Alerts on the monitor itself, by expressions over its own metrics. Throws for a burn rate that can never fire. */
export function monitorAlerts(config: MixinConfig): readonly RuleAlert[] {
  return [
    ...presence(config),
    ...flow(config),
    ...evidence(),
    ...judging(config),
    ...objectiveBurns(config),
    monitorBurn(config),
  ];
}

function presence({ targets, downFor }: MixinConfig): RuleAlert[] {
  return [
    {
      kind: 'instance_down',
      severity: 'page',
      summary: 'Plumbline does not answer its scrapes',
      board: 'plumbline-pipeline',
      // A role with one live pod is not down; a monitor that vanished from discovery has no `up` at all.
      expr: `max by (${SCOPE.join(', ')}, job) (up{${targets}}) == 0 or absent(${q.select('build_info')})`,
      for: downFor,
      keepFiringFor: '5m',
      description: 'No target of job {{ $labels.job }} answers (no job: no monitor is known at all).',
      runbook: {
        meaning:
          'Quality is not being watched. Nothing is lost while the source keeps its records: reading goes on at the last commit.',
        query: `up{${targets}}`,
        reading: '0: the process is down or unreachable. No line: service discovery does not know it.',
        next: [
          '`kubectl get pods,events` of the release, or the container’s log: the exit code says why (docs/errors.md).',
          'Exit 2: the configuration. Exit 3: a poisoned record, which the log names.',
        ],
        causes: [
          'A configuration that does not load.',
          'Out of memory.',
          'A NetworkPolicy without the scraper’s namespace.',
        ],
        silence: 'Silence by namespace and monitor for the length of the maintenance.',
      },
    },
    {
      kind: 'watchdog',
      severity: 'info',
      summary: 'Always firing: the way from rules to receivers works',
      board: 'plumbline-pipeline',
      expr: 'vector(1)',
      for: '0m',
      description: 'Route it to a service that pages when it stops.',
      runbook: {
        meaning: 'This alert always fires. Its absence at the receiver means that Prometheus or Alertmanager is down.',
        query: 'ALERTS{alertname="PlumblineWatchdog"}',
        reading: 'One line with value 1.',
        next: [
          'No line: are the rules loaded (`/rules`)?',
          'A line, but nothing received: look at Alertmanager’s notification log.',
        ],
        causes: ['Prometheus is down or its rules were not loaded.', 'The route or the receiver was changed.'],
        silence: 'Never silence it; remove the route instead.',
      },
    },
  ];
}

function flow({ deadLetters, stalledSeconds }: MixinConfig): RuleAlert[] {
  const last = q.max('last_progress_timestamp_seconds', SCOPE);
  const { ratio, rise, minRecords } = deadLetters;
  const now = recorded.deadLetterRatio('30m');
  const before = `avg_over_time(${recorded.deadLetterRatio('1d')}[1h] offset 1h)`;
  const enough = q.increase('records_total', SCOPE, { outcome: 'dead_lettered' }, '30m');
  return [
    {
      kind: 'consumer_stalled',
      severity: 'page',
      summary: 'The consumer stands still with {{ $value }} records waiting',
      board: 'plumbline-pipeline',
      expr: `${recorded.lag} > 0 and on (${SCOPE.join(', ')}) time() - ${last} > ${stalledSeconds}`,
      for: '2m',
      keepFiringFor: '5m',
      description: `Records wait and none was finished for ${stalledSeconds} s.`,
      runbook: {
        meaning: 'There is lag and no record is being finished. Nothing is lost until retention takes it.',
        query: `time() - ${last}`,
        reading: 'Seconds since the last finished record, per monitor.',
        next: [
          '`curl -s http://POD:9464/readyz` names what it waits for.',
          'Pipeline board: window full and judges slow, or nothing in flight at all?',
        ],
        causes: [
          'The schema registry or the ledger topic is not writable.',
          'Every judge times out and the window is full.',
          'A rebalance that never ends.',
        ],
        silence: 'Silence by monitor during maintenance of the cluster; watch the lag against the retention.',
      },
    },
    {
      kind: 'dead_letters_rise',
      severity: 'ticket',
      summary: '{{ $value | humanizePercentage }} of records are dead-lettered',
      board: 'plumbline-pipeline',
      expr: [
        `${now} > ${ratio}`,
        // Unless known: where there is no day before, the fixed share alone counts.
        `unless on (${SCOPE.join(', ')}) ${now} <= ${rise} * (${before})`,
        `and on (${SCOPE.join(', ')}) ${enough} > ${minRecords}`,
      ].join(' '),
      for: '5m',
      keepFiringFor: '10m',
      description: `More than ${ratio * 100} % over 30 minutes and more than ${rise} times the day before.`,
      runbook: {
        meaning:
          'Records cannot be read or mapped. They are counted and kept as dead letters; they are not in the estimates.',
        query: q.increase('dead_letters_total', ['reason'], {}, '1h'),
        reading: 'Dead letters of the last hour by reason; docs/errors.md says what each means.',
        next: [
          'Read the detail of some lines of the dead letter topic: it names the field.',
          'Ask the producer what was released.',
        ],
        causes: ['A producer changed its schema.', 'A schema that was not registered.', 'A new producer on the topic.'],
        silence: 'Silence by monitor until the producer is repaired, then replay the dead letters.',
      },
    },
  ];
}

function evidence(): RuleAlert[] {
  const stalled = q.max('evidence_store_stalled', SCOPE);
  return [
    {
      kind: 'evidence_stalled',
      severity: 'ticket',
      summary: 'The console’s evidence store takes nothing any more',
      board: 'plumbline-pipeline',
      expr: `${stalled} == 1`,
      for: '5m',
      keepFiringFor: '10m',
      description: 'Scoring, estimates and alerts go on; pages of the console show nothing newer than this.',
      runbook: {
        meaning:
          'Verdicts, sessions and alerts cannot be written to the evidence store. Nothing is lost: the topics have them, and reading goes on where it stopped.',
        query: stalled,
        reading: '1: every write fails just now. 0: the store takes what comes.',
        next: [
          'The log says why: `evidence cannot be stored`, with STORE_FULL or STORE_FAILED (docs/errors.md).',
          '`df -h` of the volume that `store.path` lies on; free it, or make it larger.',
          'STORE_FULL with room on the volume: `store.maxMegabytes` is reached faster than retention frees it; raise it, or lower `store.retainDays`.',
        ],
        causes: ['A full disk.', 'A store that outgrew `store.maxMegabytes`.', 'A volume that became read-only.'],
        silence: 'Silence by monitor until there is room; the store catches up by itself.',
      },
    },
  ];
}

function judging({ judgedRatio, judges }: MixinConfig): RuleAlert[] {
  const by = [...SCOPE, 'criterion'] as const;
  const sampled = { segment: 'all', result: ['pass', 'fail', 'unjudged'] };
  const burns = judgedRatio.burn.map((pair) => burn(pair, judgedRatio.objective));
  const longest = judgedRatio.burn[0]?.long ?? '6h';
  const calls = (window: string): string => q.increase('judge_requests_total', JUDGE, {}, window);
  return [
    {
      kind: 'judged_ratio_low',
      severity: 'ticket',
      summary: '{{ $value | humanizePercentage }} of sampled items of {{ $labels.criterion }} go unjudged',
      board: 'plumbline-judges',
      expr: `(${burns.join(' or ')}) and on (${by.join(', ')}) ${q.increase('criterion_results_total', by, sampled, longest)} > ${judgedRatio.minItems}`,
      for: '5m',
      keepFiringFor: '30m',
      description: `The objective of ${judgedRatio.objective * 100} % judged is being missed several times over, in a long and a short window.`,
      runbook: {
        meaning:
          'Too many sampled items get no score. They are never counted as a pass or a fail, but if what fails is not random, the estimate leans.',
        query: q.increase('unjudged_total', ['criterion', 'reason'], {}, '1h'),
        reading: 'Unjudged items of the last hour by reason; docs/errors.md says what each means.',
        next: [
          '`not_independent`: add a judge of another family.',
          '`timeout`, `rate_limited`, `error`: see judge_unavailable.',
          '`over_budget`: see judge_budget_limited.',
        ],
        causes: [
          'A provider outage or quota.',
          'A new producer model for which no independent panel exists.',
          'Context that no longer arrives.',
        ],
        silence: 'Silence kind and criterion while the provider is down.',
      },
    },
    {
      kind: 'judge_unavailable',
      severity: 'ticket',
      summary: 'Judge {{ $labels.judge }} does not answer {{ $value | humanizePercentage }} of calls',
      board: 'plumbline-judges',
      expr: `${recorded.unavailableRatio} > ${judges.unavailableRatio} and on (${JUDGE.join(', ')}) ${calls('15m')} > ${judges.minCalls}`,
      for: '5m',
      keepFiringFor: '10m',
      description: `Outcomes ${UNANSWERED.join(', ')} over 15 minutes.`,
      runbook: {
        meaning:
          'A judge times out, refuses for rate or fails. Its panel waits for a quorum or is replaced by the next one.',
        query: q.rate('judge_requests_total', ['judge', 'outcome'], {}, '15m'),
        reading: 'Calls per second by judge and outcome; all judges of one provider together mean the provider.',
        next: ['Look at the status page of the provider.', '`rate_limited`: lower `maxConcurrent` or `sampling.rate`.'],
        causes: ['An outage.', 'A spent quota or an expired key.', 'An egress rule.'],
        silence: 'Silence kind and judge until the provider is back.',
      },
    },
    {
      kind: 'judge_invalid_output',
      severity: 'ticket',
      summary: 'Answers of judge {{ $labels.judge }} cannot be read ({{ $value | humanizePercentage }})',
      board: 'plumbline-judges',
      expr: `${recorded.invalidRatio} > ${judges.invalidRatio} and on (${JUDGE.join(', ')}) ${calls('1h')} > ${judges.minCalls}`,
      for: '5m',
      keepFiringFor: '10m',
      description: `Outcomes ${INVALID.join(', ')} over one hour.`,
      runbook: {
        meaning: 'The judge answers, but not in the form that was asked for; such answers are never guessed at.',
        query: q.rate('judge_requests_total', ['judge', 'outcome'], { outcome: INVALID }, '1h'),
        reading: 'Unreadable and cut-off answers per second.',
        next: ['`truncated`: raise `maxOutputTokens`.', '`unreadable`: did the model or the gateway change?'],
        causes: [
          'The provider changed the model under its name.',
          'A gateway that drops the response format.',
          'Answers longer than the limit.',
        ],
        silence: 'Silence kind and judge until it is replaced.',
      },
    },
  ];
}

function burn({ long, short, factor }: BurnPair, objective: number): string {
  const threshold = burnThreshold(factor, objective, 'judgedRatio');
  const by = `on (${SCOPE.join(', ')}, criterion)`;
  return `(${recorded.unjudgedRatio(long)} > ${threshold} and ${by} ${recorded.unjudgedRatio(short)} > ${threshold})`;
}
