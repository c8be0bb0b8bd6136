import { type Annotation, pausedJudge, promotionOf } from '../domain/annotation';
import { promotionMark } from '../policy/policy';
import { notedWeighting } from '../policy/weighting';
import type { FoldState } from './state';

/** Notes that pause a judge, or put another in its place. */
export function applyJudgeNote({ pausedJudges }: FoldState, annotation: Annotation): void {
  const promotion = promotionOf(annotation);
  const paused = promotion?.replaces ?? pausedJudge(annotation);
  if (paused === null) return;
  const names = promotion === null ? [paused] : [paused, promotionMark(promotion.replaces, promotion.judge)];
  for (const name of names) {
    if (annotation.withdrawn) pausedJudges.delete(name);
    else pausedJudges.add(name);
  }
}

/** Notes that put learned weights in force, or out of it. */
export function applyWeights({ weightings }: FoldState, annotation: Annotation): void {
  const noted = notedWeighting(annotation);
  if (noted === null) return;
  if (noted.weighting === null) weightings.delete(noted.criterion);
  else weightings.set(noted.criterion, noted.weighting);
}
