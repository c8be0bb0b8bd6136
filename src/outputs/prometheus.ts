import type { BehaviourRecord, OutcomeItem, OutcomeRecord } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { JudgeCallEvent, JudgeCallListener } from '../judge/cascade-port';
import type { PipelineListener } from '../pipeline/ports';
import type { Clock } from '../platform/clock';
import { createAlertTables, fillAlerts } from './alert-metrics';
import { createAnswerMetrics } from './answer-metrics';
import { clearTables } from './cells';
import { createFoldTables, fillFold } from './fold-metrics';
import type { WatchSnapshot } from './fold-metrics';
import type { Exemplar } from './histogram-cells';
import { createHistograms } from './histograms';
import { toLabelValue } from './label-guard';
import { createRenderer, renderCatalogue, type RenderedMetrics } from './page';
import { createGaugeTables, createProcessMetrics, fillConfig, type ReloadResult } from './process-gauges';
import { ALL_SEGMENTS, createTrafficMetrics } from './traffic-metrics';

export interface MetricsSetup {
  readonly version: string;
  readonly configHash: string;
  /** Objective by criterion; default none. */
  readonly objectives?: Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly maxSegments: number;
  /** The segments an item counts for, the whole stream included; by default only the whole stream. */
  readonly segmentsOf?: (item: OutcomeItem) => readonly SegmentKey[];
  /**
   * True (default) when this process also folds the ledger: the whole stream's figures then come from `publishWatch`
   * alone, exact and steady over restarts. False: they are counted as records pass.
   */
  readonly foldHere?: boolean;
  /** Memory, CPU, event loop lag. Default true; tests switch it off, since its timers outlive the registry. */
  readonly processMetrics?: boolean;
}

export interface MetricsTotals {
  readonly recordsDone: number;
  readonly judgeCalls: number;
  readonly judgeCostUsd: number;
}

export interface Metrics {
  readonly pipelineListener: PipelineListener;
  readonly onJudgeCall: JudgeCallListener;
  /** Pairs of answers judged in both orders, by criterion and by judge. */
  onPairs(by: 'criterion' | 'judge', name: string, result: string, pairs: number): void;
  /** Replaces all figures that come from the fold. */
  publishWatch(snapshot: WatchSnapshot): void;
  /** Removes them, when the ledger has gone to another owner. */
  withdrawWatch(): void;
  onReload(result: ReloadResult): void;
  /** The configuration in force, by its hash, and its objectives by criterion. */
  setConfig(hash: string, objectives: Readonly<Record<string, number>>): void;
  /** The lag of every partition of this process; partitions left out are removed. */
  setLag(lags: readonly { readonly topic: string; readonly partition: number; readonly lagRecords: number }[]): void;
  setReviewQueue(waiting: number): void;
  setStoreStalled(stalled: boolean): void;
  /** One page. Rendered at most once per second, whatever the number of readers. `accept` is the request's header. */
  render(accept?: string): Promise<RenderedMetrics>;
  totals(): MetricsTotals;
}

/** Series whose distance from their threshold is told; the nearest. */
const ALERT_RATIOS = 200;
const TRACE_ID = /^[0-9a-f]{32}$/;
const VERDICT_ID = /^[A-Za-z0-9-]{1,40}$/;

