import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatNumber, formatTable } from '../../src/cli/format';
import { printReport } from '../../src/cli/print-report';
import { createFileDecoder } from '../../src/compose/inputs';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import type { RunReport } from '../../src/compose/replay/run-report';
import type { Interaction } from '../../src/domain/interaction';
import { normaliseForJudge } from '../../src/judge/normalise';
import { createRedactor } from '../../src/privacy/redactor';
import { recordedModel, type RecordedRow, startRecordedJudges } from '../../test/support/recorded-judges';
import { runCli } from '../../test/support/run-cli';
import { type KafkaReplay, replayThroughKafka } from './kafka-replay';
import { auditConfig, cascadeConfig, judgeName, recordedJudgesOf } from './recorded-config';
import { differingVerdicts, type WrittenVerdict } from './verdict-projection';

/** Which broker the rows go through: one of our own, a running one, or none and why. */
export type ReplayBroker =
  | { readonly kind: 'own' }
  | { readonly kind: 'running'; readonly brokers: readonly string[] }
  | { readonly kind: 'none'; readonly why: string };

/** What `eval:replay` prints and its last line; see the script. */
export interface ReplayEvaluation {
  readonly text: string;
  readonly figures: ReplayFigures;
}

export interface ReplayFigures {
  readonly rows: number;
  readonly records: RunReport['records'];
  readonly criteria: RunReport['criteria'];
  readonly escalations: RunReport['escalations'];
  readonly judge_calls: number;
  readonly agreement: RunReport['agreement'];
  readonly unreadable: number;
  readonly null_recorded: number;
  readonly unreadable_equals_null_for_every_judge: boolean;
  readonly null_scored: number;
  readonly unknown_requests: number;
  readonly lost: number;
  readonly kafka_equal: boolean | null;
  readonly kafka_lag: number | null;
  readonly kafka_exit: number | null;
  readonly why?: string;
}

