import { setMaxListeners } from 'node:events';
import type { UnjudgedReason } from '../domain/accounting';
import type { Interaction } from '../domain/interaction';
import type { CriterionVerdict, DecisionStep, JudgeAnswer } from '../domain/verdict';
import { type Answers, createAsk } from './ask';
import { askUntilDecided } from './ask-members';
import type { Cascade, JudgeCallListener } from './cascade-port';
import { uniformDraw } from './draw';
import { familyOf } from './families';
import { createNonceSource } from './fence';
import { type Group, admit } from './groups';
import { isCut, itemFields } from './item-fields';
import type { Judge } from './judge';
import { type CriterionAsking, type LearnedAsking, askLearned, groupAsking, learnedVersion } from './learned-asking';
import { hasUnseenPart, isApplicable, missingNeed, partsShown } from './needs';
import type { CascadeOptions, CriterionOptions, ModelFamilyOptions } from './options';
import { type PanelStages, type Panels, promoted } from './panels';
import { scaleOf } from './reply';
import { type Route, routeGroup } from './route';
import { notSampled, settle, settleLearned, unasked } from './settle';
import { cacheAnswers } from './verdict-cache';
import { isSplitVote } from '../stats/split-vote';
import { type Stage, groupTrail, step, totalCost } from './trail';

export interface CascadeDeps {
  readonly criteria: readonly CriterionOptions[];
  /** Every judge that a panel names; the cascade does not close their clients. */
  readonly judges: readonly Judge[];
  readonly cascade: CascadeOptions;
  /** For `asking: learned`; null or absent = none. */
  readonly learned?: LearnedAsking | null;
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
  const learned = cascade.asking === 'learned' ? (deps.learned ?? null) : null;
  const ruleName = learned === null ? '' : `rule ${learnedVersion(learned)}`;

  function askerOf(group: Group): (judge: Judge) => Promise<Answers> {
    const { signal, interaction, failedChecks, fresh = false } = group.request;
    return (judge) => ask(judge, { interaction, criteria: group.criteria, failedChecks, fresh }, signal);
  }

  async function askPanel(panel: readonly Judge[], group: Group, asking: CascadeOptions['asking']): Promise<Stage> {
    const startedAt = deps.clock.monotonicMs();
    const askOne = askerOf(group);
    const replies =
      asking === 'until_decided'
        ? await askUntilDecided(panel, group.criteria, cascade, askOne)
        : await Promise.all(panel.map(askOne));
    return { replies, ms: deps.clock.monotonicMs() - startedAt };
  }

  /** One judge more on those criteria that want it and on which the ensemble is one vote from a tie. */
  async function askSplit(group: Group, { tieBreaker }: Panels, stage: Stage): Promise<Stage> {
    const split = group.criteria.filter(
      ({ name, onSplit, passAt }) =>
        onSplit === 'ask' &&
        isSplitVote(
          answersOn(name, stage).flatMap(({ score }) => score ?? []),
          passAt,
        ),
    );
    if (tieBreaker === null || split.length === 0) return stage;
    const startedAt = deps.clock.monotonicMs();
    const reply = await askerOf({ ...group, criteria: split })(tieBreaker);
    return { replies: [...stage.replies, reply], ms: stage.ms + deps.clock.monotonicMs() - startedAt };
  }

  async function judgeGroup(group: Group, panels: Panels): Promise<GroupResult> {
    const { interaction, policy, failedChecks, checks = [] } = group.request;
    const id = `${group.name}|${interaction.interactionId}`;
    const cheap = await askPanel(panels.cheap, group, 'together');
    const readings = new Map(group.criteria.map(({ name }) => [name, answersOn(name, cheap)]));
    const askings = groupAsking(learned, group.criteria, panels);
    const route = routeGroup(
      {
        criteria: group.criteria,
        cheap: readings,
        failedChecks,
        bandEnabled: policy.bandEnabled,
        draw: uniformDraw('escalate', deps.salt, policy.version, id),
        doubtIsLearned: askings !== null,
      },
      cascade,
    );
    const isScored = [...readings.values()].every((answers) => answers.some(({ score }) => score !== null));
    if (askings !== null && isScored) return judgeLearned(group, panels, askings, cheap, readings, route, id);
    const ensemble = route.escalated
      ? await askSplit(group, panels, await askPanel(panels.ensemble, group, cascade.asking))
      : null;
    const verdicts = group.criteria.map((criterion) =>
      settle(
        criterion,
        panels,
        route,
        answersOn(criterion.name, cheap),
        answersOn(criterion.name, ensemble),
        cascade,
        // Weights need the whole panel; one that is asked in turn has its own rule.
        { weightings: cascade.asking === 'together' ? policy.weightings : [], checks },
      ),
    );
    return { verdicts, trail: groupTrail(group, panels, route, cheap, ensemble, verdicts) };
  }

