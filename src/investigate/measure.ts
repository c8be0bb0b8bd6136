import type { CellTraffic } from '../store/port-window';
import { isInSegment } from '../store/traffic-cell';
import { type Period, statsOfCheck, statsOfValues } from './cells';
import { type CheckChange, checkChanges } from './check-changes';
import { decompose, type Decomposition } from './decompose';
import { type Evidence, isOfSeries, type PeriodEvidence } from './evidence';
import { goldenShift, type JudgeEvidence, judgesLookedAt, versionChanges } from './judge-evidence';
import { labelEvidence, type LabelEvidence } from './label-evidence';
import { type RateChange, rateChanges } from './sampling-rate';
import { findScope, type Scope } from './scope';
import { type Newcomer, newcomersOf } from './served-by';
import { type UserFigure, userFigures, type UserScope, userScope } from './users';

/** What the evidence says before anything is concluded from it. */
export interface Measured {
  readonly evidence: Evidence;
  readonly decomposition: Decomposition | null;
  /** Slices that are sampled at another rate than before. */
  readonly rates: readonly RateChange[];
  readonly scope: Scope | null;
  readonly newcomers: readonly Newcomer[];
  readonly judge: JudgeEvidence;
  readonly labels: LabelEvidence;
  readonly users: readonly UserFigure[];
  /** Where users' figures got worse; null when none did, or everywhere alike. */
  readonly userScope: UserScope | null;
  /** Checks that fail more often than before. */
  readonly checks: readonly CheckChange[];
}

export function measure(evidence: Evidence): Measured {
  const { segment, criterion, isCheck } = evidence;
  const [before, after] = [periodOf(evidence, evidence.before), periodOf(evidence, evidence.after)];
  const decomposition = decompose(before, after);
  const judge: JudgeEvidence = isCheck
    ? { golden: null, changes: [] }
    : {
        golden: goldenShift(evidence.golden, criterion, judgesLookedAt(evidence)),
        changes: versionChanges(before, after),
      };
  const users = userFigures(evidence.before.sessions, evidence.after.sessions, segment);
  return {
    evidence,
    decomposition,
    rates: isCheck ? [] : rateChanges(trafficOf(evidence, evidence.before), trafficOf(evidence, evidence.after)),
    scope: decomposition === null ? null : findScope(before, after),
    newcomers: newcomersOf(before, after),
    judge,
    labels: labelEvidence(evidence.before.labels, evidence.after.labels, isCheck ? '' : criterion),
    users,
    userScope: userScope(evidence.before.sessions, evidence.after.sessions, segment, users),
    checks: checkChanges(trafficOf(evidence, evidence.before), trafficOf(evidence, evidence.after)),
  };
}

function periodOf(evidence: Evidence, period: PeriodEvidence): Period {
  const { criterion, isCheck } = evidence;
  const traffic = trafficOf(evidence, period);
  if (isCheck) {
    const shares = traffic.map(({ cell, population }) => ({ cell, population }));
    return { stats: statsOfCheck(traffic, criterion), traffic: shares };
  }
  const stats = statsOfValues(period.values.filter((value) => isOfSeries(value, evidence)));
  // Shares are of what the means are over: answers that make people ask again would seem to shift the mix.
  return { stats, traffic: traffic.map(({ cell, conversations }) => ({ cell, population: conversations })) };
}

function trafficOf({ segment }: Evidence, { traffic }: PeriodEvidence): CellTraffic[] {
  return traffic.filter(({ cell }) => isInSegment(cell, segment));
}
