import { type GoldenAnswer, shadowRun } from '../../domain/golden';
import type { CriterionVerdict } from '../../domain/verdict';
import type { Ask } from '../../judge/ask';
import type { Cascade, JudgingRequest } from '../../judge/cascade-port';
import { uniformDraw } from '../../judge/draw';
import { familyOf } from '../../judge/families';
import { groupCriteria } from '../../judge/groups';
import type { Judge } from '../../judge/judge';
import type { CascadeOptions, CriterionOptions, ModelFamilyOptions } from '../../judge/options';
import { BESIDE_TRAFFIC, promotionMark } from '../../policy/policy';

export interface ShadowedCascadeDeps {
  readonly inner: Cascade;
  readonly criteria: readonly CriterionOptions[];
  readonly judges: readonly Judge[];
  readonly models: readonly ModelFamilyOptions[];
  readonly cascade: Pick<CascadeOptions, 'shadows' | 'shadowRate' | 'grouping'>;
  readonly salt: string;
  readonly promptHash: string;
  readonly ask: Ask;
  /** Takes the answers to the ledger. */
  readonly tell: (answers: readonly GoldenAnswer[]) => Promise<void>;
}

/** Stands where other draws have the policy's version. */
const SHADOW_DRAW = 1;

/**
 * A cascade with judges that are tried out: about a share of the interactions each is asked what the judge it may replace
 * has scored, past the cache and whatever its family. Its answers go to the ledger as golden answers and count for nothing.
 */
export function createShadowedCascade(deps: ShadowedCascadeDeps): Cascade {
  const { inner, criteria, judges, models, cascade, salt, promptHash, ask, tell } = deps;
  const pairs = cascade.shadows.flatMap(({ judge: name, beside }) => {
    const judge = judges.find(({ options }) => options.name === name);
    return judge === undefined ? [] : [{ judge, beside }];
  });
  if (pairs.length === 0 || cascade.shadowRate === 0) return inner;

  const shadow = async (
    judge: Judge,
    beside: string,
    { interaction, failedChecks, signal }: JudgingRequest,
    verdicts: readonly CriterionVerdict[],
  ): Promise<void> => {
    const known = new Map(verdicts.flatMap((verdict) => scoreOf(verdict, beside)));
    const asked = criteria.filter(({ name }) => known.has(name));
    for (const group of groupCriteria(asked, cascade.grouping).values()) {
      const question = { interaction, criteria: group, failedChecks, fresh: true };
      const answers = await ask(judge, question, signal);
      const said = group.flatMap(({ name, passAt }) => {
        const answer = answers.get(name);
        return answer === undefined ? [] : [{ name, passAt, answer }];
      });
      const [first] = said;
      if (first === undefined) continue;
      const golden: GoldenAnswer = {
        set: 'shadow',
        seal: '',
        run: shadowRun(beside, interaction.interactionId),
        trigger: 'control',
        variant: 'plain',
        judge: judge.options.name,
        family: judge.family.family,
        model: judge.options.model,
        reportedVersion: first.answer.reportedVersion,
        promptHash,
        total: 1,
        // A group of criteria is a call of its own, and so is its cost.
        item: group.map(({ name }) => name).join('+'),
        repeat: 0,
        fresh: false,
        producerFamily: familyOf(interaction.producer.model, models)?.family ?? null,
        costUsd: said.reduce((sum, { answer }) => sum + answer.costUsd, 0),
        scores: said.map(({ name, passAt, answer }) => ({
          criterion: name,
          outcome: answer.outcome,
          score: answer.score,
          sealed: null,
          base: known.get(name) ?? null,
          passAt,
          human: null,
        })),
      };
      await tell([golden]);
    }
  };

  return {
    notSampled: (interaction) => inner.notSampled(interaction),
    async judge(request) {
      const judging = await inner.judge(request);
      const { interaction, policy, sampling } = request;
      const isDrawn =
        sampling.sampled &&
        !policy.closedCeilings.includes(BESIDE_TRAFFIC) &&
        uniformDraw('shadow', salt, SHADOW_DRAW, interaction.interactionId) < cascade.shadowRate;
      if (!isDrawn) return judging;
      const trying = pairs.filter(
        ({ judge, beside }) =>
          !policy.pausedJudges.includes(judge.options.name) &&
          !policy.pausedJudges.includes(promotionMark(beside, judge.options.name)),
      );
      await Promise.all(
        // What goes wrong with a shadow must not cost the interaction.
        trying.map(({ judge, beside }) => shadow(judge, beside, request, judging.criteria).catch(() => {})),
      );
      return judging;
    },
  };
}

/** What the judge scored on a criterion; nothing where it was not asked or did not score. */
function scoreOf({ criterion, cheap, ensemble }: CriterionVerdict, judge: string): [string, number][] {
  const score = [...cheap, ...ensemble].find((answer) => answer.judge === judge)?.score ?? null;
  return score === null ? [] : [[criterion, score]];
}
