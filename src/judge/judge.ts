import type { Interaction } from '../domain/interaction';
import { type ModelFamily, judgeFamily } from './families';
import type { JudgeOptions, ModelFamilyOptions } from './options';
import type { JudgeClient } from './port';

/** A configured judge with what is needed to ask it. */
export interface Judge {
  readonly options: JudgeOptions;
  readonly family: ModelFamily;
  readonly client: JudgeClient;
  /** What it may see of an interaction; absent = all. */
  readonly show?: (interaction: Interaction) => Interaction;
}

/** Throws when the family is not known: `cascadeFaults` tells the operator before. */
export function resolveJudge(options: JudgeOptions, models: readonly ModelFamilyOptions[], client: JudgeClient): Judge {
  const family = judgeFamily(options, models);
  if (family === null) throw new Error(`judge ${options.name}: the family of model ${options.model} must be declared`);
  return { options, family, client };
}
