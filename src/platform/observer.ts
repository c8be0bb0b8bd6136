import type { Attributes } from '../domain/attributes';
import type { SpanOrigin } from './trace-parent';

/** A running span. Ending it twice is a bug of the caller. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  fail(reason: string): void;
  /** Points at a span of another trace that this one is about. */
  link(to: { readonly traceId: string; readonly spanId: string }): void;
  end(): void;
  readonly traceId: string | null;
}

/** Traces without a tracing library: the adapter lives in outputs/otel. */
export interface Observer {
  /**
   * Runs `work` inside a new span that is the parent of spans started within. With `origin` the span goes on with that
   * trace; without, it is part of the running span's or begins a trace of its own.
   */
  inSpan<T>(name: string, attributes: Attributes, work: (span: ActiveSpan) => T, origin?: SpanOrigin | null): T;
}

const silentSpan: ActiveSpan = { set: () => {}, fail: () => {}, link: () => {}, end: () => {}, traceId: null };

export const silentObserver: Observer = { inSpan: (_name, _attributes, work) => work(silentSpan) };
