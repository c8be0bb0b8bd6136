import { auditOrders, type OrderAudit, type OrderedChoice } from '../../src/calibration/order-audit';

interface PairVerdict<Side> {
  readonly judge: string;
  readonly strategy?: string;
  readonly fwd?: Side | null;
  readonly rev?: Side | null;
}

export interface LlmbarRow {
  readonly set: string;
  readonly gold: number;
  readonly verdicts: readonly PairVerdict<number>[];
}

export interface JudgebenchRow {
  readonly gold: string;
  readonly verdicts: readonly PairVerdict<string>[];
}

/** Groups by set name, as the data set's figures have them. */
export function groupOf(set: string): string {
  if (set === 'LLMBar/Natural') return 'Natural';
  if (set.includes('Adversarial')) return 'Adversarial';
  return set.includes('Case') ? 'CaseStudy' : 'HumanPreference';
}

/** By group, strategy and judge; every strategy that answers with a winner. */
export function llmbar(rows: readonly LlmbarRow[]): Map<string, OrderAudit> {
  return audits(
    rows,
    (row, verdict) => `${groupOf(row.set)}/${verdict.strategy}/${verdict.judge}`,
    (side) => side,
  );
}

/** By judge; 1 stands for A, 2 for B, 0 for a tie. */
export function judgebench(rows: readonly JudgebenchRow[]): Map<string, OrderAudit> {
  const toSide = (text: string): number => (text === 'A>B' ? 1 : text === 'B>A' ? 2 : 0);
  return audits(rows, (_, verdict) => verdict.judge, toSide);
}

function audits<Side>(
  rows: readonly { readonly gold: Side; readonly verdicts: readonly PairVerdict<Side>[]; readonly set?: string }[],
  nameOf: (row: { readonly set: string }, verdict: PairVerdict<Side>) => string,
  toSide: (side: Side) => number,
): Map<string, OrderAudit> {
  const byJudge = new Map<string, OrderedChoice[]>();
  for (const row of rows) {
    for (const verdict of row.verdicts) {
      if (verdict.fwd === undefined || verdict.rev === undefined) continue;
      const read = (side: Side | null): number | null => (side === null ? null : toSide(side));
      const name = nameOf({ set: row.set ?? '' }, verdict);
      const choice = { gold: toSide(row.gold), forward: read(verdict.fwd), reversed: read(verdict.rev) };
      byJudge.set(name, [...(byJudge.get(name) ?? []), choice]);
    }
  }
  const sorted = [...byJudge].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, choices]) => [name, auditOrders(choices)]));
}
