import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import type { BehaviourRecord, OutcomeItem, OutcomeRecord } from '../domain/ledger-record';
import type { SegmentKey } from '../domain/segment';
import type { JudgeCallEvent, JudgeCallListener } from '../judge/cascade-port';
import type { PipelineListener } from '../pipeline/ports';
import type { Clock } from '../platform/clock';
import { alertMetrics, clearAlerts, createAlertTables, fillAlerts } from './alert-metrics';
import { createAnswerMetrics } from './answer-metrics';
import { renderCells } from './cell-page';
import type { CellMetric } from './cell-page';
import { CellTable } from './cells';
import { toClassicText } from './classic-text';
import { clearFold, createFoldTables, fillFold } from './fold-metrics';
import type { WatchSnapshot } from './fold-metrics';
import { goldenMetrics } from './golden-metrics';
import { toLabelValue } from './label-guard';
import { METRIC_CATALOGUE, METRIC_PREFIX, metricName, PROCESS_METRICS } from './metric-catalogue';
import type { MetricKey } from './metric-catalogue';
import { ALL_SEGMENTS, createTrafficMetrics } from './traffic-metrics';
import type { TrafficMetrics } from './traffic-metrics';

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

export interface RenderedMetrics {
  readonly contentType: string;
  readonly body: string;
}

export interface MetricsTotals {
  readonly recordsDone: number;
  readonly judgeCalls: number;
  readonly judgeCostUsd: number;
}

