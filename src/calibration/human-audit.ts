import type { Label } from '../domain/label';
import { classFigures, cohenKappa } from '../stats/agreement';
import { brierParts, equalMassBins, expectedCalibrationError } from '../stats/calibration-error';
import { correctedPassRate, type CorrectedRate } from '../stats/corrected-rate';
import { spearman, spearmanInterval } from '../stats/correlation';
import type { Interval } from '../stats/interval';
import { krippendorffAlpha } from '../stats/krippendorff';
import { tInterval } from '../stats/mean-intervals';
import { mean } from '../stats/moments';
import { predictionPoweredMean, type PoweredMean } from '../stats/prediction-powered';
import { areaUnderRiskCoverage, confidentErrors, type ConfidentErrors, selectiveRisks } from '../stats/selective-risk';
import { auditJudge, type JudgeAudit } from './judge-audit';

export interface AuditTargets {
  /** F1 of the failing class, and kappa, that a judge should reach; under the last it should be replaced. */
  readonly f1: number;
  readonly kappa: number;
  readonly replaceUnder: number;
}

export const DEFAULT_TARGETS: AuditTargets = { f1: 0.85, kappa: 0.75, replaceUnder: 0.6 };

/** Who is held against people: a judge by name, or the published score. */
export const PUBLISHED = 'published score';

export interface AuditRow extends JudgeAudit {
  readonly judge: string;
  readonly criterion: string;
  /** `all`, `product=support`, or `producer=meta`. */
  readonly slice: string;
  readonly balancedAccuracy: number | null;
  readonly spearman: number | null;
  readonly spearmanInterval: Interval | null;
  readonly ece: number | null;
  readonly brier: number | null;
  /** Wrong among verdicts given with a confidence of at least 0.9. */
  readonly wrongWhenSure: ConfidentErrors;
  /** Area under the risk-coverage curve: mean error when the least confident are left out one by one. */
  readonly riskCoverage: number | null;
  /** Judge minus people: above 0 the judge is too generous. */
  readonly bias: { readonly mean: number; readonly interval: Interval | null } | null;
  readonly verdict: string;
}

export interface PrevalenceRow {
  readonly judge: string;
  readonly criterion: string;
  /** Pass rate as the judge tells it over the whole pool, and what it is once its errors are put right. */
  readonly raw: number;
  readonly corrected: CorrectedRate | null;
  readonly powered: PoweredMean | null;
}

export interface HumanAudit {
  readonly labels: number;
  /** People among each other, by criterion: Krippendorff's alpha over items with two labels or more. */
  readonly people: readonly { readonly criterion: string; readonly items: number; readonly alpha: number | null }[];
  readonly rows: readonly AuditRow[];
  readonly prevalence: readonly PrevalenceRow[];
}

export interface AuditOptions {
  readonly targets?: AuditTargets;
  /** Slices with fewer labels are left out; default 10. */
  readonly fewestLabels?: number;
  /** Every score of each judge and criterion, labelled or not: `judge\ncriterion`. */
  readonly pool?: ReadonlyMap<string, readonly number[]>;
}

const SURE = 0.9;
const BINS = 15;

/**
 * Holds every judge and the published score against people's labels, per criterion, over all and per slice. Labels that
 * were asked for because judges disagree are left out: they tell of hard items alone. Of a doubly labelled item the
 * adjudication counts, else the first label. Source: STATISTICS 5.1 to 5.3.
 */
export function auditAgainstPeople(labels: readonly Label[], options: AuditOptions = {}): HumanAudit {
  const { targets = DEFAULT_TARGETS, fewestLabels = 10, pool = new Map<string, readonly number[]>() } = options;
  const settled = settledLabels(labels);
  const criteria = [...new Set(settled.map(({ criterion }) => criterion))].sort();
  const rows: AuditRow[] = [];
  const prevalence: PrevalenceRow[] = [];
  for (const criterion of criteria) {
    const own = settled.filter((label) => label.criterion === criterion);
    for (const judge of judgesIn(own)) {
      const pairs = own.flatMap((label) => pairOf(label, judge));
      for (const [slice, members] of slicesOf(pairs)) {
        if (slice === 'all' || members.length >= fewestLabels)
          rows.push(rowOf(judge, criterion, slice, members, targets));
      }
      const scores = pool.get(`${judge}\n${criterion}`);
      if (scores !== undefined && pairs.length > 0) prevalence.push(prevalenceOf(judge, criterion, pairs, scores));
    }
  }
  return {
    labels: settled.length,
    people: criteria.map((criterion) => amongPeople(labels, criterion)),
    rows,
    prevalence,
  };
}

