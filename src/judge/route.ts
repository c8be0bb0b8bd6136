import type { Escalation, JudgeAnswer } from '../domain/verdict';
import type { EscalationReason } from '../domain/accounting';
import { applyCalibrationMap } from '../stats/isotonic';
import type { CascadeOptions, CriterionOptions } from './options';

export interface RouteInput {
  readonly criteria: readonly CriterionOptions[];
  /** The cheap panel's answers by criterion. */
  readonly cheap: ReadonlyMap<string, readonly JudgeAnswer[]>;
  readonly failedChecks: readonly string[];
  readonly bandEnabled: boolean;
  /** Uniform in [0, 1), independent of everything else here. */
  readonly draw: number;
  /** True where a learned rule deals with doubt: neither the band nor a split of cheap readings is then a sure reason. */
  readonly doubtIsLearned?: boolean;
}

/** An `Escalation` and what the decision saw, for the trail. */
export interface Route extends Escalation {
  readonly why: string;
}

/**
 * One decision for all criteria of a call group: the probability is the maximum over its criteria, so it is 1 as soon
 * as one of them gives a sure reason, and the audit probability otherwise (rule 6). It is fixed before the draw is
 * looked at. Reasons from strong to weak: safety, failed check, disagreement of two cheap readings, borderline (a score
 * inside the band, or no cheap score to go by), floor (the bound of values asks for more than the audit), audit.
 */
export function routeGroup(
  input: RouteInput,
  options: Pick<CascadeOptions, 'band' | 'auditProbability' | 'valueBound'> & Partial<Pick<CascadeOptions, 'spread'>>,
): Route {
  const { reason, why } = sureReason(input, options.band) ?? { reason: null, why: 'confident' };
  if (reason !== null) return { escalated: input.draw < 1, probability: 1, reason, why };
  const { auditProbability } = options;
  const bounded = boundProbability(input, options.valueBound);
  const spread = input.bandEnabled ? spreadProbability(input, options.spread ?? []) : 0;
  const probability = Math.max(auditProbability, bounded, spread);
  const said = spread > Math.max(auditProbability, bounded) ? `${why}, by residual spread` : why;
  if (input.draw >= probability) return { escalated: false, probability, reason: null, why: said };
  const isBound = bounded > Math.max(auditProbability, spread);
  return { escalated: true, probability, reason: isBound ? 'floor' : 'audit', why: said };
}

/** The largest over the criteria; 0 for those without a rule or a cheap score. */
function spreadProbability({ criteria, cheap }: RouteInput, rules: CascadeOptions['spread']): number {
  const wanted = criteria.map(({ name }) => {
    const rule = rules.find(({ criterion }) => criterion === name);
    const score = rule === undefined ? null : cheapScoreOf(cheap.get(name) ?? []);
    if (rule === undefined || score === null) return 0;
    return applyCalibrationMap({ upTo: rule.upTo, value: rule.probability, weight: [] }, score);
  });
  return Math.max(0, ...wanted);
}

/** Mean of the readings; null without any. */
function cheapScoreOf(answers: readonly JudgeAnswer[]): number | null {
  const scores = answers.flatMap(({ score }) => score ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * What keeps every estimator value g + (y - g) / pi at most `bound` for scores y <= 1: pi >= (1 - g) / (bound - g), the
 * largest over the criteria. A detector of drops may then bet as if scores went up to `bound` and not to 1 / pi.
 */
function boundProbability({ criteria, cheap }: RouteInput, bound: number | undefined): number {
  if (bound === undefined) return 0;
  const least = criteria.map(({ name }) => {
    const g = cheapScoreOf(cheap.get(name) ?? []);
    return g === null ? 0 : (1 - g) / (bound - g);
  });
  return Math.max(0, ...least);
}

interface SureReason {
  readonly reason: EscalationReason;
  readonly why: string;
}

function sureReason(input: RouteInput, band: CascadeOptions['band']): SureReason | null {
  const safety = input.criteria.find((criterion) => criterion.safety);
  if (safety !== undefined) return { reason: 'safety', why: safety.name };
  if (input.failedChecks.length > 0) return { reason: 'check', why: input.failedChecks.join(', ') };
  const readings = input.criteria.map((criterion) => ({ criterion, answers: input.cheap.get(criterion.name) ?? [] }));
  const split = readings.find(({ criterion, answers }) => disagree(criterion, answers));
  const { doubtIsLearned = false } = input;
  if (split !== undefined && !doubtIsLearned) return { reason: 'disagreement', why: split.criterion.name };
  const missing = readings.find(({ answers }) => answers.length === 0 || answers.some(isMissing));
  // Without a cheap score there is no prediction to correct, so only a certain escalation keeps the estimate unbiased.
  if (missing !== undefined) return { reason: 'borderline', why: `${missing.criterion.name}: no cheap score` };
  const unsure = readings.find(({ answers }) => input.bandEnabled && !doubtIsLearned && isBorderline(answers, band));
  return unsure === undefined ? null : { reason: 'borderline', why: unsure.criterion.name };
}

function isMissing(answer: JudgeAnswer): boolean {
  return answer.outcome !== 'scored' && answer.outcome !== 'not_applicable';
}

/** Some pass and some fail, or some find the criterion applicable and some do not. */
function disagree(criterion: CriterionOptions, answers: readonly JudgeAnswer[]): boolean {
  const views = answers
    .filter((answer) => !isMissing(answer))
    .map((answer) => (answer.score === null ? 'not_applicable' : answer.score >= criterion.passAt));
  return new Set(views).size > 1;
}

/** A doubtful "not applicable" counts like a doubtful pass: its confidence is held to the band. */
function isBorderline(answers: readonly JudgeAnswer[], band: CascadeOptions['band']): boolean {
  const values = answers.map((answer) => answer.score ?? answer.confidence ?? 1);
  const level = values.reduce((sum, value) => sum + value, 0) / values.length;
  return level >= band.low && level <= band.high;
}