export interface Metrics {
  readonly pipelineListener: PipelineListener;
  readonly onJudgeCall: JudgeCallListener;
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

/** What became of a configuration that was read while running. */
export const RELOAD_RESULTS = ['ok', 'unchanged', 'invalid', 'needs_restart', 'too_many_resets'] as const;
export type ReloadResult = (typeof RELOAD_RESULTS)[number];

const CACHE_MS = 1000;
/** Series whose distance from their threshold is told; the nearest. */
const ALERT_RATIOS = 200;
const TRACE_ID = /^[0-9a-f]{32}$/;
const VERDICT_ID = /^[A-Za-z0-9-]{1,40}$/;

type OwnRegistry = Registry<OpenMetricsContentType>;

/** The metrics of one process, in a registry of their own. */
export function createMetrics(setup: MetricsSetup): Metrics {
  const registry: OwnRegistry = new Registry<OpenMetricsContentType>();
  // Before the first metric: the library drops exemplars otherwise.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const { clock, maxSegments, foldHere = true, segmentsOf = () => [ALL_SEGMENTS] } = setup;
  const traffic = createTrafficMetrics({ maxSegments, segmentsOf, foldHere });
  const fold = createFoldTables();
  const alerts = createAlertTables();
  const gauges = createGaugeTables(setup);
  const cells = [...cellMetrics(traffic, fold, gauges), ...alertMetrics(alerts)];
  const histograms = createHistograms(registry);
  if (setup.processMetrics ?? true) registerProcessMetrics(registry);

  const estimateOverflow = traffic.tables.overflow.at('segment');
  const progress = gauges.progress.at();
  const inflightBytes = gauges.inflightBytes.at();
  const inflightRecords = gauges.inflightRecords.at();
  const renderSeconds = gauges.renderSeconds.at();
  /** Written out when a page is made: snapshots come more often than readers. */
  let published: WatchSnapshot | null = null;
  const renderPage = async (): Promise<string> => {
    if (published !== null) {
      estimateOverflow.add(fillFold(fold, published, maxSegments));
      fillAlerts(alerts, published, ALERT_RATIOS);
    }
    published = null;
    return `${renderCells(cells)}${await registry.metrics()}`;
  };
  const totals = { recordsDone: 0, judgeCalls: 0, judgeCostUsd: 0 };

  const recordDone: PipelineListener['recordDone'] = (record, verdict, delayMs, traceId) => {
    totals.recordsDone += 1;
    progress.value = clock.now() / 1000;
    const exemplar = exemplarOf(record, traceId);
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
    answers: traffic.tables.answers,
    guard: (producer) => traffic.guard('producer', producer),
    ttft: histograms.ttft,
    perToken: histograms.perToken,
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
    publishWatch: (snapshot) => (published = snapshot),
    withdrawWatch: () => {
      published = null;
      clearFold(fold);
      clearAlerts(alerts);
    },
    onReload: (result) => gauges.configReloads.at(result).add(1),
    setConfig: (hash, objectives) => fillConfig(gauges, hash, objectives),
    setLag: (lags) => {
      gauges.lag.clear();
      for (const { topic, partition, lagRecords } of lags) {
        gauges.lag.at(toLabelValue(topic), String(partition)).value = lagRecords;
      }
    },
    setReviewQueue: (waiting) => (gauges.reviewQueue.at().value = waiting),
    setStoreStalled: (stalled) => (gauges.storeStalled.at().value = stalled ? 1 : 0),
    render: createRenderer(clock, renderPage, (seconds) => (renderSeconds.value = seconds)),
    totals: () => ({ ...totals }),
  };
}

interface GaugeTables {
  readonly lag: CellTable;
  readonly reviewQueue: CellTable;
  readonly storeStalled: CellTable;
  readonly inflightBytes: CellTable;
  readonly inflightRecords: CellTable;
  readonly progress: CellTable;
  readonly renderSeconds: CellTable;
  readonly configInfo: CellTable;
  readonly objectives: CellTable;
  readonly configReloads: CellTable;
  readonly buildInfo: CellTable;
}

function createGaugeTables({ configHash, objectives = {}, version }: MetricsSetup): GaugeTables {
  const table = (key: MetricKey): CellTable => new CellTable(METRIC_CATALOGUE[key].labels);
  const tables = {
    lag: table('consumer_lag'),
    reviewQueue: table('review_queue_depth'),
    storeStalled: table('evidence_store_stalled'),
    inflightBytes: table('inflight_bytes'),
    inflightRecords: table('inflight_records'),
    progress: table('last_progress_timestamp_seconds'),
    renderSeconds: table('scrape_render_seconds'),
    configInfo: table('config_info'),
    objectives: table('quality_objective'),
    configReloads: table('config_reload_total'),
    buildInfo: table('build_info'),
  };
  tables.renderSeconds.at();
  for (const result of RELOAD_RESULTS) tables.configReloads.at(result);
  fillConfig(tables, configHash, objectives);
  tables.buildInfo.at(toLabelValue(version)).value = 1;
  return tables;
}

function fillConfig(
  { configInfo, objectives: table }: GaugeTables,
  hash: string,
  objectives: Readonly<Record<string, number>>,
): void {
  configInfo.clear();
  configInfo.at(toLabelValue(hash)).value = 1;
  table.clear();
  for (const [criterion, objective] of Object.entries(objectives)) table.at(toLabelValue(criterion)).value = objective;
}

function cellMetrics(
  { tables }: TrafficMetrics,
  fold: ReturnType<typeof createFoldTables>,
  gauges: GaugeTables,
): readonly CellMetric[] {
  return [
    // One of the two tables is empty, except for criteria: the whole stream from the fold, its slices from traffic.
    ['records_total', fold.records, tables.records],
    ['criterion_results_total', fold.criteria, tables.criteria],
    ['unjudged_total', fold.unjudged, tables.unjudged],
    ['cascade_escalations_total', fold.escalations, tables.escalations],
    ...goldenMetrics(fold),
    ['checks_total', tables.checks],
    ['answers_total', tables.answers],
    ['injection_suspected_total', tables.injections],
    ['judge_requests_total', tables.judgeRequests],
    ['judge_cost_usd_total', tables.judgeCost],
    ['judge_tokens_total', tables.judgeTokens],
    ['judge_outlier_total', tables.judgeOutliers],
    ['dead_letters_total', tables.deadLetters],
    ['dead_letters_replayed_total', fold.replays],
    ['conversations_unknown_total', tables.unknownConversations],
    ['redactions_total', tables.redactions],
    ['label_overflow_total', tables.overflow],
    ['quality_estimate', fold.estimate],
    ['quality_lower', fold.lower],
    ['quality_upper', fold.upper],
    ['quality_objective', gauges.objectives],
    ['quality_cheap_mean', fold.cheapMean],
    ['quality_escalated_mean', fold.escalatedMean],
    ['judged_ratio', fold.judgedRatio],
    ['session_outcomes_total', fold.sessionOutcomes],
    ['recovery_ratio', fold.recovery],
    ['recovery_ratio_lower', fold.recoveryLower],
    ['recovery_ratio_upper', fold.recoveryUpper],
    ['abandonment_ratio', fold.abandonment],
    ['abandonment_ratio_lower', fold.abandonmentLower],
    ['abandonment_ratio_upper', fold.abandonmentUpper],
    ['handoff_ratio', fold.handoff],
    ['handoff_ratio_lower', fold.handoffLower],
    ['handoff_ratio_upper', fold.handoffUpper],
    ['return_ratio', fold.returns],
    ['return_ratio_lower', fold.returnsLower],
    ['return_ratio_upper', fold.returnsUpper],
    ['over_reliance_ratio', fold.overReliance],
    ['over_reliance_ratio_lower', fold.overRelianceLower],
    ['over_reliance_ratio_upper', fold.overRelianceUpper],
    ['under_reliance_ratio', fold.underReliance],
    ['under_reliance_ratio_lower', fold.underRelianceLower],
    ['under_reliance_ratio_upper', fold.underRelianceUpper],
    ['team_gain_ratio', fold.teamGain],
    ['team_gain_ratio_lower', fold.teamGainLower],
    ['team_gain_ratio_upper', fold.teamGainUpper],
    ['sessions_open', fold.sessionsOpen],
    ['session_records_total', fold.sessionRecords],
    ['judge_budget_remaining_ratio', fold.budgetRemaining],
    ['degradation_mode', fold.degradation],
    ['consumer_lag', gauges.lag],
    ['review_queue_depth', gauges.reviewQueue],
    ['evidence_store_stalled', gauges.storeStalled],
    ['inflight_bytes', gauges.inflightBytes],
    ['inflight_records', gauges.inflightRecords],
    ['last_progress_timestamp_seconds', gauges.progress],
    ['scrape_render_seconds', gauges.renderSeconds],
    ['config_info', gauges.configInfo],
    ['config_reload_total', gauges.configReloads],
    ['build_info', gauges.buildInfo],
  ];
}

type Exemplar = Readonly<Record<string, string>>;

type ScoreLabels = Readonly<Record<'cheap' | 'ensemble' | 'own', Record<string, string>>>;

interface Histograms {
  delay(seconds: number, exemplar: Exemplar): void;
  scores(criterion: string, one: OutcomeItem['criteria'][number], exemplar: Exemplar): void;
  call(judge: string, seconds: number): void;
  readonly ttft: (labels: Record<'producer' | 'route', string>, seconds: number) => void;
  readonly perToken: (labels: Record<'producer' | 'route', string>, seconds: number) => void;
}

function createHistograms(registry: OwnRegistry): Histograms {
  const histogram = (
    key:
      | 'processing_delay_seconds'
      | 'score'
      | 'ensemble_disagreement'
      | 'judge_request_duration_seconds'
      | 'answer_ttft_seconds'
      | 'answer_token_seconds',
  ) => {
    const { help, labels, buckets } = METRIC_CATALOGUE[key];
    const metric = new Histogram<string>({
      name: metricName(key),
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [registry],
      enableExemplars: true,
    });
    return (own: Record<string, string>, value: number, exemplarLabels: Exemplar): void => {
      // The library throws on what is not finite, and a broken clock must not stop the pipeline.
      if (Number.isFinite(value)) metric.observe({ labels: own, value, exemplarLabels });
    };
  };
  const delay = histogram('processing_delay_seconds');
  const score = histogram('score');
  const disagreement = histogram('ensemble_disagreement');
  const call = histogram('judge_request_duration_seconds');
  const ttft = histogram('answer_ttft_seconds');
  const perToken = histogram('answer_token_seconds');
  const none = {};
  const labelSets = new Map<string, ScoreLabels>();
  const labelsOf = (criterion: string): ScoreLabels => {
    let labels = labelSets.get(criterion);
    if (labels === undefined) {
      labels = { cheap: { criterion, stage: 'cheap' }, ensemble: { criterion, stage: 'ensemble' }, own: { criterion } };
      labelSets.set(criterion, labels);
    }
    return labels;
  };
  return {
    delay: (seconds, exemplar) => delay(none, Math.max(0, seconds), exemplar),
    scores: (criterion, one, exemplar) => {
      const labels = labelsOf(criterion);
      if (one.cheapScore !== null) score(labels.cheap, one.cheapScore, exemplar);
      if (one.ensembleScore !== null) score(labels.ensemble, one.ensembleScore, exemplar);
      if (one.disagreement !== null) disagreement(labels.own, one.disagreement, exemplar);
    },
    call: (judge, seconds) => call({ judge }, Math.max(0, seconds), none),
    ttft: (labels, seconds) => ttft(labels, Math.max(0, seconds), none),
    perToken: (labels, seconds) => perToken(labels, seconds, none),
  };
}

const NO_EXEMPLAR: Exemplar = {};

/** At most 87 of the 128 characters that OpenMetrics allows. */
function exemplarOf(record: OutcomeRecord | BehaviourRecord, traceId: string | null): Exemplar {
  if (traceId === null || !TRACE_ID.test(traceId)) return NO_EXEMPLAR;
  const verdictId = record.kind === 'outcome' ? record.item?.verdictId : undefined;
  return verdictId !== undefined && VERDICT_ID.test(verdictId)
    ? { trace_id: traceId, verdict_id: verdictId }
    : { trace_id: traceId };
}

function registerProcessMetrics(registry: OwnRegistry): void {
  collectDefaultMetrics({ register: registry, prefix: METRIC_PREFIX });
  const kept = new Set<string>(PROCESS_METRICS.map((name) => `${METRIC_PREFIX}${name}`));
  const own = new Set<string>(Object.keys(METRIC_CATALOGUE).map((key) => `${METRIC_PREFIX}${key}`));
  for (const { name } of registry.getMetricsAsArray()) {
    if (!kept.has(name) && !own.has(name)) registry.removeSingleMetric(name);
  }
}

function createRenderer(
  clock: Clock,
  renderPage: () => Promise<string>,
  onRendered: (seconds: number) => void,
): (accept?: string) => Promise<RenderedMetrics> {
  let page: Promise<string> | null = null;
  let renderedAt = -Infinity;
  const openMetrics = (): Promise<string> => {
    const now = clock.monotonicMs();
    if (page === null || now - renderedAt >= CACHE_MS) {
      renderedAt = now;
      page = renderPage();
      page.then(
        () => onRendered((clock.monotonicMs() - now) / 1000),
        () => (page = null),
      );
    }
    return page;
  };
  return async (accept = 'application/openmetrics-text') => {
    const body = await openMetrics();
    return accept.includes('application/openmetrics-text')
      ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body }
      : { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: toClassicText(body) };
  };
}