interface Pair {
  readonly label: Label;
  readonly human: 0 | 1;
  readonly value: number;
  readonly score: number;
  readonly verdict: 0 | 1;
}

/** One label per item and criterion. */
function settledLabels(labels: readonly Label[]): Label[] {
  const best = new Map<string, Label>();
  for (const label of labels) {
    if (label.value === null || (label.reason !== 'random' && label.reason !== 'import')) continue;
    const key = `${label.interactionId}\n${label.criterion}`;
    const before = best.get(key);
    if (before === undefined || RANK[label.round] > RANK[before.round]) best.set(key, label);
  }
  return [...best.values()];
}

const RANK = { second: 0, first: 1, adjudication: 2 };

function judgesIn(labels: readonly Label[]): string[] {
  const names = new Set(labels.flatMap(({ judges }) => judges.map(({ judge }) => judge)));
  return [PUBLISHED, ...[...names].sort()];
}

function pairOf(label: Label, judge: string): Pair[] {
  const score = judge === PUBLISHED ? label.score : (label.judges.find((one) => one.judge === judge)?.score ?? null);
  if (score === null || label.value === null) return [];
  return [
    { label, value: label.value, human: label.value >= 0.5 ? 1 : 0, score, verdict: score >= label.passAt ? 1 : 0 },
  ];
}

function slicesOf(pairs: readonly Pair[]): Map<string, Pair[]> {
  const slices = new Map<string, Pair[]>([['all', [...pairs]]]);
  for (const pair of pairs) {
    const { segments, producerFamily } = pair.label;
    const names = Object.entries(segments).map(([dimension, value]) => `${dimension}=${value}`);
    for (const name of producerFamily === null ? names : [...names, `producer=${producerFamily}`]) {
      slices.set(name, [...(slices.get(name) ?? []), pair]);
    }
  }
  return slices;
}

function rowOf(
  judge: string,
  criterion: string,
  slice: string,
  pairs: readonly Pair[],
  targets: AuditTargets,
): AuditRow {
  const human = pairs.map((pair) => pair.human);
  const scores = pairs.map(({ score }) => score);
  const values = pairs.map(({ value }) => value);
  const verdicts = pairs.map(({ verdict }) => verdict);
  const audit = auditJudge(human, verdicts, { classes: 2, positive: 0 });
  const errors = pairs.map(({ score, value }) => score - value);
  const bias = mean(errors);
  const rho = spearman(scores, values);
  return {
    ...audit,
    judge,
    criterion,
    slice,
    balancedAccuracy: balancedAccuracy(audit),
    spearman: rho,
    spearmanInterval: spearmanInterval(rho, pairs.length),
    ece: expectedCalibrationError(equalMassBins(scores, human, BINS)),
    brier: brierParts(scores, human)?.brier ?? null,
    wrongWhenSure: confidentErrors(scores, human, SURE),
    riskCoverage: areaUnderRiskCoverage(selectiveRisks(scores, human)),
    bias: bias === null ? null : { mean: bias, interval: tInterval(errors) },
    verdict: verdictOf(audit, targets),
  };
}

function balancedAccuracy({ matrix }: JudgeAudit): number | null {
  const isEmpty = matrix.some((row) => row.reduce((sum, count) => sum + count, 0) === 0);
  return isEmpty ? null : mean(classFigures(matrix).recall);
}

