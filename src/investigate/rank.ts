import { type Cause, cause, type CauseKind } from './cause';
import { checkCauses, labelCauses, userCauses } from './causes/beside-the-score';
import { judgeCauses } from './causes/judge';
import { hiddenNewcomerCauses, hiddenScopeCauses, servingCauses } from './causes/product';
import { scoreCauses } from './causes/score';
import { hiddenTrafficCauses, mixText } from './causes/traffic';
import { isMoved, NO_EFFECT, strength } from './effect';
import type { Measured } from './measure';

/** What a change comes from, most of it first; never empty. The kind of the alert says where to look. */
export function rank(measured: Measured): Cause[] {
  const { evidence, decomposition } = measured;
  const { kind } = evidence;
  const byKind = kind === null ? undefined : CAUSES_OF_KIND[kind];
  if (byKind !== undefined) {
    const found = byKind(measured);
    if (found.length > 0) return distinct(found);
    const others = scoreCauses(measured);
    // What is known of the judges, or shown of the traffic, says more than that an alert went off.
    const { family, certainty } = others[0] ?? {};
    const saysMore = family === 'judge' || (family === 'traffic' && certainty === 'shown');
    return distinct(saysMore ? others : [...fromAlert(measured), ...others]);
  }
  const isScoreMoved = decomposition !== null && isMoved(decomposition.observed);
  if (evidence.isCheck || kind !== null || isScoreMoved) {
    const own = scoreCauses(measured);
    if (own.length > 0) return distinct(own);
  }
  const hidden = [
    ...hiddenTrafficCauses(measured),
    ...hiddenScopeCauses(measured),
    ...hiddenNewcomerCauses(measured),
  ].sort((a, b) => strength(b.effect) - strength(a.effect));
  return distinct([...labelCauses(measured), ...checkCauses(measured), ...userCauses(measured), ...hidden]);
}

/** Kinds that are about something else than a score or a check. */
const CAUSES_OF_KIND: Readonly<Record<string, (measured: Measured) => Cause[]>> = {
  rater_drift: labelCauses,
  judge_human_disagreement: (measured) => [...shownJudgeCauses(measured), ...labelCauses(measured)],
  judge_drift: shownJudgeCauses,
  traffic_mix_shift: hiddenTrafficCauses,
  failover_quality: (measured) => servingCauses(measured, 'route'),
  quality_dip_after_release: (measured) => servingCauses(measured, 'release'),
  recovery_regression: userKindCauses,
  engagement_regression: userKindCauses,
  judge_user_divergence: userKindCauses,
};

/** By the frozen set alone. */
function shownJudgeCauses(measured: Measured): Cause[] {
  return judgeCauses(measured, measured.judge.golden?.shift ?? NO_EFFECT);
}

/** Users are worse off: because the answers are, where the score fell as well. */
function userKindCauses(measured: Measured): Cause[] {
  const { decomposition } = measured;
  const hasFallen = decomposition !== null && isMoved(decomposition.observed) && decomposition.observed.change < 0;
  return hasFallen ? scoreCauses(measured) : userCauses(measured);
}

const OWN_CAUSE: Readonly<Record<string, readonly [CauseKind, string]>> = {
  failover_quality: ['route_failover', 'the failover route is worse than the primary one'],
  quality_dip_after_release: ['release_regression', 'the release is worse than the one before'],
  rater_drift: ['labeller_drift', 'people label otherwise than before'],
  judge_drift: ['judge_version', 'the judge answers the frozen set otherwise'],
  traffic_mix_shift: ['mix_shift', 'shares of the traffic'],
  recovery_regression: ['users_only', 'users recover less often'],
  engagement_regression: ['users_only', 'users leave more often'],
  judge_user_divergence: ['users_only', 'users and judges part ways'],
};

/** What the alert's own test has shown, where nothing here says more. */
function fromAlert({ evidence, decomposition }: Measured): Cause[] {
  const own = OWN_CAUSE[evidence.kind ?? ''];
  if (own === undefined) return [];
  const [kind, what] = own;
  const text = kind === 'mix_shift' && decomposition !== null ? mixText(decomposition.slices) : what;
  const because = "the alert's own test says so; what is at hand here is too little to say more";
  return [cause(kind, text, NO_EFFECT, 0, because, 'likely')];
}

function distinct(causes: readonly Cause[]): Cause[] {
  if (causes.length === 0)
    return [cause('nothing', 'nothing moved beyond doubt', NO_EFFECT, 0, 'no test is significant')];
  const seen = new Set<string>();
  return causes.filter(({ kind, what }) => {
    const isNew = !seen.has(`${kind} ${what}`);
    seen.add(`${kind} ${what}`);
    return isNew;
  });
}
