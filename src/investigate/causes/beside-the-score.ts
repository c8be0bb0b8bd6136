import { type Cause, cause } from '../cause';
import { isMoved } from '../effect';
import type { Measured } from '../measure';
import { percent, signed } from '../words';

/** Checks that fail more often while no score moved. */
export function checkCauses({ checks }: Measured): Cause[] {
  return checks.map(({ check, before, after, change }) =>
    cause(
      'check_failure',
      `check ${check}`,
      change,
      change.change,
      `it failed on ${percent(before)} of interactions, now on ${percent(after)}`,
    ),
  );
}

/** Users worse off while neither score nor judge moved. */
export function userCauses({ users, userScope, evidence, decomposition }: Measured): Cause[] {
  const worse = users.filter(({ moved }) => moved === 'worse');
  const [first] = worse;
  if (first === undefined || first.change === null) return [];
  const isScoreMoved = decomposition !== null && isMoved(decomposition.observed) && decomposition.observed.change < 0;
  if (isScoreMoved) return [];
  const names = worse.map(
    ({ name, before, after }) => `${name} ${(before ?? 0).toFixed(2)} → ${(after ?? 0).toFixed(2)}`,
  );
  const where = userScope?.label ?? evidence.segment;
  const place = where === 'all' ? 'everywhere' : `in ${where}`;
  const apart =
    userScope === null
      ? ''
      : `; ${first.name} ${signed(userScope.inside)} there and ${signed(userScope.outside)} elsewhere`;
  const because = `the judged score did not move${apart}`;
  return [cause('users_only', `${place}: ${names.join(', ')}`, first.change, first.change.change, because)];
}

/** People label otherwise than before while the judge stays. */
export function labelCauses({ labels, judge, decomposition }: Measured): Cause[] {
  const { gap, relabelled, relabelledVerdict, labelsBefore, labelsAfter } = labels;
  const isJudgeMoved = judge.golden?.verdict === 'moved';
  const what = 'people label otherwise than before';
  if (relabelledVerdict === 'moved' && relabelled !== null && !isJudgeMoved) {
    const because = `${labels.relabelledItems} frozen items labelled again moved by ${signed(relabelled)}, the judges did not`;
    return [cause('labeller_drift', what, relabelled, relabelled.change, because)];
  }
  if (gap === null || !isMoved(gap) || isJudgeMoved) return [];
  // A judge that changed unseen would have moved the score; people do not.
  const moved = Math.abs(decomposition?.within.change ?? 0);
  const isJudgeNew = judge.changes.length > 0 && judge.golden?.verdict !== 'same';
  if (isJudgeNew && moved > 0.5 * Math.abs(gap.change)) return [];
  const because = `label less score moved by ${signed(gap)} (${labelsBefore} and ${labelsAfter} labels), the judges did not move`;
  const certainty = judge.golden?.verdict === 'same' ? 'shown' : 'likely';
  return [cause('labeller_drift', what, gap, gap.change, because, certainty)];
}
