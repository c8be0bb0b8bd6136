import type { Interaction } from '../domain/interaction';
import type { CriterionExample } from './options';

/** An example of a criterion as a judge is shown it: all that may be seen is the example's, the rest is `host`'s. */
export function exampleInteraction(example: CriterionExample, host: Interaction): Interaction {
  const { earlier, request, answer, context, referenceAnswer } = example;
  return {
    ...host,
    input: [...earlier, { role: 'user', content: request }],
    context: context.map((text, i) => ({ id: `document-${i + 1}`, text })),
    facts: null,
    tools: [],
    referenceAnswer: referenceAnswer ?? null,
    outputSchema: null,
    output: { text: answer, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
  };
}

/** An interaction that nobody served, with this request and answer. */
export function exchangeOf(request: string, answer: string): Interaction {
  const input: Interaction['input'] = request === '' ? [] : [{ role: 'user', content: request }];
  return { ...NOBODYS, input, output: { ...NOBODYS.output, text: answer } };
}

/** A host for examples where no traffic is at hand: served by nobody. */
export const NOBODYS: Interaction = {
  interactionId: 'example',
  conversationId: 'example',
  conversationKnown: false,
  turnIndex: 0,
  userHash: null,
  occurredAt: 0,
  producer: {
    provider: 'none',
    model: 'none',
    modelVersion: null,
    route: 'primary',
    release: null,
    promptVersion: null,
  },
  experiments: [],
  segments: {},
  input: [],
  context: [],
  facts: null,
  tools: [],
  referenceAnswer: null,
  outputSchema: null,
  output: { text: '', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
  usage: { inputTokens: null, outputTokens: null, costUsd: null, latencyMs: null, ttftMs: null },
  upstreamSampling: { probability: 1, scheme: null },
  trace: null,
};
