import type { Interaction } from '../domain/interaction';

/**
 * What no later stage could put right, whatever the record's format: null when the interaction can be scored, else
 * path, wanted and seen in the words of a dead letter.
 */
export function faultOf(interaction: Interaction): string | null {
  if (interaction.interactionId === '') return 'interaction_id: wanted a non-empty string, saw ""';
  if (interaction.conversationId === '') return 'conversation_id: wanted a non-empty string, saw ""';
  const { occurredAt, turnIndex } = interaction;
  if (!Number.isSafeInteger(occurredAt) || occurredAt < 0) {
    return `occurred_at: wanted milliseconds since 1970, saw ${occurredAt}`;
  }
  if (!Number.isSafeInteger(turnIndex) || turnIndex < 0) {
    return `turn_index: wanted a whole number from 0, saw ${turnIndex}`;
  }
  const { probability } = interaction.upstreamSampling;
  // Written so that NaN fails too.
  if (!(probability > 0 && probability <= 1)) {
    return `upstream_sampling.probability: wanted (0, 1], saw ${probability}`;
  }
  return null;
}
