import type { Attributes } from '../domain/attributes';
import type { SpanOrigin } from './trace-parent';

/** Names a span of some trace. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** A running span. Ending it twice is a bug of the caller. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  fail(reason: string): void;
  /** Points at a span of another trace that this one is about. */
  link(to: SpanLink): void;
  end(): void;
  /** Both null when the trace is not sampled: nothing may point at it then. */
  readonly traceId: string | null;
  readonly spanId: string | null;
}

/** Traces without a tracing library: the adapter lives in outputs/otel. */
export interface Observer {
  /**
   * Runs `work` inside a new span that is the parent of spans started within. With `origin` the span goes on with that
   * trace; without, it is part of the running span's or begins a trace of its own.
   */
  inSpan<T>(name: string, attributes: Attributes, work: (span: ActiveSpan) => T, origin?: SpanOrigin | null): T;
}

const nothing = (): void => {};
const silentSpan: ActiveSpan = {
  set: nothing,
  fail: nothing,
  link: nothing,
  end: nothing,
  traceId: null,
  spanId: null,
};

export const silentObserver: Observer = { inSpan: (_name, _attributes, work) => work(silentSpan) };
