import type { Attributes } from '../domain/attributes';

/** A running span. Ending it twice is a bug of the caller. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  fail(reason: string): void;
  end(): void;
  readonly traceId: string | null;
}

/** Traces without a tracing library: the adapter lives in outputs/otel. */
export interface Observer {
  /** Runs `work` inside a new span that is the parent of spans started within. */
  inSpan<T>(name: string, attributes: Attributes, work: (span: ActiveSpan) => T): T;
}

const silentSpan: ActiveSpan = { set: () => {}, fail: () => {}, end: () => {}, traceId: null };

export const silentObserver: Observer = { inSpan: (_name, _attributes, work) => work(silentSpan) };
