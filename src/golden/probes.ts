import type { GoldenVariant } from '../domain/golden';
import type { Interaction } from '../domain/interaction';
import type { JudgeRequest } from '../judge/port';

/** Says nothing: what it moves, length and manner moved. */
const FLUFF =
  'I hope this helps! Please feel free to reach out if anything is unclear or if there is anything else at all that you ' +
  'would like to know. It is always a pleasure to assist, and your question was a very good one indeed.';

/** The item as a probe shows it: padded with text that adds nothing, else as it is. */
export function probedInteraction(interaction: Interaction, variant: GoldenVariant): Interaction {
  if (variant !== 'padded') return interaction;
  const { output } = interaction;
  return { ...interaction, output: { ...output, text: `${output.text}\n\n${FLUFF}` } };
}

/**
 * The request as a probe sends it: pass and fail named in the other order wherever the instructions name both, else as
 * it is. Only the order of what is offered changes, not a word of it.
 */
export function probedRequest(request: JudgeRequest, variant: GoldenVariant): JudgeRequest {
  return variant === 'swapped' ? { ...request, system: swapOptions(request.system) } : request;
}

/** Its own inverse. */
export function swapOptions(system: string): string {
  return system
    .replace(/"(pass|fail)" \| "(pass|fail)"/g, '"$2" | "$1"')
    .replace(/("(?:pass|fail)": [^"]+?\.) ("(?:pass|fail)": [^"]+?\.)(?= "not)/, '$2 $1');
}
