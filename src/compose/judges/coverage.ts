import type { MonitorConfig } from '../../config/config';
import { familyOf, isIndependent, judgeFamily, type ModelFamily } from '../../judge/families';
import { createFileDecoder, createReplaySource } from '../inputs';
import { readInteractions } from '../replay/read-interactions';

/** How much of recorded traffic the configured judges may judge. */
export interface JudgeCoverage {
  readonly interactions: number;
  /** Share of the interactions whose model each judge is independent of, in [0, 1]. */
  readonly judges: readonly { readonly judge: string; readonly family: string; readonly share: number }[];
  /** Share with an admissible panel at each stage. */
  readonly stages: readonly { readonly stage: 'cheap' | 'ensemble'; readonly share: number }[];
  /** What to add, in words; empty = nothing. */
  readonly advice: readonly string[];
}

/** Reads recorded traffic and counts by the model that really served. Rejects with FILE_UNREADABLE. */
export async function judgeCoverage(config: MonitorConfig, inputs: readonly string[]): Promise<JudgeCoverage> {
  const byModel = new Map<string, number>();
  await readInteractions(createReplaySource(inputs, 'max', config), createFileDecoder(config), ({ producer }) => {
    byModel.set(producer.model, (byModel.get(producer.model) ?? 0) + 1);
  });
  return coverageOf(config, byModel);
}

/** @param byModel interactions by the model that served. */
export function coverageOf(
  { judges, models, cascade }: Pick<MonitorConfig, 'judges' | 'models' | 'cascade'>,
  byModel: ReadonlyMap<string, number>,
): JudgeCoverage {
  const total = [...byModel.values()].reduce((sum, count) => sum + count, 0);
  const shareWhere = (holds: (producer: ModelFamily | null) => boolean): number => {
    const count = [...byModel].reduce((sum, [model, n]) => sum + (holds(familyOf(model, models)) ? n : 0), 0);
    return total === 0 ? 0 : count / total;
  };
  const families = new Map(judges.map((judge) => [judge.name, judgeFamily(judge, models)]));
  const mayJudge = (name: string, producer: ModelFamily | null): boolean => {
    const family = families.get(name) ?? null;
    return family !== null && isIndependent(family, producer);
  };
  const hasPanel = (stage: 'cheap' | 'ensemble', producer: ModelFamily | null): boolean =>
    cascade[stage].some((panel) => panel.every((name) => mayJudge(name, producer)));
  const advice = [...byModel].flatMap(([model, count]): string[] => {
    const producer = familyOf(model, models);
    const share = `${((100 * count) / total).toFixed(1)} % of the traffic`;
    if (producer === null) return [`${model} (${share}): its family is not known; declare it under \`models\``];
    const missing = (['cheap', 'ensemble'] as const).filter((stage) => !hasPanel(stage, producer));
    if (missing.length === 0) return [];
    const free = [...families].flatMap(([name, family]) =>
      family !== null && isIndependent(family, producer) ? [name] : [],
    );
    const from =
      free.length === 0 ? 'judges of other families' : `judges of other families, such as ${free.join(', ')}`;
    return [
      `${model} (${producer.family}, ${share}): no ${missing.join(' and no ')} panel may judge it; add one of ${from}`,
    ];
  });
  return {
    interactions: total,
    judges: judges.map(({ name }) => ({
      judge: name,
      family: families.get(name)?.family ?? '?',
      share: shareWhere((producer) => mayJudge(name, producer)),
    })),
    stages: (['cheap', 'ensemble'] as const).map((stage) => ({
      stage,
      share: shareWhere((producer) => hasPanel(stage, producer)),
    })),
    advice,
  };
}
