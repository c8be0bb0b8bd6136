import type { EpochMs } from './time';

/**
 * What people, or a pipeline on their behalf, write on the timeline. `pause`: a judge is not to be called until it is
 * withdrawn. `weights`: learned weights of judges, in force until it is withdrawn.
 */
export const ANNOTATION_KINDS = [
  'release',
  'flag',
  'prompt',
  'model',
  'data',
  'incident',
  'note',
  'pause',
  'weights',
] as const;
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

const PAUSE_ID = 'pause/';

/** The id of the note that pauses a judge; withdrawing it lets the judge go on. */
export function pauseId(judge: string): string {
  return `${PAUSE_ID}${judge}`;
}

/** The judge that a note pauses or lets go on; null for other notes. */
export function pausedJudge({ kind, id }: Annotation): string | null {
  return kind === 'pause' && id.startsWith(PAUSE_ID) ? id.slice(PAUSE_ID.length) : null;
}

const PROMOTION_ID = 'promote/';

/** The id of the note by which a judge takes the place of another in every panel; withdrawing it takes that back. */
export function promotionId({ judge, replaces }: JudgePromotion): string {
  return `${PROMOTION_ID}${replaces}/${judge}`;
}

export interface JudgePromotion {
  readonly judge: string;
  readonly replaces: string;
}

/** What a note promotes, or takes back; null for other notes. */
export function promotionOf({ kind, id }: Annotation): JudgePromotion | null {
  const [replaces, judge] = id.startsWith(PROMOTION_ID) ? id.slice(PROMOTION_ID.length).split('/') : [];
  return kind === 'note' && replaces && judge ? { judge, replaces } : null;
}

export function annotationKey({ id }: Annotation): string {
  return `annotation/${encodeURIComponent(id)}`;
}
