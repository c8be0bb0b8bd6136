import type { UnjudgedReason } from '../domain/accounting';

/** One request to a judge, provider-neutral. */
export interface JudgeRequest {
  readonly system: string;
  readonly user: string;
  /** JSON Schema that the reply must satisfy; enforced by the provider's decoder where it can. */
  readonly schema: object;
  readonly schemaName: string;
}

/** One token of an answer and what could have stood in its place, itself among them. */
export interface TokenChoice {
  readonly token: string;
  readonly alternatives: readonly { readonly token: string; readonly logprob: number }[];
}

/** What came back over the wire, before its content is read. */
export interface JudgeReply {
  /** Text of the structured answer; null when there was none. */
  readonly text: string | null;
  readonly failure: UnjudgedReason | null;
  /** A short reason without provider or production text, e.g. `http 503`. */
  readonly failureDetail: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reportedVersion: string | null;
  readonly attempts: number;
  /** Of `text`, in order; absent where the provider gave none. */
  readonly tokens?: readonly TokenChoice[];
}

/** One endpoint that can be asked. Never rejects for what a provider does; a failure is part of the reply. */
export interface JudgeClient {
  complete(request: JudgeRequest, signal: AbortSignal): Promise<JudgeReply>;
  /** From here on no call is begun: what waits for its turn, or comes now, is answered `deadline`. */
  leave(): void;
  close(): Promise<void>;
}
