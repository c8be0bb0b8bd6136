import { hasSegments, whereLabel } from '../domain/segment';
import type { Sampler } from './cascade-port';
import { uniformDraw } from './draw';
import type { SamplingOptions } from './options';

/** The cell of interactions that match no declared one. */
export const DEFAULT_CELL = 'default';

/** Stands where other draws have the policy's version. */
const SAMPLE_DRAW = 1;

/**
 * Samples whole conversations: every turn of a conversation shares one draw, so it is judged from end to end while its
 * cell and the policy stay. The probability depends on declared cells and the policy's scale only, never on content.
 * Cells and policies share the draw too, so a conversation sampled at a low rate is also sampled at any higher one: this
 * makes thinning exact, and a policy that changes leaves open conversations what they are as far as the rate allows.
 */
export function createSampler(options: SamplingOptions): Sampler {
  const cells = options.cells.map((cell) => ({
    cell,
    name: whereLabel(cell.where) || DEFAULT_CELL,
    where: Object.entries(cell.where),
  }));
  return (interaction, policy) => {
    const found = cells.find(({ where }) => hasSegments(interaction.segments, where));
    const probability = (found?.cell.rate ?? options.rate) * policy.samplingScale;
    return {
      // A draw lies in [0, 1): it cannot say otherwise of what is always or never sampled.
      sampled:
        probability >= 1 ||
        (probability > 0 && uniformDraw('sample', options.salt, SAMPLE_DRAW, interaction.conversationId) < probability),
      probability,
      upstreamProbability: interaction.upstreamSampling.probability,
      cell: found?.name ?? DEFAULT_CELL,
    };
  };
}
