import type { LoadedConfig } from '../config/load';
import { createItemCost, TYPICAL_RATES } from '../judge/item-cost';
import { createSampler } from '../judge/sampling';
import { INITIAL_POLICY } from '../policy/policy';
import { createFileDecoder, createReplaySource } from './inputs';
import { readInteractions } from './read-interactions';

/** What a replay would cost, from lengths and prices, USD. */
export interface ReplayCost {
  readonly records: number;
  readonly interactions: number;
  readonly sampled: number;
  /** If nothing escalates, at the assumed share, and if everything does. */
  readonly atLeastUsd: number;
  readonly expectedUsd: number;
  readonly atMostUsd: number;
  /** Share assumed to escalate. */
  readonly escalation: number;
}

const ESCALATION = 0.25;

/** Reads the files and draws the sample, calls no judge. */
export async function estimateReplay({ config }: LoadedConfig, inputs: readonly string[]): Promise<ReplayCost> {
  const costOf = createItemCost(config.criteria, config.cascade, config.judges, TYPICAL_RATES);
  const sampler = createSampler(config.sampling);
  let [interactions, sampled, cheap, ensemble] = [0, 0, 0, 0];
  const source = createReplaySource(inputs, 'max', config);
  const { records } = await readInteractions(source, createFileDecoder(config), (interaction) => {
    interactions += 1;
    if (!sampler(interaction, INITIAL_POLICY).sampled) return;
    sampled += 1;
    const { cheapUsd, ensembleUsd } = costOf(interaction);
    cheap += cheapUsd;
    ensemble += ensembleUsd;
  });
  return {
    records,
    interactions,
    sampled,
    atLeastUsd: cheap,
    expectedUsd: cheap + ESCALATION * ensemble,
    atMostUsd: cheap + ensemble,
    escalation: ESCALATION,
  };
}
