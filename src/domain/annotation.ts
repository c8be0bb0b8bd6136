import type { EpochMs } from './time';

/** What people, or a pipeline on their behalf, write on the timeline. */
export const ANNOTATION_KINDS = ['release', 'flag', 'prompt', 'model', 'data', 'incident', 'note'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

export interface Annotation {
  /** Chosen by the author, so that sending it again changes nothing; else a hash of kind, time and text. */
  readonly id: string;
  readonly kind: AnnotationKind;
  /** When it happened, event time. */
  readonly at: EpochMs;
  /** When it ended; null for a moment, or while it goes on. */
  readonly until: EpochMs | null;
  readonly text: string;
  readonly author: string;
  /** What it is about; empty = everything. */
  readonly segments: Readonly<Record<string, string>>;
  /** True takes it back. */
  readonly withdrawn: boolean;
}

export function annotationKey({ id }: Annotation): string {
  return `annotation/${encodeURIComponent(id)}`;
}
