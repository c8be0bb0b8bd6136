import { ruleQueries as q } from '../queries/metric';
import type { AlertKind } from './alert';
import { CONTENT_ALERTS } from './engine-content-alerts';
import { JUDGE_ALERTS } from './engine-judge-alerts';

const SILENCE_SEGMENT =
  'Silence kind and segment together, for at most a day; other segments go on paging. If the new level is wanted, accept it in the monitor with a reason instead: a silence hides the next drop too.';

const scores = q.max('quality_estimate', ['segment', 'criterion']);

/** What users got: scores, checks and users' own behaviour. */
const QUALITY_ALERTS: readonly AlertKind[] = [
  {
    kind: 'incident',
    severity: 'page',
    summary: '{{ $labels.kind }} in {{ $labels.scope }}: several series changed together',
    board: 'plumbline-overview',
    runbook: {
      meaning:
        'Series that changed at about the same time form one incident; its scope is the most specific slice they share. It notifies once and its member alerts are inhibited.',
      query: q.max('incident_active', ['kind', 'scope', 'severity']),
      reading:
        'One line per incident with value 1. The scope says where to look: `all` points at the monitor’s judges or at every route at once.',
      next: [
        'Open the Investigation board with the kind and the scope.',
        'Compare the start of the change with releases and judge changes (annotations).',
      ],
      causes: [
        'A release, prompt or model change of the scope.',
        'A provider that fails over to another model.',
        'A judge that moved, when the scope is `all` and only one judge is involved.',
      ],
      silence:
        'Silence kind and scope together. Member alerts show up again when the incident’s alert ends, so do not delete the silence early.',
    },
  },
  {
    kind: 'score_regression',
    severity: 'page',
    summary: 'Score of {{ $labels.criterion }} fell in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'The unbiased mean score of a criterion fell below its baseline by more than the tolerance, and the judges were asked about the golden set before this left.',
      query: `sort(${scores})`,
      reading:
        'Lowest scores first. Compare the segment with its siblings: one low slice points at a release or route, all of them at a judge.',
      next: [
        'Segments board: before and after, with intervals.',
        'Judges board: did agreement or the golden set move at the same time?',
      ],
      causes: [
        'A release or prompt change (compare `release=` segments).',
        'Failover to a weaker model (compare `route=` and `model=` segments).',
        'Retrieval returns less: look at the criterion that needs context.',
      ],
      silence: SILENCE_SEGMENT,
    },
  },
  {
    kind: 'recovery_regression',
    severity: 'page',
    summary: 'Users recover less often after a bad turn in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'The share of sessions that end well after trouble fell below its baseline. No judge is involved: this is what users did.',
      query: q.min('recovery_ratio', ['segment']),
      reading: 'Compare the segment with `all`. No line means too few sessions, not zero.',
      next: [
        'Segments board, row Users: abandonment and hand-over beside recovery.',
        'Look whether the judges saw it too (judge_user_divergence).',
      ],
      causes: [
        'Answers got worse in a way the rubrics do not ask about.',
        'A change of the page or client around the assistant.',
        'The behaviour topic lost some of its events.',
      ],
      silence: SILENCE_SEGMENT,
    },
  },
  {
    kind: 'check_regression',
    severity: 'page',
    summary: 'A deterministic check fails more often in {{ $labels.segment }} ({{ $labels.criterion }})',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'The failure share of a check over all traffic rose above its baseline. Checks see every interaction, so this is no sampling noise.',
      query: `sort_desc(${q.rate('checks_total', ['check'], { result: 'fail', segment: 'all' }, '15m')})`,
      reading: 'Failures per second and check, worst first.',
      next: [
        'Segments board, row Checks: which slice carries it.',
        'Read two or three of the failing interactions in the verdicts topic.',
      ],
      causes: [
        'A schema or tool definition changed on one side only.',
        'A prompt change that breaks the format.',
        'A provider cuts answers off (check finish_reason, truncated).',
      ],
      silence: SILENCE_SEGMENT,
    },
  },
  {
    kind: 'engagement_regression',
    severity: 'ticket',
    summary: 'Users leave sooner or come back less in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning: 'Abandonment rose or return fell against the baseline. Slower and noisier than scores, hence a ticket.',
      query: q.max('abandonment_ratio', ['segment']),
      reading: 'Share of sessions left without an outcome, per segment.',
      next: [
        'Compare with the score of the same segment on the Segments board.',
        'Ask what else changed for users: price, page, campaign.',
      ],
      causes: [
        'Latency of the product.',
        'A marketing campaign brought other users (see traffic_mix_shift).',
        'Quality, when scores fell as well.',
      ],
      silence: SILENCE_SEGMENT,
    },
  },
  {
    kind: 'quality_dip_after_release',
    severity: 'ticket',
    summary: 'Score of {{ $labels.criterion }} dipped after a release in {{ $labels.segment }}',
    board: 'plumbline-investigation',
    runbook: {
      meaning: 'The first items of a release score lower than the release before it, by more than chance allows.',
      query: `sort(${q.max('quality_estimate', ['segment', 'criterion'])})`,
      reading: 'Find the two `release=` segments and compare them with their intervals on the board.',
      next: [
        'Investigation board with the release as segment.',
        'Hold the roll-out where the dip is in every criterion.',
      ],
      causes: ['The release itself.', 'Early users of a release differ from the rest: compare within one product.'],
      silence: 'Silence the one release segment until it is rolled back or accepted.',
    },
  },
  {
    kind: 'failover_quality',
    severity: 'ticket',
    summary: 'Answers of the failover route are worse in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'Interactions that were served by another route than planned score lower than those of the primary route.',
      query: q.max('quality_estimate', ['segment', 'criterion'], { segment: ['route=.*'] }),
      reading: 'One line per route and criterion.',
      next: [
        'Check how much traffic fails over and since when: `plumbline_failover_share_ratio` and `plumbline_failover_active`, `failovers` of `report.json`.',
        'Consider another fallback model.',
      ],
      causes: [
        'The provider of the primary model has an outage.',
        'Rate limits at peak hours.',
        'The prompt is tuned to the primary model only.',
      ],
      silence: SILENCE_SEGMENT,
    },
  },
  {
    kind: 'traffic_mix_shift',
    severity: 'ticket',
    summary: 'The mix of traffic changed ({{ $labels.segment }})',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'The shares of segments moved. A change of the overall mean may be the mix alone. Where the criterion ends in `:kept_less` or `:kept_more`, it is the share of items that the cheap stage is sure of that left the operating point of `cascade.tuned`: more is escalated, and paid for, than was tuned; or less, and the guarantee on what is kept no longer holds.',
      query: q.rate('criterion_results_total', ['segment'], { segment: { not: ['all'] } }, '15m'),
      reading: 'Items per second and segment; compare with the same hour yesterday.',
      next: [
        'Judge single segments instead of `all` until the mix is steady.',
        'Tell product owners: it is often planned.',
        'For an operating point: `plumbline golden status` tells whether the cheap judge moved. If it did not, the traffic did; either way run `plumbline tune` on new labels.',
      ],
      causes: [
        'A market or feature was launched or closed.',
        'A producer stopped or doubled its records.',
        'Bots.',
        'Of an operating point: questions became harder or easier, or the cheap judge is another version.',
      ],
      silence: 'Silence the kind for the length of a planned campaign.',
    },
  },
  {
    kind: 'traffic_absent',
    severity: 'info',
    summary: 'No traffic in {{ $labels.segment }}, though there should be some',
    board: 'plumbline-pipeline',
    runbook: {
      meaning:
        'A segment that usually has traffic at this hour has none. The monitor works; there is nothing to judge.',
      query: q.rate('records_total', ['outcome'], {}, '15m'),
      reading: 'Records per second by outcome. All zero: look at the source. Some: only this segment is quiet.',
      next: ['Check the producer of the segment.', 'Check filters and the mapping if the segment was renamed.'],
      causes: [
        'The product is down.',
        'The producer writes to another topic.',
        'A holiday the calendar does not know.',
      ],
      silence: 'Silence the segment for as long as it is switched off.',
    },
  },
];

/** One entry per kind that the engine decides; what it decided arrives as `alert_active`. */
export const ENGINE_ALERTS: readonly AlertKind[] = [...QUALITY_ALERTS, ...CONTENT_ALERTS, ...JUDGE_ALERTS];
