import type { CriterionVerdict, DecisionStep, JudgeAnswer } from '../domain/verdict';
import type { Answers } from './ask';
import type { Group } from './groups';
import type { Judge } from './judge';
import type { Panels } from './panels';
import type { Route } from './route';

/** What one panel's judges answered, in the panel's order. */
export interface Stage {
  readonly replies: readonly Answers[];
  readonly ms: number;
}

/** What a group's stages saw, chose and cost, in order. */
export function groupTrail(
  group: Group,
  panels: Panels,
  route: Route,
  cheap: Stage,
  ensemble: Stage | null,
  verdicts: readonly CriterionVerdict[],
): DecisionStep[] {
  const steps = [
    step('cheap', panelNames(panels.cheap), `${group.name}: ${outcomes(cheap)}`, stageCost(cheap), cheap.ms),
    {
      ...step(
        'route',
        route.escalated ? 'ensemble' : 'cheap score',
        `${route.reason ?? 'not drawn'}: ${route.why}`,
        0,
        0,
      ),
      probability: route.probability,
    },
  ];
  if (ensemble === null) return steps;
  const results = verdicts.map((v) => `${v.criterion} ${v.unjudgedReason ?? v.result}`).join(', ');
  return [
    ...steps,
    step('ensemble', panelNames(panels.ensemble), outcomes(ensemble), stageCost(ensemble), ensemble.ms),
    step('combine', verdicts.find((v) => v.combined !== null)?.combined?.method ?? 'none', results, 0, 0),
  ];
}

/** A step that made no draw. */
export function step(
  stage: DecisionStep['stage'],
  chose: string,
  why: string,
  costUsd: number,
  ms: number,
): DecisionStep {
  return { stage, chose, why, probability: null, costUsd, ms };
}

function panelNames(panel: readonly Judge[]): string {
  return panel.map((judge) => judge.options.name).join('+');
}

/** `mini scored, claude timeout`: one word per judge and distinct outcome. */
function outcomes(stage: Stage): string {
  const parts = stage.replies.map((reply) => {
    const answers = [...reply.values()];
    return `${answers[0]?.judge ?? ''} ${[...new Set(answers.map((answer) => answer.outcome))].join('/')}`;
  });
  return parts.join(', ');
}

function stageCost(stage: Stage): number {
  return sumCosts(stage.replies.flatMap((reply) => [...reply.values()]));
}

/** USD over all calls of an item. */
export function totalCost(verdicts: readonly CriterionVerdict[]): number {
  return sumCosts(verdicts.flatMap((verdict) => [...verdict.cheap, ...verdict.ensemble]));
}

function sumCosts(answers: readonly JudgeAnswer[]): number {
  return answers.reduce((sum, answer) => sum + answer.costUsd, 0);
}