/** Recorded rows through `replay`, every recorded judge counted, and the same rows through a broker. */
export async function evaluateReplay(
  path: string,
  rows: readonly RecordedRow[],
  broker: ReplayBroker,
): Promise<ReplayEvaluation> {
  const directory = await mkdtemp(join(tmpdir(), 'plumbline-eval-'));
  const judges = await startRecordedJudges(rows, asJudgesSeeIt());
  try {
    const cascade = await replay(path, cascadeConfig(judges.baseUrl), join(directory, 'cascade'));
    const audit = await replay(path, auditConfig(judges.baseUrl, rows), join(directory, 'audit'));
    const counts = countUnreadable(rows, audit.verdicts);
    const kafka = await throughKafka(rows, cascadeConfig(judges.baseUrl), judges.baseUrl, broker);
    const differing = kafka.result === null ? null : differingVerdicts(cascade.verdicts, kafka.result.verdicts);
    const unreadable = sum(counts.map((count) => count.unreadable));
    const recordedNull = sum(counts.map((count) => count.recordedNull));
    const figures: ReplayFigures = {
      rows: rows.length,
      records: cascade.report.records,
      criteria: cascade.report.criteria,
      escalations: cascade.report.escalations,
      judge_calls: cascade.report.judge_calls,
      agreement: cascade.report.agreement,
      unreadable,
      null_recorded: recordedNull,
      unreadable_equals_null_for_every_judge: counts.every((count) => count.unreadable === count.recordedNull),
      null_scored: sum(counts.map((count) => count.nullScored)),
      unknown_requests: judges.unknown(),
      lost: rows.length - cascade.verdicts.length,
      kafka_equal: differing === null ? null : differing.length === 0,
      kafka_lag: kafka.result?.lagRecords ?? null,
      kafka_exit: kafka.result?.exitCode ?? null,
      ...(kafka.why === null ? {} : { why: kafka.why }),
    };
    const text = [
      printReport(cascade.report),
      formatTable([
        ['judge and prompt', 'verdicts', 'recorded null', 'unreadable', 'null but scored'],
        ...counts.map((count) => [
          count.name,
          ...[count.verdicts, count.recordedNull, count.unreadable, count.nullScored].map(String),
        ]),
      ]),
      `unreadable ${unreadable}, recorded null ${recordedNull}, rows without a verdict ${figures.lost}`,
      kafka.result === null
        ? `broker part skipped: ${kafka.why}`
        : `real broker: ${kafka.result.verdicts.length} verdicts, ${differing?.length} differ from the file replay, lag ${kafka.result.lagRecords}, exit code after SIGTERM ${kafka.result.exitCode}`,
      `accuracy ${formatNumber(figures.agreement?.accuracy ?? null)}, kappa ${formatNumber(figures.agreement?.kappa ?? null)}`,
    ].join('\n');
    return { text, figures };
  } finally {
    await judges.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What becomes of an answer on its way to a judge, so that its row can be found again. */
function asJudgesSeeIt(): (answer: string) => string {
  const loaded = loadMonitorConfig({ text: { name: 'seen', text: cascadeConfig('http://127.0.0.1:9/v1') }, env: {} });
  if (!loaded.ok) throw new Error(`the configuration of the replay: ${JSON.stringify(loaded.error)}`);
  const { privacy, cascade } = loaded.value.config;
  const redactor = createRedactor(privacy);
  return (answer) => normaliseForJudge(redactor.redactText(answer), cascade.inputBudgetChars);
}

interface Replayed {
  readonly report: RunReport;
  readonly verdicts: readonly WrittenVerdict[];
}

async function replay(input: string, config: string, out: string): Promise<Replayed> {
  const configPath = `${out}.yaml`;
  await writeFile(configPath, config);
  const { code, stdout, stderr } = await runCli([
    'replay',
    '--input',
    input,
    '--config',
    configPath,
    '--out',
    out,
    '--json',
  ]);
  if (code !== 0) throw new Error(`replay ended with ${code}: ${stderr}`);
  const lines = (await readFile(join(out, 'verdicts.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  return { report: JSON.parse(stdout) as RunReport, verdicts: lines.map((line) => JSON.parse(line) as WrittenVerdict) };
}

interface JudgeCount {
  readonly name: string;
  readonly verdicts: number;
  readonly recordedNull: number;
  readonly unreadable: number;
  /** Recorded as null and scored all the same; must be 0. */
  readonly nullScored: number;
}

interface WrittenAnswer {
  readonly judge: string;
  readonly outcome: string;
}

function countUnreadable(rows: readonly RecordedRow[], verdicts: readonly WrittenVerdict[]): JudgeCount[] {
  const byId = new Map(verdicts.map((verdict) => [verdict.interaction_id, verdict]));
  const outcomes = (row: RecordedRow, name: string): string | undefined => {
    const criteria = byId.get(row.item_id)?.['criteria'] as
      readonly { readonly cheap: readonly WrittenAnswer[] }[] | undefined;
    return criteria?.[0]?.cheap.find(({ judge }) => judge === name)?.outcome;
  };
  return recordedJudgesOf(rows).map((judge) => {
    const name = judgeName(judge);
    const count = { name, verdicts: 0, recordedNull: 0, unreadable: 0, nullScored: 0 };
    for (const row of rows) {
      const recorded = row.verdicts.find((verdict) => recordedModel(verdict) === recordedModel(judge));
      if (recorded === undefined) continue;
      const outcome = outcomes(row, name);
      if (outcome !== undefined) count.verdicts++;
      if (recorded.parsed === null) count.recordedNull++;
      if (outcome === 'unreadable') count.unreadable++;
      if (recorded.parsed === null && outcome === 'scored') count.nullScored++;
    }
    return count;
  });
}

async function throughKafka(
  rows: readonly RecordedRow[],
  config: string,
  judgesUrl: string,
  broker: ReplayBroker,
): Promise<{ result: KafkaReplay | null; why: string | null }> {
  if (broker.kind === 'none') return { result: null, why: broker.why };
  const brokers = broker.kind === 'running' ? broker.brokers : null;
  return { result: await replayThroughKafka(mapRows(rows, config), judgesUrl, brokers), why: null };
}

/** The rows as interactions, by the mapping of the file replay. */
function mapRows(rows: readonly RecordedRow[], config: string): Interaction[] {
  const loaded = loadMonitorConfig({ text: { name: 'mapping', text: config }, env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const { topics } = loaded.value.config.source;
  const decoder = createFileDecoder(loaded.value.config);
  return rows.map((row) => {
    const value = Buffer.from(JSON.stringify(row));
    const decoded = decoder.decode({ topic: topics.interactions, value, headers: {} });
    if (decoded instanceof Promise || !decoded.ok || decoded.value.kind !== 'interaction') {
      throw new Error(`row ${row.item_id} cannot be mapped`);
    }
    return decoded.value.interaction;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
