import type { Interaction } from '../domain/interaction';
import type { Sampler } from './cascade-port';
import { uniformDraw } from './draw';
import type { SamplingOptions } from './options';

type Cell = SamplingOptions['cells'][number];

/** The cell of interactions that match no declared one. */
export const DEFAULT_CELL = 'default';

/**
 * Samples whole conversations: every turn of a conversation shares one draw, so it is judged from end to end while its
 * cell and the policy version stay. The probability depends on declared cells only, never on content. Cells share the
 * draw too, so a conversation sampled at a low rate is also sampled at any higher one, which makes thinning exact.
 */
export function createSampler(options: SamplingOptions): Sampler {
  const cells = options.cells.map((cell) => ({ cell, name: cellName(cell) }));
  return (interaction, policy) => {
    const found = cells.find(({ cell }) => matches(cell, interaction));
    const probability = found?.cell.rate ?? options.rate;
    return {
      sampled: uniformDraw('sample', options.salt, policy.version, interaction.conversationId) < probability,
      probability,
      upstreamProbability: interaction.upstreamSampling.probability,
      cell: found?.name ?? DEFAULT_CELL,
    };
  };
}

function matches(cell: Cell, interaction: Interaction): boolean {
  return Object.entries(cell.where).every(
    ([key, value]) => Object.hasOwn(interaction.segments, key) && interaction.segments[key] === value,
  );
}

/** `locale=de,product=support`: independent of the order in which the configuration names the segments. */
function cellName(cell: Cell): string {
  const parts = Object.entries(cell.where).map(([key, value]) => `${key}=${value}`);
  return parts.sort().join(',') || DEFAULT_CELL;
}
