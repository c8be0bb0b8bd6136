import type { UnjudgedReason } from '../domain/accounting';
import type { Interaction } from '../domain/interaction';
import type { CriterionVerdict, DecisionStep, JudgeAnswer } from '../domain/verdict';
import { pseudoOutcome } from '../stats/aipw';
import { type Answers, createAsk } from './ask';
import type { Cascade, JudgeCallListener, Judging, JudgingRequest } from './cascade-port';
import { combineAnswers, mean } from './combine';
import { uniformDraw } from './draw';
import { type ModelFamily, familyOf } from './families';
import { createNonceSource } from './fence';
import type { Judge } from './judge';
import { isApplicable } from './needs';
import type { CascadeOptions, CriterionOptions, ModelFamilyOptions } from './options';
import { type PanelStages, type Panels, choosePanels } from './panels';
import { type Route, routeGroup } from './route';

export interface CascadeDeps {
  readonly criteria: readonly CriterionOptions[];
  /** Every judge that a panel names; the cascade does not close their clients. */
  readonly judges: readonly Judge[];
  readonly cascade: CascadeOptions;
  /** Families of models that the registry does not know. */
  readonly models: readonly ModelFamilyOptions[];
  /** Of the escalation draw. */
  readonly salt: string;
  readonly clock: { monotonicMs(): number };
  /** Unforeseeable ids for fences and nonces, e.g. `crypto.randomUUID`. */
  readonly randomId: () => string;
  /** Hears of every call to a judge, once. */
  readonly onCall: JudgeCallListener;
}

/**
 * Cheap panel, route, ensemble, combined score, per call group; groups run side by side. Throws when a panel names an
 * unknown judge or a scale is missing: check with `cascadeFaults` before.
 */
export function createCascade(deps: CascadeDeps): Cascade {
  const { criteria, cascade } = deps;
  const stages = resolveStages(cascade, deps.judges);
  const ask = createAsk({
    monotonicMs: () => deps.clock.monotonicMs(),
    drawNonce: createNonceSource(deps.randomId),
    onCall: deps.onCall,
    inputBudgetChars: cascade.inputBudgetChars,
  });

  async function askPanel(panel: readonly Judge[], group: Group): Promise<Stage> {
    const startedAt = deps.clock.monotonicMs();
    const { signal, interaction } = group.request;
    const replies = await Promise.all(
      panel.map((judge) => ask(judge, { interaction, criteria: group.criteria }, signal)),
    );
    return { replies, ms: deps.clock.monotonicMs() - startedAt };
  }

  async function judgeGroup(group: Group, panels: Panels): Promise<GroupResult> {
    const { interaction, policy, failedChecks } = group.request;
    const cheap = await askPanel(panels.cheap, group);
    const route = routeGroup(
      {
        criteria: group.criteria,
        cheap: new Map(group.criteria.map(({ name }) => [name, answersOn(name, cheap)])),
        failedChecks,
        bandEnabled: policy.bandEnabled,
        draw: uniformDraw('escalate', deps.salt, policy.version, `${group.name}|${interaction.interactionId}`),
      },
      cascade,
    );
    const ensemble = route.escalated ? await askPanel(panels.ensemble, group) : null;
    const verdicts = group.criteria.map((criterion) =>
      settle(criterion, panels, route, answersOn(criterion.name, cheap), answersOn(criterion.name, ensemble), cascade),
    );
    return { verdicts, trail: groupTrail(group, panels, route, cheap, ensemble, verdicts) };
  }

  return {
    async judge(request) {
      const { interaction } = request;
      if (!request.sampling.sampled) return notSampled(criteria, interaction);
      const producer = familyOf(interaction.producer.model, deps.models);
      const applicable = criteria.filter((criterion) => isApplicable(criterion, interaction));
      const results = await Promise.all(
        admit(groupsOf(applicable, request), stages, producer, cascade).map(({ group, choice }) =>
          choice.kind === 'panels' ? judgeGroup(group, choice.panels) : turnAway(group, choice.reason),
        ),
      );
      const byName = new Map(results.flatMap(({ verdicts }) => verdicts).map((v) => [v.criterion, v]));
      const verdicts = criteria.map(({ name }) => byName.get(name) ?? unasked(name, 'not_applicable'));
      return { criteria: verdicts, trail: results.flatMap(({ trail }) => trail), costUsd: totalCost(verdicts) };
    },
    notSampled: (interaction) => notSampled(criteria, interaction),
  };
}

/** Criteria of one item that share calls and the escalation draw. */
interface Group {
  readonly name: string;
  readonly criteria: readonly CriterionOptions[];
  readonly request: JudgingRequest;
}

interface GroupResult {
  readonly verdicts: readonly CriterionVerdict[];
  readonly trail: readonly DecisionStep[];
}

/** What one panel's judges answered, in the panel's order. */
interface Stage {
  readonly replies: readonly Answers[];
  readonly ms: number;
}

