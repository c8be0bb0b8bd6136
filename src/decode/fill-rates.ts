import type { Interaction } from '../domain/interaction';

/** What one field of an interaction is worth, and what is lost without it. */
interface FieldUse {
  readonly field: string;
  readonly isFilled: (interaction: Interaction) => boolean;
  readonly without: string;
}

export interface FieldRate {
  readonly field: string;
  /** Share of the interactions in which it is there, in [0, 1]. */
  readonly fill: number;
  /** What the monitor cannot do where it is missing. */
  readonly without: string;
}

const USES: readonly FieldUse[] = [
  {
    field: 'conversation_id',
    isFilled: ({ conversationKnown }) => conversationKnown,
    without: 'sessions, recovery and abandonment: every record counts as a conversation of one turn',
  },
  {
    field: 'user_hash',
    isFilled: ({ userHash }) => userHash !== null,
    without: 'whether users come back; erasure by user',
  },
  {
    field: 'input',
    isFilled: ({ input }) => input.some(({ role, content }) => role === 'user' && content !== ''),
    without: 'what the user asked: rephrasing, negation, language, and any judge that must know the question',
  },
  {
    field: 'output.text',
    isFilled: ({ output }) => output.text !== '',
    without: 'everything but the blank-answer check',
  },
  {
    field: 'output.finish_reason',
    isFilled: ({ output }) => output.finishReason !== null,
    without: 'answers cut off by the token limit or a filter',
  },
  {
    field: 'output.tool_calls',
    isFilled: ({ output }) => output.toolCalls.length > 0,
    without: 'claims of actions that never happened (unsupported_action_rise), unknown tools, tool errors',
  },
  {
    field: 'context',
    isFilled: ({ context }) => context.length > 0,
    without: 'grounding checks and criteria that require context',
  },
  { field: 'facts', isFilled: ({ facts }) => facts !== null, without: 'claims checked against your own systems' },
  {
    field: 'segments',
    isFilled: ({ segments }) => Object.keys(segments).length > 0,
    without: 'figures and alerts per slice',
  },
  {
    field: 'producer.release',
    isFilled: ({ producer }) => producer.release !== null,
    without: 'quality_dip_after_release; releases in investigations',
  },
  {
    field: 'producer.prompt_version',
    isFilled: ({ producer }) => producer.promptVersion !== null,
    without: 'prompt changes as a cause',
  },
  { field: 'usage.latency_ms', isFilled: ({ usage }) => usage.latencyMs !== null, without: 'latency beside quality' },
  {
    field: 'usage.output_tokens',
    isFilled: ({ usage }) => usage.outputTokens !== null,
    without: 'cost and length in tokens',
  },
  { field: 'trace', isFilled: ({ trace }) => trace !== null, without: 'links from alerts and exemplars to traces' },
];

/** In the order of what hurts most. Empty input gives no rates. */
export function fillRates(interactions: readonly Interaction[]): readonly FieldRate[] {
  if (interactions.length === 0) return [];
  return USES.map(({ field, isFilled, without }) => ({
    field,
    fill: interactions.filter(isFilled).length / interactions.length,
    without,
  }));
}
