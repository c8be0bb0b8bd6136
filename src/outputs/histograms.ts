import type { OutcomeCriterion } from '../domain/ledger-record';
import { createHistogramTable, type Exemplar, type HistogramKey } from './histogram-cells';

const HISTOGRAMS = [
  'processing_delay_seconds',
  'score',
  'ensemble_disagreement',
  'judge_request_duration_seconds',
  'answer_ttft_seconds',
  'answer_token_seconds',
] as const satisfies readonly HistogramKey[];

type HistogramTables = Readonly<Record<HistogramKey, ReturnType<typeof createHistogramTable>>>;

export interface Histograms {
  readonly tables: HistogramTables;
  /** Labels are sanitised and capped by the caller. Seconds below zero count as zero. */
  delay(seconds: number, exemplar: Exemplar | null): void;
  scores(criterion: string, one: OutcomeCriterion, exemplar: Exemplar | null): void;
  call(judge: string, seconds: number): void;
}

export function createHistograms(): Histograms {
  const tables = Object.fromEntries(HISTOGRAMS.map((key) => [key, createHistogramTable(key)])) as HistogramTables;
  const delay = tables.processing_delay_seconds.at();
  return {
    tables,
    delay: (seconds, exemplar) => delay.observe(Math.max(0, seconds), exemplar),
    scores(criterion, { cheapScore, ensembleScore, disagreement }, exemplar) {
      // No set is made of what was never seen.
      if (cheapScore !== null) tables.score.at(criterion, 'cheap').observe(cheapScore, exemplar);
      if (ensembleScore !== null) tables.score.at(criterion, 'ensemble').observe(ensembleScore, exemplar);
      if (disagreement !== null) tables.ensemble_disagreement.at(criterion).observe(disagreement, exemplar);
    },
    call: (judge, seconds) => tables.judge_request_duration_seconds.at(judge).observe(Math.max(0, seconds), null),
  };
}