  /** The draw of the route decides whether all are asked; where it does not, the learned rule decides how many are. */
  async function judgeLearned(
    group: Group,
    panels: Panels,
    askings: readonly CriterionAsking[],
    cheap: Stage,
    readings: ReadonlyMap<string, readonly JudgeAnswer[]>,
    route: Route,
    id: string,
  ): Promise<GroupResult> {
    const startedAt = deps.clock.monotonicMs();
    const draw = uniformDraw('ask', deps.salt, group.request.policy.version, id);
    const byName = new Map(panels.ensemble.map((judge) => [judge.options.name, judge]));
    const whole = route.escalated ? await askPanel(panels.ensemble, group, 'together') : null;
    const askOne = askerOf(group);
    const replies: Answers[] = [];
    const stopped = await askLearned(
      askings,
      group.criteria,
      group.request.interaction,
      readings,
      draw,
      async (name) => {
        const judge = byName.get(name);
        const heard = whole?.replies[panels.ensemble.findIndex(({ options }) => options.name === name)];
        if (heard !== undefined) return heard;
        const reply: Answers = judge === undefined ? new Map() : await askOne(judge);
        replies.push(reply);
        return reply;
      },
    );
    const ensemble = whole ?? { replies, ms: deps.clock.monotonicMs() - startedAt };
    const verdicts = group.criteria.map((criterion) => {
      const { name } = criterion;
      const one = stopped.get(name) ?? { stopped: [], foretold: 0 };
      const answers = { ...one, ensemble: answersOn(name, ensemble) };
      return settleLearned(criterion, panels, route, readings.get(name) ?? [], answers, cascade);
    });
    const said = { ...route, why: `${route.why}, ${ruleName}` };
    const asked = ensemble.replies.length === 0 ? null : ensemble;
    return { verdicts, trail: groupTrail(group, panels, said, cheap, asked, verdicts) };
  }

  return {
    async judge(request) {
      const { interaction } = request;
      if (!request.sampling.sampled) return notSampled(criteria, interaction);
      // Each judge of each group listens; how many there are is configuration, not a leak.
      setMaxListeners(0, request.signal);
      const producer = familyOf(interaction.producer.model, deps.models);
      const applicable = criteria.filter((criterion) => isApplicable(criterion, interaction));
      const unfit = applicable.flatMap((criterion) => unfitFor(criterion, interaction, cascade.inputBudgetChars) ?? []);
      const unfitNames = new Set(unfit.map(({ criterion }) => criterion));
      const judged = applicable.filter(({ name }) => !unfitNames.has(name));
      const seated = promoted(stages, request.policy.pausedJudges);
      const admissions = admit(judged, request, seated, producer, cascade);
      const results = await Promise.all(
        admissions.map(async ({ group, choice }) =>
          choice.kind === 'panels' ? judgeGroup(group, choice.panels) : turnAway(group, choice.reason),
        ),
      );
      const byName = new Map([...unfit, ...results.flatMap(({ verdicts }) => verdicts)].map((v) => [v.criterion, v]));
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

/** The verdict on a criterion that nobody could judge on this interaction; null when it can be judged. */
function unfitFor(criterion: CriterionOptions, interaction: Interaction, budget: number): CriterionVerdict | null {
  const reasonWhy = (): UnjudgedReason | null => {
    if (missingNeed(criterion, interaction) !== null) return 'missing_context';
    if (criterion.unseenInput === 'unsupported_content' && hasUnseenPart(interaction)) return 'unsupported_content';
    return isTooLong() ? 'too_long' : null;
  };
  const isTooLong = (): boolean =>
    criterion.cutInput === 'too_long' && isCut(itemFields(interaction, partsShown([criterion]), budget));
  const reason = reasonWhy();
  return reason === null ? null : { ...unasked(criterion.name, 'unjudged'), unjudgedReason: reason };
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
    tieBreakers: cascade.tieBreakers.map(find),
    method: cascade.method,
    successors: cascade.shadows.map(({ judge, beside }) => ({ judge: find(judge), replaces: beside })),
  };
}

function answersOn(criterion: string, stage: Stage | null): JudgeAnswer[] {
  return (stage?.replies ?? []).flatMap((reply) => reply.get(criterion) ?? []);
}