function groupsOf(criteria: readonly CriterionOptions[], request: JudgingRequest): Group[] {
  const names = [...new Set(criteria.map((criterion) => criterion.group))];
  return names.map((name) => ({ name, criteria: criteria.filter((criterion) => criterion.group === name), request }));
}

interface Admission {
  readonly group: Group;
  readonly choice: ReturnType<typeof choosePanels>;
}

/**
 * Panels for each group. Where independence is not enforced, a group with safety criteria may have to part: they need
 * an independent panel, the others make do without one.
 */
function admit(
  groups: readonly Group[],
  stages: PanelStages,
  producer: ModelFamily | null,
  cascade: CascadeOptions,
): Admission[] {
  return groups.flatMap((group): Admission[] => {
    const paused = group.request.policy.pausedJudges;
    const safety = group.criteria.filter((criterion) => criterion.safety);
    const strict = choosePanels(stages, producer, paused, 'enforce');
    if (safety.length === 0) return [{ group, choice: choosePanels(stages, producer, paused, cascade.independence) }];
    if (strict.kind === 'panels' || safety.length === group.criteria.length) return [{ group, choice: strict }];
    const others = group.criteria.filter((criterion) => !criterion.safety);
    const lenient = choosePanels(stages, producer, paused, cascade.independence);
    return [
      { group: { ...group, criteria: safety }, choice: strict },
      { group: { ...group, criteria: others }, choice: lenient },
    ];
  });
}

/** The verdict on one criterion from both stages' answers. */
function settle(
  { name, passAt, ...rest }: CriterionOptions,
  panels: Panels,
  route: Route,
  cheap: readonly JudgeAnswer[],
  ensemble: readonly JudgeAnswer[],
  cascade: CascadeOptions,
): CriterionVerdict {
  const { escalated, reason, probability } = route;
  const base = {
    criterion: name,
    unjudgedReason: null,
    panel: panels.id,
    cheap,
    escalation: { escalated, reason, probability },
    ensemble,
    combined: null,
    score: null,
    pass: null,
    estimatorValue: null,
  };
  const cheapScores = cheap.flatMap((answer) => answer.score ?? []);
  const cheapScore = cheapScores.length === 0 ? null : mean(cheapScores);
  if (!escalated) {
    // Not escalated means that every cheap reading is there and that they agree.
    if (cheapScore === null) return { ...base, result: 'not_applicable' };
    const estimatorValue = pseudoOutcome(cheapScore, null, probability);
    return { ...base, result: 'scored', score: cheapScore, pass: cheapScore >= passAt, estimatorValue };
  }
  const result = combineAnswers({ name, passAt, ...rest }, ensemble, cascade, panels.independent);
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
    // Without a cheap score there is nothing to correct.
    estimatorValue: cheapScore === null ? combined.score : pseudoOutcome(cheapScore, combined.score, probability),
  };
}

function turnAway(group: Group, reason: UnjudgedReason): GroupResult {
  const verdicts = group.criteria.map(({ name }) => ({ ...unasked(name, 'unjudged'), unjudgedReason: reason }));
  return { verdicts, trail: [step('route', 'unjudged', `${group.name}: ${reason}`, 0, 0)] };
}

function unasked(criterion: string, result: 'not_applicable' | 'not_sampled' | 'unjudged'): CriterionVerdict {
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
    estimatorValue: null,
  };
}

function notSampled(criteria: readonly CriterionOptions[], interaction: Interaction): Judging {
  const verdicts = criteria.map((criterion) =>
    unasked(criterion.name, isApplicable(criterion, interaction) ? 'not_sampled' : 'not_applicable'),
  );
  return { criteria: verdicts, trail: [], costUsd: 0 };
}

function groupTrail(
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

function step(stage: DecisionStep['stage'], chose: string, why: string, costUsd: number, ms: number): DecisionStep {
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

function answersOn(criterion: string, stage: Stage | null): JudgeAnswer[] {
  return (stage?.replies ?? []).flatMap((reply) => reply.get(criterion) ?? []);
}

function stageCost(stage: Stage): number {
  return sumCosts(stage.replies.flatMap((reply) => [...reply.values()]));
}

function totalCost(verdicts: readonly CriterionVerdict[]): number {
  return sumCosts(verdicts.flatMap((verdict) => [...verdict.cheap, ...verdict.ensemble]));
}

function sumCosts(answers: readonly JudgeAnswer[]): number {
  return answers.reduce((sum, answer) => sum + answer.costUsd, 0);
}

function resolveStages(cascade: CascadeOptions, judges: readonly Judge[]): PanelStages {
  const find = (name: string): Judge => {
    const judge = judges.find((candidate) => candidate.options.name === name);
    if (judge === undefined) throw new Error(`cascade: no judge is named ${name}`);
    return judge;
  };
  return {
    cheap: cascade.cheap.map((panel) => panel.map(find)),
    ensemble: cascade.ensemble.map((panel) => panel.map(find)),
    method: cascade.method,
  };
}
