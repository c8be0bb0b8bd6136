import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { Diagnosis } from './diagnose';
import type { Subject } from './gather';
import { percent } from './words';

export interface TimelineEntry {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
}

/** What happened about the change, oldest first: what people noted and decided, what is new, when the alert went off. */
export function timelineOf(
  subject: Subject,
  alert: Alert | null,
  { newcomers, judge }: Diagnosis,
  annotations: readonly Annotation[],
  acknowledgements: readonly Acknowledgement[],
): TimelineEntry[] {
  const entries: TimelineEntry[] = annotations.map(({ at, kind, text, author }) => ({
    at,
    kind,
    text: `${text} (${author})`,
  }));
  const add = (at: number, kind: string, text: string): void => void entries.push({ at, kind, text });
  add(subject.changeAt, 'change', 'the change most likely began');
  for (const { dimension, value, shareBefore, shareAfter } of newcomers) {
    const text = `${dimension}=${value} from ${percent(shareBefore)} to ${percent(shareAfter)} of the traffic since`;
    add(subject.changeAt, dimension, text);
  }
  for (const { what, share } of judge.changes) {
    add(subject.changeAt, 'judging', `${what}, ${percent(share)} of what was judged since`);
  }
  if (alert !== null) {
    add(alert.firedAt, 'alert', `${alert.series.kind} fired`);
    if (alert.resolvedAt !== null) add(alert.resolvedAt, 'alert', `${alert.series.kind} resolved`);
  }
  for (const { at, action, author, reason } of acknowledgements) {
    add(at, action.replaceAll('_', ' '), `${author}: ${reason}`);
  }
  return entries.sort((a, b) => a.at - b.at);
}
