import type { LoadedConfig } from '../../config/load';
import { createItemCost, TYPICAL_RATES } from '../../judge/item-cost';
import { createSampler } from '../../judge/sampling';
import { INITIAL_POLICY } from '../../policy/policy';
import { closingAfter } from '../closers';
import { readInteractions } from './read-interactions';
import { type OpenInputs, openReplayInputs, type ReplayInputs } from './inputs';

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

/** Reads the inputs and draws the sample, calls no judge. */
export function estimateReplay(loaded: LoadedConfig, inputs: ReplayInputs): Promise<ReplayCost> {
  // As fast as it goes: nobody is called.
  const unpaced: ReplayInputs =
    inputs.kind === 'files' ? { ...inputs, speed: 'max' } : { ...inputs, recordsPerSecond: null };
  return closingAfter(async (closers) => estimate(loaded, await openReplayInputs(unpaced, loaded, closers)));
}

async function estimate({ config }: LoadedConfig, { source, decoder }: OpenInputs): Promise<ReplayCost> {
  const costOf = createItemCost(config.criteria, config.cascade, config.judges, TYPICAL_RATES);
  const sampler = createSampler(config.sampling);
  let [interactions, sampled, cheap, ensemble] = [0, 0, 0, 0];
  const { records } = await readInteractions(source, decoder, (interaction) => {
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
