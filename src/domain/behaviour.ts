import type { EpochMs } from './time';

export const BEHAVIOUR_KINDS = [
  'thumbs_up',
  'thumbs_down',
  'regenerate',
  'rephrase',
  'edit',
  'copy',
  'accept',
  'override',
  'abandon',
  'handoff',
  'resolved',
  'goal',
  'return',
] as const;

export type BehaviourKind = (typeof BEHAVIOUR_KINDS)[number];

/** Something a user did, reported by the product. */
export interface Behaviour {
  readonly eventId: string;
  readonly conversationId: string;
  readonly interactionId: string | null;
  readonly userHash: string | null;
  readonly occurredAt: EpochMs;
  readonly kind: BehaviourKind;
  readonly value: number | null;
}
