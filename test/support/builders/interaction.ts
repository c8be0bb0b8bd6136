import type { Behaviour } from '../../../src/domain/behaviour';
import { BEHAVIOUR_KINDS } from '../../../src/domain/behaviour';
import type { Interaction } from '../../../src/domain/interaction';
import type { SeededRandom } from './random';

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

/** The `index`th interaction of a seeded stream: a few products, models and conversations of several turns. */
export function randomInteraction(
  random: SeededRandom,
  index: number,
  overrides: Partial<Interaction> = {},
): Interaction {
  const conversation = random.int(Math.max(1, Math.ceil(index / 3)) + 1);
  return buildInteraction({
    interactionId: `i-${index}`,
    conversationId: `c-${conversation}`,
    turnIndex: index % 5,
    userHash: random.chance(0.8) ? `u-${random.int(20)}` : null,
    occurredAt: BUILT_AT + index * 1000 + random.int(500),
    producer: {
      provider: 'acme',
      model: random.pick(['acme-chat-1', 'acme-chat-2', 'other-1']),
      modelVersion: null,
      route: random.chance(0.1) ? 'failover' : 'primary',
      release: random.pick(['r1', 'r2', null]),
      promptVersion: null,
    },
    segments: { product: random.pick(['support', 'search', 'billing']), locale: random.pick(['de', 'en']) },
    output: {
      text: 'word '.repeat(1 + random.int(30)).trim(),
      finishReason: 'stop',
      refusal: null,
      toolCalls: [],
      chunks: [],
    },
    ...overrides,
  });
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

export function randomBehaviour(random: SeededRandom, index: number, overrides: Partial<Behaviour> = {}): Behaviour {
  return buildBehaviour({
    eventId: `b-${index}`,
    conversationId: `c-${random.int(Math.ceil(index / 3) + 1)}`,
    interactionId: random.chance(0.5) ? `i-${random.int(index + 1)}` : null,
    occurredAt: BUILT_AT + index * 1000,
    kind: random.pick(BEHAVIOUR_KINDS),
    ...overrides,
  });
}