/** The metrics of one process, in a registry of their own. */
export function createMetrics(setup: MetricsSetup): Metrics {
  const { clock, maxSegments, foldHere = true, segmentsOf = () => [ALL_SEGMENTS] } = setup;
  const traffic = createTrafficMetrics({ maxSegments, segmentsOf, foldHere });
  const fold = createFoldTables();
  const alerts = createAlertTables();
  const gauges = createGaugeTables(setup);
  const histograms = createHistograms();
  const processMetrics = (setup.processMetrics ?? true) ? createProcessMetrics() : () => '';

  const estimateOverflow = traffic.tables.label_overflow_total.at('segment');
  const progress = gauges.last_progress_timestamp_seconds.at();
  const inflightBytes = gauges.inflight_bytes.at();
  const inflightRecords = gauges.inflight_records.at();
  const renderSeconds = gauges.scrape_render_seconds.at();
  /** Written out when a page is made: snapshots come more often than readers. */
  let published: WatchSnapshot | null = null;
  const renderPage = async (): Promise<string> => {
    if (published !== null) {
      estimateOverflow.add(fillFold(fold, published, maxSegments));
      fillAlerts(alerts, published, ALERT_RATIOS);
    }
    published = null;
    // The fold gives the whole stream, traffic its slices: of the same metric.
    const own = renderCatalogue([fold, alerts, traffic.tables, gauges], histograms.tables);
    return `${own}${await processMetrics()}# EOF\n`;
  };
  const totals = { recordsDone: 0, judgeCalls: 0, judgeCostUsd: 0 };

  const recordDone: PipelineListener['recordDone'] = (record, verdict, delayMs, traceId) => {
    totals.recordsDone += 1;
    progress.value = clock.now() / 1000;
    const exemplar = exemplarOf(record, traceId, clock);
    histograms.delay(delayMs / 1000, exemplar);
    if (record.kind === 'behaviour') {
      traffic.countRecord('behaviour', null);
      return;
    }
    traffic.countRecord(record.outcome, record.deadLetterReason);
    if (verdict !== null) for (const { kind, count } of verdict.redactions) traffic.countRedactions(kind, count);
    // A duplicate carries the item again; its checks and scores were counted with the first.
    if (record.item === null || record.outcome === 'duplicate') return;
    traffic.countItem(record.item);
    if (verdict !== null) traffic.countOutliers(verdict);
    const suspicion = verdict?.checks.find(({ check, result }) => check === 'injection' && result === 'fail');
    if (suspicion !== undefined) traffic.countInjection(suspicion.detail);
    for (const one of record.item.criteria) {
      if (one.cheapScore === null && one.ensembleScore === null) continue;
      histograms.scores(traffic.guard('criterion', one.criterion), one, exemplar);
    }
  };
  const answered = createAnswerMetrics({
    answers: traffic.tables.answers_total,
    guard: (producer) => traffic.guard('producer', producer),
    ttft: histograms.tables.answer_ttft_seconds,
    perToken: histograms.tables.answer_token_seconds,
  });
  const onJudgeCall = (event: JudgeCallEvent): void => {
    totals.judgeCalls += 1;
    totals.judgeCostUsd += event.costUsd;
    traffic.countCall(event);
    histograms.call(traffic.guard('judge', event.judge), event.ms / 1000);
  };
  return {
    pipelineListener: {
      recordDone,
      answered,
      inflight: (bytes, records) => {
        inflightBytes.value = bytes;
        inflightRecords.value = records;
      },
    },
    onJudgeCall,
    onPairs: (by, name, result, pairs) => traffic.countPairs(by, name, result, pairs),
    publishWatch: (snapshot) => (published = snapshot),
    withdrawWatch: () => {
      published = null;
      clearTables(fold);
      clearTables(alerts);
    },
    onReload: (result) => gauges.config_reload_total.at(result).add(1),
    setConfig: (hash, objectives) => fillConfig(gauges, hash, objectives),
    setLag: (lags) => {
      gauges.consumer_lag.clear();
      for (const { topic, partition, lagRecords } of lags) {
        gauges.consumer_lag.at(toLabelValue(topic), String(partition)).value = lagRecords;
      }
    },
    setReviewQueue: (waiting) => (gauges.review_queue_depth.at().value = waiting),
    setStoreStalled: (stalled) => (gauges.evidence_store_stalled.at().value = stalled ? 1 : 0),
    render: createRenderer(clock, renderPage, (seconds) => (renderSeconds.value = seconds)),
    totals: () => ({ ...totals }),
  };
}

/** At most 87 of the 128 characters that OpenMetrics allows; null without a well-formed trace. */
function exemplarOf(record: OutcomeRecord | BehaviourRecord, traceId: string | null, clock: Clock): Exemplar | null {
  if (traceId === null || !TRACE_ID.test(traceId)) return null;
  const verdictId = record.kind === 'outcome' ? record.item?.verdictId : undefined;
  const verdict = verdictId !== undefined && VERDICT_ID.test(verdictId) ? `,verdict_id="${verdictId}"` : '';
  return { labels: `{trace_id="${traceId}"${verdict}}`, seconds: clock.now() / 1000 };
}
