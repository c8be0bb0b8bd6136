import type { Label } from '../domain/label';
import { cohenKappa, confusionMatrix } from '../stats/agreement';
import { newcombeInterval } from '../stats/binomial-intervals';
import {
  brierParts,
  calibrationErrorInterval,
  calibrationNoiseFloor,
  equalMassBins,
  expectedCalibrationError,
} from '../stats/calibration-error';
import { correctedPassRate, type CorrectedRate } from '../stats/corrected-rate';
import { spearman, spearmanInterval } from '../stats/correlation';
import type { Interval } from '../stats/interval';
import { tInterval } from '../stats/mean-intervals';
import { mean } from '../stats/moments';
import { predictionPoweredMean, type PoweredMean } from '../stats/prediction-powered';
import { areaUnderRiskCoverage, confidentErrors, type ConfidentErrors, selectiveRisks } from '../stats/selective-risk';
import { type PlannedMean, plannedMean } from './label-planner';
import { auditJudge, FEWEST_ITEMS, type JudgeAudit } from './judge-audit';
import { amongPeople, type PeopleAmongThemselves } from './people-agreement';

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
  /** Quadratic weights over the levels 0, 1/4 ... 1: a near miss counts less than an opposite. */
  readonly weightedKappa: number | null;
  readonly weightedKappaInterval: Interval | null;
  readonly balancedAccuracy: number | null;
  readonly balancedAccuracyInterval: Interval | null;
  readonly spearman: number | null;
  readonly spearmanInterval: Interval | null;
  readonly ece: number | null;
  readonly eceInterval: Interval | null;
  /** ECE of a calibrated judge with these scores on so many items. */
  readonly eceFloor: number | null;
  readonly brier: number | null;
  readonly brierInterval: Interval | null;
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
  readonly people: readonly PeopleAmongThemselves[];
  readonly rows: readonly AuditRow[];
  readonly prevalence: readonly PrevalenceRow[];
  /** Mean label of everything judged: published scores, put right by every label with a known chance, whyever drawn. */
  readonly drawn: readonly (PlannedMean & { readonly criterion: string })[];
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
const LEVELS = 5;

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
    drawn: [...new Set(labels.map(({ criterion }) => criterion))].sort().flatMap((criterion) => {
      const found = drawnMean(labels, criterion, pool.get(`${PUBLISHED}\n${criterion}`) ?? []);
      return found === null ? [] : [{ criterion, ...found }];
    }),
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
      const slice = slices.get(name);
      if (slice === undefined) slices.set(name, [pair]);
      else slice.push(pair);
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
  const levels = confusionMatrix(values.map(levelOf), scores.map(levelOf), LEVELS);
  const weighted = cohenKappa(levels, 'quadratic');
  const rho = spearman(scores, values);
  return {
    ...audit,
    judge,
    criterion,
    slice,
    weightedKappa: weighted.kappa,
    weightedKappaInterval: pairs.length < FEWEST_ITEMS ? null : weighted.interval,
    ...balancedAccuracy(audit),
    spearman: rho,
    spearmanInterval: spearmanInterval(rho, pairs.length),
    ece: expectedCalibrationError(equalMassBins(scores, human, BINS)),
    eceInterval: pairs.length < FEWEST_ITEMS ? null : calibrationErrorInterval(scores, human, BINS),
    eceFloor: calibrationNoiseFloor(scores, BINS),
    brier: brierParts(scores, human)?.brier ?? null,
    brierInterval: pairs.length < FEWEST_ITEMS ? null : tInterval(scores.map((score, i) => (score - human[i]!) ** 2)),
    wrongWhenSure: confidentErrors(scores, human, SURE),
    riskCoverage: areaUnderRiskCoverage(selectiveRisks(scores, human)),
    bias: bias === null ? null : { mean: bias, interval: tInterval(errors) },
    verdict: verdictOf(audit, targets),
  };
}

const levelOf = (value: number): number => Math.round(value * (LEVELS - 1));

/** Mean of the two classes' recalls: half of one plus their sum, so the interval of a difference of two shares serves. */
function balancedAccuracy({ matrix }: JudgeAudit): Pick<AuditRow, 'balancedAccuracy' | 'balancedAccuracyInterval'> {
  const [[failed = 0, spared = 0] = [], [blamed = 0, passed = 0] = []] = matrix;
  const interval = newcombeInterval(passed, blamed + passed, spared, failed + spared);
  if (interval === null) return { balancedAccuracy: null, balancedAccuracyInterval: null };
  const half = (difference: number): number => (1 + difference) / 2;
  return {
    balancedAccuracy: half(passed / (blamed + passed) - spared / (failed + spared)),
    balancedAccuracyInterval: [half(interval[0]), half(interval[1])],
  };
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

/** Scores of the whole pool, put right where a label with a known chance is there. Source: STATISTICS 1.1. */
function drawnMean(labels: readonly Label[], criterion: string, pool: readonly number[]): PlannedMean | null {
  const known = new Map<string, { score: number; value: number; probability: number }>();
  for (const { criterion: of, interactionId, round, value, score, probability } of labels) {
    if (of !== criterion || round === 'second' || value === null || score === null || probability === null) continue;
    if (!known.has(interactionId) || round === 'adjudication') known.set(interactionId, { score, value, probability });
  }
  const drawn = [...known.values()];
  if (drawn.length === 0) return null;
  const spoken = new Map<number, number>();
  for (const { score } of drawn) spoken.set(score, (spoken.get(score) ?? 0) + 1);
  const others = pool.filter((score) => {
    const left = spoken.get(score) ?? 0;
    if (left > 0) spoken.set(score, left - 1);
    return left === 0;
  });
  return plannedMean(
    [...drawn.map(({ score }) => score), ...others],
    [...drawn.map(({ value }) => value), ...others.map(() => null)],
    [...drawn.map(({ probability }) => probability), ...others.map(() => 1)],
  );
}
