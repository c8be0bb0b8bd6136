import { createHash } from 'node:crypto';
import type { CheckResult } from '../../domain/check';
import { controlRun, type GoldenAnswer } from '../../domain/golden';
import type { Interaction } from '../../domain/interaction';
import type { JudgeAnswer } from '../../domain/verdict';
import type { Cascade, JudgingRequest } from '../../judge/cascade-port';
import { type ControlItem, controlInteraction, controlItemsOf, createControlDraw } from '../../judge/control-items';
import { familyOf } from '../../judge/families';
import type { CriterionOptions, JudgeOptions, ModelFamilyOptions } from '../../judge/options';
import { BESIDE_TRAFFIC } from '../../policy/policy';

export interface ControlledCascadeDeps {
  readonly inner: Cascade;
  readonly criteria: readonly CriterionOptions[];
  readonly judges: readonly JudgeOptions[];
  readonly models: readonly ModelFamilyOptions[];
  readonly rate: number;
  readonly salt: string;
  readonly promptHash: string;
  /** The deterministic checks of an interaction: a control item goes through them as any other. */
  readonly runChecks: (interaction: Interaction) => readonly CheckResult[];
  /** Takes what was said of a control item to the ledger; a rejection costs that item alone. */
  readonly tell: (answers: readonly GoldenAnswer[]) => Promise<void>;
}

/**
 * A cascade that judges a control item beside one interaction in a few, through the same judges, limits and prompts. What
 * is said of it goes to the ledger as golden answers and into no estimate (rule 8).
 */
export function createControlledCascade(deps: ControlledCascadeDeps): Cascade {
  const { inner, criteria, judges, models, rate, salt, promptHash, runChecks, tell } = deps;
  const items = controlItemsOf(criteria);
  if (items.length === 0 || rate === 0) return inner;
  const drawControl = createControlDraw(items, rate, salt);
  const passAt = new Map(criteria.map((criterion) => [criterion.name, criterion.passAt]));
  const modelOf = new Map(judges.map(({ name, model }) => [name, model]));
  const seal = createHash('sha256').update(JSON.stringify(items)).digest('hex');

  const judgeControl = async (item: ControlItem, host: JudgingRequest): Promise<void> => {
    const interaction = controlInteraction(item, host.interaction);
    const checks = runChecks(interaction);
    const failedChecks = checks.flatMap(({ check, result }) => (result === 'fail' ? [check] : []));
    const { policy, sampling, signal } = host;
    const judging = await inner.judge({ interaction, policy, sampling, signal, failedChecks, checks, fresh: true });
    const verdict = judging.criteria.find(({ criterion }) => criterion === item.criterion);
    if (verdict === undefined) return;
    // One call asks about several criteria: all of it was paid for this item.
    const spent = new Map<string, number>();
    for (const { cheap, ensemble } of judging.criteria) {
      for (const { judge, costUsd } of [...cheap, ...ensemble]) spent.set(judge, (spent.get(judge) ?? 0) + costUsd);
    }
    const toAnswer = (answer: JudgeAnswer): GoldenAnswer => ({
      set: 'control',
      seal,
      run: controlRun(item.kind, interaction.interactionId),
      trigger: 'control',
      variant: 'plain',
      judge: answer.judge,
      family: answer.family,
      model: modelOf.get(answer.judge) ?? '',
      reportedVersion: answer.reportedVersion,
      promptHash,
      total: 1,
      item: item.id,
      repeat: 0,
      fresh: false,
      producerFamily: familyOf(interaction.producer.model, models)?.family ?? null,
      costUsd: spent.get(answer.judge) ?? 0,
      scores: [
        {
          criterion: item.criterion,
          outcome: answer.outcome,
          score: answer.score,
          sealed: item.passes ? 1 : 0,
          base: null,
          passAt: passAt.get(item.criterion) ?? 0.5,
          human: null,
        },
      ],
    });
    const answers = [...verdict.cheap, ...verdict.ensemble];
    if (answers.length > 0) await tell(answers.map(toAnswer));
  };

  return {
    notSampled: (interaction) => inner.notSampled(interaction),
    async judge(request) {
      const { sampling, policy, interaction } = request;
      const isPaid = sampling.sampled && !policy.closedCeilings.includes(BESIDE_TRAFFIC);
      const item = isPaid ? drawControl(interaction.interactionId) : null;
      if (item === null) return inner.judge(request);
      // A control item is worth less than the interaction beside it: what goes wrong with it must not cost that one.
      const [judging] = await Promise.all([inner.judge(request), judgeControl(item, request).catch(() => {})]);
      return judging;
    },
  };
}
