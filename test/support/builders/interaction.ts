import type { Behaviour } from '../../../src/domain/behaviour';
import type { Interaction } from '../../../src/domain/interaction';

/** 2026-03-02T09:00:00Z, a Monday. */
export const BUILT_AT = 1_772_442_000_000;

/** A plain, complete interaction; `overrides` replaces whole top-level fields. */
export function buildInteraction(overrides: Partial<Interaction> = {}): Interaction {
  return {
    interactionId: 'i-1',
    conversationId: 'c-1',
    conversationKnown: true,
    turnIndex: 0,
    userHash: 'u-1',
    occurredAt: BUILT_AT,
    producer: {
      provider: 'acme',
      model: 'acme-chat-1',
      modelVersion: null,
      route: 'primary',
      release: 'r1',
      promptVersion: null,
    },
    experiments: [],
    segments: { product: 'support' },
    input: [{ role: 'user', content: 'Where is my parcel?' }],
    context: [],
    facts: null,
    tools: [],
    referenceAnswer: null,
    outputSchema: null,
    output: { text: 'It arrives tomorrow.', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
    usage: { inputTokens: 12, outputTokens: 6, costUsd: null, latencyMs: 420, ttftMs: 90 },
    upstreamSampling: { probability: 1, scheme: null },
    trace: null,
    ...overrides,
  };
}

export function buildBehaviour(overrides: Partial<Behaviour> = {}): Behaviour {
  return {
    eventId: 'b-1',
    conversationId: 'c-1',
    interactionId: 'i-1',
    userHash: 'u-1',
    occurredAt: BUILT_AT,
    kind: 'thumbs_up',
    value: null,
    ...overrides,
  };
}
