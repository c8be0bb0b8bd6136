import type { Interaction } from '../domain/interaction';
import type { Behaviour } from '../domain/behaviour';
import type { ShapeFault } from './shape-fault';
import type { ReadHooks } from './shape-reader';
import type { WriteHooks } from './shape-writer';

/** Event times outside are of another unit (seconds, microseconds) or nonsense: 1973-03-03 and 2100-01-01, ms. */
const EARLIEST_MS = 100_000_000_000;
const LATEST_MS = 4_102_444_800_000;

/** An interaction without a conversation id is a conversation of one turn, named like the interaction. */
export const interactionReadHooks: ReadHooks = {
  'plumbline.Interaction': (record) => {
    const isKnown = typeof record.conversationId === 'string' && record.conversationId !== '';
    record.conversationKnown = isKnown;
    if (!isKnown) record.conversationId = record.interactionId;
    return record;
  },
};

export const interactionWriteHooks: WriteHooks = {
  'plumbline.Interaction': (record) =>
    record.conversationKnown === false ? { ...record, conversationId: null } : record,
};

/** What the schema's types cannot say about an interaction; null when it is sound. */
export function interactionFault(interaction: Interaction): ShapeFault | null {
  if (interaction.interactionId === '') return emptyId('interaction_id');
  if (interaction.turnIndex < 0) return impossible('turn_index', 'a position from 0', 'a negative number');
  const { probability } = interaction.upstreamSampling;
  if (probability <= 0 || probability > 1) {
    return impossible('upstream_sampling.probability', 'a number in (0, 1]', String(probability));
  }
  return timeFault(interaction.occurredAt);
}

export function behaviourFault(behaviour: Behaviour): ShapeFault | null {
  if (behaviour.eventId === '') return emptyId('event_id');
  if (behaviour.conversationId === '') return emptyId('conversation_id');
  return timeFault(behaviour.occurredAt);
}

function timeFault(occurredAt: number): ShapeFault | null {
  if (occurredAt >= EARLIEST_MS && occurredAt < LATEST_MS) return null;
  const seen = occurredAt < EARLIEST_MS ? 'a time before 1973 (seconds?)' : 'a time after 2100 (microseconds?)';
  return impossible('occurred_at', 'milliseconds since 1970', seen);
}

function emptyId(path: string): ShapeFault {
  return impossible(path, 'a non-empty string', 'an empty one');
}

function impossible(path: string, wanted: string, seen: string): ShapeFault {
  return { path, wanted, seen, reason: 'value' };
}
