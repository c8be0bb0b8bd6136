import type { EpochMs } from './time';

/** One exchange between a user and the product under watch: what went in, what came out, and under which conditions. */
export interface Interaction {
  readonly interactionId: string;
  /** Absent in the record = a one-turn conversation; then equal to `interactionId` and counted as such. */
  readonly conversationId: string;
  /** False when the producer sent no conversation id. */
  readonly conversationKnown: boolean;
  /** 0-based position of this turn in its conversation. */
  readonly turnIndex: number;
  readonly userHash: string | null;
  readonly occurredAt: EpochMs;
  readonly producer: Producer;
  readonly experiments: readonly Experiment[];
  /** Declared cells such as `{ product: 'support', locale: 'de' }`; a null-prototype object. */
  readonly segments: Readonly<Record<string, string>>;
  readonly input: readonly Message[];
  readonly context: readonly ContextDocument[];
  /** Typed JSON from the producer's own systems: neither model nor user text. */
  readonly facts: unknown;
  readonly tools: readonly ToolDeclaration[];
  readonly referenceAnswer: string | null;
  /** JSON Schema that `output.text` was asked to satisfy. */
  readonly outputSchema: unknown;
  readonly output: Output;
  readonly usage: Usage;
  readonly upstreamSampling: UpstreamSampling;
  readonly trace: TraceContext | null;
}

export interface Producer {
  readonly provider: string;
  /** The model that really served, not the one asked for. */
  readonly model: string;
  readonly modelVersion: string | null;
  readonly route: 'primary' | 'failover';
  readonly release: string | null;
  readonly promptVersion: string | null;
}

export interface Experiment {
  readonly key: string;
  readonly variant: string;
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
}

export interface ContextDocument {
  readonly id: string;
  readonly text: string;
}

export interface ToolDeclaration {
  readonly name: string;
  readonly description: string | null;
}

export interface Output {
  readonly text: string;
  /** As the provider reports it: `stop`, `length`, `content_filter`, `tool_calls`, `error` or another word. */
  readonly finishReason: string | null;
  /** The provider's own refusal signal; null when it has none. */
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly chunks: readonly Chunk[];
}

export interface ToolCall {
  readonly name: string;
  /** JSON text as the model wrote it; may be malformed, which is a finding. */
  readonly arguments: string;
  readonly result: string | null;
  readonly ok: boolean | null;
}

export interface Chunk {
  /** Milliseconds since the start of the answer. */
  readonly offsetMs: number;
  readonly text: string;
}

export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
}

/** How the producer itself thinned the stream before us. Absent in the record = probability 1. */
export interface UpstreamSampling {
  /** In (0, 1]; anything else is a fault of the record. */
  readonly probability: number;
  readonly scheme: string | null;
}

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
}