/** In words, by what the interval allows: few labels settle nothing. */
function verdictOf({ kappa, kappaInterval, f1, n }: JudgeAudit, targets: AuditTargets): string {
  if (kappa === null || f1 === null) return `${n} labels say nothing yet`;
  if (kappaInterval === null) return `${n} labels are too few for a verdict`;
  const [lower, upper] = kappaInterval;
  if (upper < targets.replaceUnder) return 'replace this judge';
  if (lower >= targets.kappa && f1 >= targets.f1) return 'trust it';
  if (kappa >= targets.kappa && f1 >= targets.f1) return 'on target, not beyond doubt';
  if (kappa < targets.replaceUnder) return 'probably to be replaced: label more to be sure';
  return 'below target';
}

function prevalenceOf(
  judge: string,
  criterion: string,
  pairs: readonly Pair[],
  pool: readonly number[],
): PrevalenceRow {
  const passAt = pairs[0]?.label.passAt ?? 0.5;
  const passes = pool.filter((score) => score >= passAt).length;
  const count = (human: 0 | 1): { correct: number; n: number } => {
    const own = pairs.filter((pair) => pair.human === human);
    return { correct: own.filter(({ verdict }) => verdict === human).length, n: own.length };
  };
  return {
    judge,
    criterion,
    raw: passes / Math.max(1, pool.length),
    corrected: correctedPassRate(passes, pool.length, count(0), count(1)),
    powered: predictionPoweredMean(
      pairs.map(({ human }) => human),
      pairs.map(({ verdict }) => verdict),
      pool.map((score) => Number(score >= passAt)),
    ),
  };
}

function amongPeople(labels: readonly Label[], criterion: string): HumanAudit['people'][number] {
  const byItem = new Map<string, Label[]>();
  for (const label of labels) {
    if (label.criterion !== criterion || label.value === null || label.round === 'adjudication') continue;
    byItem.set(label.interactionId, [...(byItem.get(label.interactionId) ?? []), label]);
  }
  const items = [...byItem.values()].filter((given) => given.length > 1);
  const raters = [...new Set(items.flat().map(({ rater }) => rater))];
  const ratings = raters.map((rater) =>
    items.map((given) => {
      const value = given.find((label) => label.rater === rater)?.value ?? null;
      return value === null ? null : Number(value >= 0.5);
    }),
  );
  return {
    criterion,
    items: items.length,
    alpha: items.length === 0 ? null : krippendorffAlpha(ratings, 2, 'nominal'),
  };
}

/** How far one group of people has moved on items whose first labels are known: golden items labelled again, blind. */
export interface RaterDrift {
  readonly cohort: string;
  readonly criterion: string;
  readonly items: number;
  /** Now minus first label: above 0 people have grown more lenient. */
  readonly mean: number;
  readonly interval: Interval | null;
  /** People then and now beyond chance. */
  readonly kappa: number | null;
}

/** Later labels of golden items beside their first, by cohort and criterion. */
export function raterDrift(labels: readonly Label[]): RaterDrift[] {
  const groups = new Map<string, { cohort: string; criterion: string; items: Map<string, Label[]> }>();
  for (const label of labels) {
    if (label.reason !== 'golden' || label.value === null) continue;
    const key = `${label.cohort}\n${label.criterion}`;
    const group = groups.get(key) ?? {
      cohort: label.cohort,
      criterion: label.criterion,
      items: new Map<string, Label[]>(),
    };
    groups.set(key, group);
    group.items.set(label.interactionId, [...(group.items.get(label.interactionId) ?? []), label]);
  }
  return [...groups.values()].flatMap(({ cohort, criterion, items }) => {
    const pairs = [...items.values()].flatMap((given) => {
      const sorted = [...given].sort((a, b) => a.labelledAt - b.labelledAt);
      const [first, last] = [sorted[0]?.value, sorted.at(-1)?.value];
      return given.length < 2 || typeof first !== 'number' || typeof last !== 'number' ? [] : [{ first, last }];
    });
    const differences = pairs.map(({ first, last }) => last - first);
    const shift = mean(differences);
    if (shift === null) return [];
    const matrix = [
      [0, 0],
      [0, 0],
    ];
    for (const { first, last } of pairs) matrix[Number(first >= 0.5)]![Number(last >= 0.5)]! += 1;
    const { kappa } = cohenKappa(matrix);
    return [{ cohort, criterion, items: pairs.length, mean: shift, interval: tInterval(differences), kappa }];
  });
}
