import type { Label } from '../domain/label';
import type { JudgeAnswer, Verdict } from '../domain/verdict';
import { cohenKappa, confusionMatrix } from '../stats/agreement';

/** How one judge did on one criterion, over a stretch of verdicts. */
export interface JudgeFigures {
  readonly judge: string;
  readonly family: string;
  readonly criterion: string;
  readonly stage: 'cheap' | 'ensemble';
  readonly asked: number;
  readonly scored: number;
  /** Asked without a score, by why. */
  readonly missing: Readonly<Record<string, number>>;
  readonly meanScore: number | null;
  readonly passRate: number | null;
  /** Of its passes with what the others came to: for the cheap judge the ensemble, else the mean of the rest. */
  readonly agreement: Agreement | null;
  /** With people, where they labelled. */
  readonly withPeople: Agreement | null;
  /** Times the ensemble named it the outlier. */
  readonly outlier: number;
  readonly costUsd: number;
  readonly medianMs: number | null;
  /** Versions the provider reported, latest last. */
  readonly versions: readonly string[];
}

export interface Agreement {
  readonly n: number;
  readonly share: number;
  /** With its 95 % interval; null where one of the two never varies. */
  readonly kappa: number | null;
  readonly interval: readonly [number, number] | null;
}

interface Sums {
  readonly judge: string;
  readonly family: string;
  readonly criterion: string;
  readonly stage: 'cheap' | 'ensemble';
  asked: number;
  readonly scores: number[];
  readonly missing: Map<string, number>;
  readonly pairs: [boolean, boolean][];
  readonly people: [boolean, boolean][];
  outlier: number;
  costUsd: number;
  readonly times: number[];
  readonly versions: Set<string>;
}

const PASS = 0.5;

/** Pure; verdicts in order of time. */
export function judgeFigures(verdicts: readonly Verdict[], labels: readonly Label[]): JudgeFigures[] {
  const said = new Map(
    labels.flatMap(({ interactionId, criterion, outcome, value, passAt }) =>
      outcome === 'labelled' && value !== null ? [[`${interactionId}/${criterion}`, value >= passAt] as const] : [],
    ),
  );
  const table = new Map<string, Sums>();
  for (const { interactionId, criteria } of verdicts) {
    for (const { criterion, cheap, ensemble, combined } of criteria) {
      const person = said.get(`${interactionId}/${criterion}`) ?? null;
      for (const answer of cheap) {
        const others = ensemble.length === 0 ? null : combined?.score;
        record(sumsOf(table, answer, criterion, 'cheap'), answer, others ?? null, person);
      }
      for (const answer of ensemble) {
        const sums = sumsOf(table, answer, criterion, 'ensemble');
        record(sums, answer, othersOf(ensemble, answer), person);
        if (combined?.outlierJudge === answer.judge) sums.outlier += 1;
      }
    }
  }
  return [...table.values()].map(toFigures);
}

function sumsOf(
  table: Map<string, Sums>,
  { judge, family }: JudgeAnswer,
  criterion: string,
  stage: Sums['stage'],
): Sums {
  const key = `${criterion}\u0000${stage}\u0000${judge}`;
  let sums = table.get(key);
  if (sums === undefined) {
    sums = {
      judge,
      family,
      criterion,
      stage,
      asked: 0,
      scores: [],
      missing: new Map(),
      pairs: [],
      people: [],
      outlier: 0,
      costUsd: 0,
      times: [],
      versions: new Set(),
    };
    table.set(key, sums);
  }
  return sums;
}

/** The mean of the others, so that a judge is not held against itself; null without any. */
function othersOf(ensemble: readonly JudgeAnswer[], own: JudgeAnswer): number | null {
  const others = ensemble.flatMap(({ judge, score }) => (judge === own.judge || score === null ? [] : [score]));
  return others.length === 0 ? null : others.reduce((a, b) => a + b, 0) / others.length;
}

function record(sums: Sums, answer: JudgeAnswer, others: number | null, person: boolean | null): void {
  const { outcome, score, costUsd, ms, reportedVersion } = answer;
  sums.asked += 1;
  sums.costUsd += costUsd;
  sums.times.push(ms);
  if (reportedVersion !== null) {
    // Taken out and put in again, so that the latest is last.
    sums.versions.delete(reportedVersion);
    sums.versions.add(reportedVersion);
  }
  if (score === null) {
    sums.missing.set(outcome, (sums.missing.get(outcome) ?? 0) + 1);
    return;
  }
  sums.scores.push(score);
  if (others !== null) sums.pairs.push([score >= PASS, others >= PASS]);
  if (person !== null) sums.people.push([score >= PASS, person]);
}

function toFigures(sums: Sums): JudgeFigures {
  const { judge, family, criterion, stage, asked, scores, missing, outlier, costUsd, times, versions } = sums;
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  const sorted = [...times].sort((a, b) => a - b);
  return {
    judge,
    family,
    criterion,
    stage,
    asked,
    scored: scores.length,
    missing: Object.fromEntries(missing),
    meanScore: mean(scores),
    passRate: mean(scores.map((score) => (score >= PASS ? 1 : 0))),
    agreement: agreementOf(sums.pairs),
    withPeople: agreementOf(sums.people),
    outlier,
    costUsd,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    versions: [...versions],
  };
}

function agreementOf(pairs: readonly (readonly [boolean, boolean])[]): Agreement | null {
  if (pairs.length === 0) return null;
  const [own, other] = [0, 1].map((side) => pairs.map((pair) => (pair[side as 0 | 1] ? 1 : 0)));
  const { observed, kappa, interval } = cohenKappa(confusionMatrix(other ?? [], own ?? [], 2));
  return { n: pairs.length, share: observed ?? 0, kappa, interval };
}
