import { auditJudge, type JudgeAudit } from '../../src/calibration/judge-audit';
import { cohenKappa, confusionMatrix } from '../../src/stats/agreement';
import { krippendorffAlpha } from '../../src/stats/krippendorff';

interface Verdict<Parsed> {
  readonly judge: string;
  readonly prompt?: string;
  readonly parsed: Parsed | null;
}

export interface MistakeRow {
  readonly human_label: 'error' | 'no_error';
  readonly verdicts: readonly Verdict<'error' | 'no_error'>[];
}

export interface TriviaRow {
  readonly round: number;
  readonly human_label: boolean;
  readonly verdicts: readonly Verdict<boolean>[];
}

export interface PandaRow {
  readonly human_labels: readonly number[];
  readonly human_majority: number;
  readonly verdicts: readonly Verdict<number>[];
}

/** Class 0 is what F1 is asked of: an error. */
export function realmistake(rows: readonly MistakeRow[]): Map<string, JudgeAudit> {
  const toClass = (label: string): number => (label === 'error' ? 0 : 1);
  const nameOf = (verdict: Verdict<string>): string => `${verdict.judge}/${verdict.prompt}`;
  return audits(rows, (row) => toClass(row.human_label), nameOf, toClass, 2);
}

/** Class 0 is what F1 is asked of: a wrong answer. */
export function trivia(rows: readonly TriviaRow[]): Map<string, JudgeAudit> {
  const found = new Map<string, JudgeAudit>();
  for (const round of [...new Set(rows.map((row) => row.round))].sort((a, b) => a - b)) {
    const inRound = rows.filter((row) => row.round === round);
    const nameOf = (verdict: Verdict<boolean>): string => `${round}/${verdict.judge}`;
    audits(inRound, (row) => Number(row.human_label), nameOf, Number, 2).forEach((audit, name) =>
      found.set(name, audit),
    );
  }
  return found;
}

/** Classes 0 tie, 1, 2; F1 of the class 1. */
export function pandalm(rows: readonly PandaRow[]): Map<string, JudgeAudit> {
  const judges = audits(
    rows,
    (row) => row.human_majority,
    (verdict) => verdict.judge,
    Number,
    3,
    1,
  );
  return judges;
}

/** How far the annotators agree with each other: kappa of each pair, alpha of all. */
export function pandalmHumans(rows: readonly PandaRow[]): Record<string, number | null> {
  const people = rows[0]?.human_labels.length ?? 0;
  const labels = Array.from({ length: people }, (_, person) => rows.map((row) => row.human_labels[person]!));
  const found: Record<string, number | null> = {};
  labels.forEach((first, a) => {
    labels.slice(a + 1).forEach((second, further) => {
      found[`${a}/${a + 1 + further}`] = cohenKappa(confusionMatrix(first, second, 3)).kappa;
    });
  });
  found['alpha'] = krippendorffAlpha(labels, 3, 'nominal');
  return found;
}

function audits<Row extends { readonly verdicts: readonly Verdict<Parsed>[] }, Parsed>(
  rows: readonly Row[],
  labelOf: (row: Row) => number,
  nameOf: (verdict: Verdict<Parsed>) => string,
  toClass: (parsed: Parsed) => number,
  classes: number,
  positive = 0,
): Map<string, JudgeAudit> {
  const byJudge = new Map<string, { labels: number[]; verdicts: (number | null)[] }>();
  for (const row of rows) {
    for (const verdict of row.verdicts) {
      const name = nameOf(verdict);
      const seen = byJudge.get(name) ?? { labels: [], verdicts: [] };
      byJudge.set(name, seen);
      seen.labels.push(labelOf(row));
      seen.verdicts.push(verdict.parsed === null ? null : toClass(verdict.parsed));
    }
  }
  const sorted = [...byJudge].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, seen]) => [name, auditJudge(seen.labels, seen.verdicts, { classes, positive })]));
}
