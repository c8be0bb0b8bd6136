import type { UnjudgedReason } from '../domain/accounting';
import type { CheckResult } from '../domain/check';
import type { Interaction } from '../domain/interaction';
import type { CriterionVerdict, JudgeAnswer } from '../domain/verdict';
import { type Weighting, weightedPanel } from '../policy/weighting';
import { pseudoOutcome } from '../stats/aipw';
import { applyCalibrationMap } from '../stats/isotonic';
import type { Judging } from './cascade-port';
import { isDecided } from './ask-members';
import { combineAnswers, mean } from './combine';
import { isApplicable } from './needs';
import type { CascadeOptions, CriterionOptions } from './options';
import { panelIdOf, type Panels } from './panels';
import type { Route } from './route';

/** Weights in force, and what checks found: some have one. */
export interface LearnedWeights {
  readonly weightings: readonly Weighting[];
  readonly checks: readonly CheckResult[];
}

const NO_WEIGHTS: LearnedWeights = { weightings: [], checks: [] };

/** The verdict on one criterion from both stages' answers. */
export function settle(
  criterion: CriterionOptions,
  panels: Panels,
  route: Route,
  cheap: readonly JudgeAnswer[],
  ensemble: readonly JudgeAnswer[],
  cascade: CascadeOptions,
  learned: LearnedWeights = NO_WEIGHTS,
): CriterionVerdict {
  const { name, passAt } = criterion;
  const { escalated, reason, probability } = route;
  const panel = panelIdOf(panels, criterion);
  const { checks } = learned;
  const weighting = learned.weightings.find((one) => one.criterion === name && one.panel === panel) ?? null;
  const base = {
    criterion: name,
    unjudgedReason: null,
    // Under other weights it is another instrument, so another series (rule 5).
    panel: weighting === null ? panel : weightedPanel(panel, weighting),
    cheap,
    escalation: { escalated, reason, probability },
    ensemble,
    combined: null,
    score: null,
    pass: null,
    prediction: null,
    estimatorValue: null,
  };
  const cheapScores = cheap.flatMap((answer) => answer.score ?? []);
  const cheapScore = cheapScores.length === 0 ? null : mean(cheapScores);
  const prediction = cheapScore === null ? null : expectedScore(weighting, cheapScore);
  if (!escalated) {
    // Not escalated means that every cheap reading is there and that they agree.
    if (cheapScore === null || prediction === null) return { ...base, result: 'not_applicable' };
    const estimatorValue = pseudoOutcome(prediction, null, probability);
    const pass = cheapScore >= passAt;
    return {
      ...base,
      result: 'scored',
      score: cheapScore,
      pass,
      prediction: told(prediction, cheapScore),
      estimatorValue,
    };
  }
  const result = combineAnswers(
    criterion,
    ensemble,
    cascade,
    panels.independent,
    weighting && { weighting, cheap, checks },
  );
  if (result.kind === 'not_applicable') return { ...base, result: 'not_applicable' };
  // Never falls back on the cheap score: escalated items are not like the others, and their loss must show.
  if (result.kind === 'unjudged') return { ...base, result: 'unjudged', unjudgedReason: result.reason };
  const { combined } = result;
  return {
    ...base,
    result: 'scored',
    combined,
    score: combined.score,
    pass: combined.score >= passAt,
    prediction: prediction === null || cheapScore === null ? null : told(prediction, cheapScore),
    // Without a cheap score there is nothing to correct.
    estimatorValue: prediction === null ? combined.score : pseudoOutcome(prediction, combined.score, probability),
  };
}

/** What the cheap score makes one expect of the ensemble, by the map that came with the weights; else the score itself. */
function expectedScore(weighting: Weighting | null, cheapScore: number): number {
  if (weighting === null || weighting.cheapUpTo.length === 0) return cheapScore;
  const { cheapUpTo: upTo, cheapValue: value } = weighting;
  return applyCalibrationMap({ upTo, value, weight: [] }, cheapScore);
}

/** Only where it is not the cheap score, which is there already. */
function told(prediction: number, cheapScore: number): number | null {
  return prediction === cheapScore ? null : prediction;
}

/**
 * The verdict where members were asked one by one and a rule foretells what all of them would say. On an item drawn for
 * the whole panel the prediction is what the rule would have stopped at; on the others it is the score, and equal to
 * the panel's own where that is decided. Either way prediction and draw make the same unbiased value.
 *
 * @param stopped the answers that the rule asks for, in its order; @param ensemble those really heard.
 */
export function settleLearned(
  criterion: CriterionOptions,
  panels: Panels,
  route: Route,
  cheap: readonly JudgeAnswer[],
  { ensemble, stopped, foretold }: LearnedAnswers,
  cascade: CascadeOptions,
): CriterionVerdict {
  const whole = settle(criterion, panels, { ...route, escalated: true }, cheap, ensemble, cascade);
  const escalation = { escalated: route.escalated, reason: route.reason, probability: route.probability };
  const left = panels.ensemble.length - stopped.length;
  const known =
    left === 0 || (cascade.method === 'majority' && isDecided(criterion, stopped, left, cascade))
      ? combineAnswers(criterion, stopped, cascade, panels.independent)
      : null;
  const prediction = known?.kind === 'scored' ? known.combined.score : foretold;
  if (!route.escalated) {
    if (known?.kind === 'not_applicable') return { ...whole, escalation };
    return {
      ...whole,
      escalation,
      result: 'scored',
      unjudgedReason: null,
      combined: known?.kind === 'scored' ? known.combined : null,
      score: prediction,
      pass: prediction >= criterion.passAt,
      prediction,
      estimatorValue: prediction,
    };
  }
  if (whole.score === null) return { ...whole, escalation };
  const estimatorValue = pseudoOutcome(prediction, whole.score, route.probability);
  return { ...whole, escalation, prediction, estimatorValue };
}

export interface LearnedAnswers {
  readonly ensemble: readonly JudgeAnswer[];
  readonly stopped: readonly JudgeAnswer[];
  /** The rule's expectation after `stopped`. */
  readonly foretold: number;
}

/** A criterion that no judge was asked about. */
export function unasked(criterion: string, result: 'not_applicable' | 'not_sampled' | 'unjudged'): CriterionVerdict {
  return {
    criterion,
    result,
    unjudgedReason: null,
    panel: null,
    cheap: [],
    escalation: null,
    ensemble: [],
    combined: null,
    score: null,
    pass: null,
    prediction: null,
    estimatorValue: null,
  };
}

/** Applicability comes first: it is known of every interaction, sampled or not. */
export function notSampled(criteria: readonly CriterionOptions[], interaction: Interaction): Judging {
  const verdicts = criteria.map((criterion) =>
    unasked(criterion.name, isApplicable(criterion, interaction) ? 'not_sampled' : 'not_applicable'),
  );
  return { criteria: verdicts, trail: [], costUsd: 0 };
}

/** What is left of a judging that was not begun or not finished: all criteria that apply are unjudged for the reason. */
export function unjudgedFor(judging: Judging, reason: UnjudgedReason): Judging {
  const criteria = judging.criteria.map((criterion): CriterionVerdict => {
    if (criterion.result === 'not_applicable') return criterion;
    return { ...criterion, result: 'unjudged', unjudgedReason: reason };
  });
  return { ...judging, criteria };
}
