import { setMaxListeners } from 'node:events';
import type { UnjudgedReason } from '../domain/accounting';
import type { CriterionVerdict, DecisionStep, JudgeAnswer } from '../domain/verdict';
import { type Answers, createAsk } from './ask';
import { askUntilDecided } from './ask-members';
import type { Cascade, JudgeCallListener } from './cascade-port';
import { uniformDraw } from './draw';
import { familyOf } from './families';
import { createNonceSource } from './fence';
import { type Group, admit, groupsOf } from './groups';
import type { Judge } from './judge';
import { isApplicable } from './needs';
import type { CascadeOptions, CriterionOptions, ModelFamilyOptions } from './options';
import type { PanelStages, Panels } from './panels';
import { scaleOf } from './reply';
import { routeGroup } from './route';
import { notSampled, settle, unasked } from './settle';
import { cacheAnswers } from './verdict-cache';
import { type Stage, groupTrail, step, totalCost } from './trail';

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
  criteria.filter((criterion) => criterion.kind === 'scale').forEach(scaleOf);
  const stages = resolveStages(cascade, deps.judges);
  const asking = createAsk({
    monotonicMs: () => deps.clock.monotonicMs(),
    drawNonce: createNonceSource(deps.randomId),
    onCall: deps.onCall,
    inputBudgetChars: cascade.inputBudgetChars,
  });
  const ask = cacheAnswers(asking, cascade.cacheEntries, cascade.inputBudgetChars);

  async function askPanel(panel: readonly Judge[], group: Group, asking: CascadeOptions['asking']): Promise<Stage> {
    const startedAt = deps.clock.monotonicMs();
    const { signal, interaction, failedChecks, fresh = false } = group.request;
    const askOne = (judge: Judge): Promise<Answers> =>
      ask(judge, { interaction, criteria: group.criteria, failedChecks, fresh }, signal);
    const replies =
      asking === 'together'
        ? await Promise.all(panel.map(askOne))
        : await askUntilDecided(panel, group.criteria, cascade, askOne);
    return { replies, ms: deps.clock.monotonicMs() - startedAt };
  }

  async function judgeGroup(group: Group, panels: Panels): Promise<GroupResult> {
    const { interaction, policy, failedChecks } = group.request;
    const cheap = await askPanel(panels.cheap, group, 'together');
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
    const ensemble = route.escalated ? await askPanel(panels.ensemble, group, cascade.asking) : null;
    const verdicts = group.criteria.map((criterion) =>
      settle(criterion, panels, route, answersOn(criterion.name, cheap), answersOn(criterion.name, ensemble), cascade),
    );
    return { verdicts, trail: groupTrail(group, panels, route, cheap, ensemble, verdicts) };
  }

  return {
    async judge(request) {
      const { interaction } = request;
      if (!request.sampling.sampled) return notSampled(criteria, interaction);
      // Each judge of each group listens; how many there are is configuration, not a leak.
      setMaxListeners(0, request.signal);
      const producer = familyOf(interaction.producer.model, deps.models);
      const applicable = criteria.filter((criterion) => isApplicable(criterion, interaction));
      const admissions = admit(groupsOf(applicable, request), stages, producer, cascade);
      const results = await Promise.all(
        admissions.map(async ({ group, choice }) =>
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

interface GroupResult {
  readonly verdicts: readonly CriterionVerdict[];
  readonly trail: readonly DecisionStep[];
}

function turnAway(group: Group, reason: UnjudgedReason): GroupResult {
  const verdicts = group.criteria.map(({ name }) => ({ ...unasked(name, 'unjudged'), unjudgedReason: reason }));
  return { verdicts, trail: [step('route', 'unjudged', `${group.name}: ${reason}`, 0, 0)] };
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

function answersOn(criterion: string, stage: Stage | null): JudgeAnswer[] {
  return (stage?.replies ?? []).flatMap((reply) => reply.get(criterion) ?? []);
}
