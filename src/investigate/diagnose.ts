import type { GoldenAnswer } from '../domain/golden';
import type { Label } from '../domain/label';
import type { CellTraffic, SessionRow, WindowValue } from '../store/port';
import { isInSegment } from '../store/segment-of-cell';
import { cause, type Cause, type CauseKind, type Effect, type Finding, NO_EFFECT } from './cause';
import { type CellStats, type Period, statsOfCheck, statsOfValues } from './cells';
import { decompose, type Decomposition } from './decompose';
import { goldenShift, type JudgeEvidence, MINIMAL_EFFECT, versionChanges } from './judge-evidence';
import { labelEvidence, type LabelEvidence } from './label-evidence';
import { findScope, type Scope } from './scope';
import { type Newcomer, newcomersOf } from './served-by';
import { type UserFigure, userFigures } from './users';

/** One period's evidence, whole stream. */
export interface PeriodEvidence {
  readonly from: number;
  readonly to: number;
  readonly values: readonly WindowValue[];
  readonly traffic: readonly CellTraffic[];
  readonly sessions: readonly SessionRow[];
  readonly labels: readonly Label[];
}

export interface Evidence {
  /** Kind of the alert; null when a segment and a time are looked at without one. */
  readonly kind: string | null;
  readonly segment: string;
  /** Criterion or check; empty where the alert has none. */
  readonly criterion: string;
  readonly panel: string;
  /** Whether `criterion` names a check. */
  readonly isCheck: boolean;
  readonly before: PeriodEvidence;
  readonly after: PeriodEvidence;
  /** Answers on the frozen set since the change. */
  readonly golden: readonly GoldenAnswer[];
}

export interface Diagnosis {
  /** Most of the change first; never empty. */
  readonly causes: readonly Cause[];
  readonly decomposition: Decomposition | null;
  readonly scope: Scope | null;
  readonly newcomers: readonly Newcomer[];
  readonly judge: JudgeEvidence;
  readonly labels: LabelEvidence;
  readonly users: readonly UserFigure[];
  /** Checks that fail more often than before. */
  readonly checks: readonly CheckChange[];
  readonly findings: readonly Finding[];
}

export interface CheckChange {
  readonly check: string;
  readonly before: number;
  readonly after: number;
  readonly change: Effect;
}

/** Standard errors beyond which a change is one. */
const BEYOND_DOUBT = 3;
/** Names what a change comes from, what it does not come from, and by which test. Pure. */
export function diagnose(evidence: Evidence): Diagnosis {
  const [before, after] = [periodOf(evidence, evidence.before), periodOf(evidence, evidence.after)];
  const decomposition = decompose(before, after);
  const judge: JudgeEvidence = evidence.isCheck
    ? { golden: null, changes: [] }
    : {
        golden: goldenShift(evidence.golden, evidence.criterion, evidence.panel),
        changes: versionChanges(before, after),
      };
  const labels = labelEvidence(
    evidence.before.labels,
    evidence.after.labels,
    evidence.isCheck ? '' : evidence.criterion,
  );
  const users = userFigures(evidence.before.sessions, evidence.after.sessions, evidence.segment);
  const checks = checkChanges(evidence);
  const scope = decomposition === null ? null : findScope(before, after);
  const newcomers = newcomersOf(before, after);
  const known = { evidence, decomposition, judge, labels, users, checks, scope, newcomers };
  const causes = rank(known);
  return { causes, decomposition, scope, newcomers, judge, labels, users, checks, findings: findingsOf(known, causes) };
}

type Known = Omit<Diagnosis, 'causes' | 'findings'> & { readonly evidence: Evidence };

function periodOf({ segment, criterion, panel, isCheck }: Evidence, period: PeriodEvidence): Period {
  const traffic = period.traffic.filter(({ cell }) => isInSegment(cell, segment));
  const stats: CellStats[] = isCheck
    ? statsOfCheck(traffic, criterion)
    : statsOfValues(
        period.values.filter((value) => isInSegment(value.cell, segment) && (panel === '' || value.panel === panel)),
      );
  return { stats, traffic };
}

function checkChanges({ segment, before, after }: Evidence): CheckChange[] {
  const of = (period: PeriodEvidence): CellTraffic[] => period.traffic.filter(({ cell }) => isInSegment(cell, segment));
  const [a, b] = [of(before), of(after)];
  const total = (traffic: readonly CellTraffic[]): number => traffic.reduce((n, one) => n + one.interactions, 0);
  const failed = (traffic: readonly CellTraffic[], check: string): number =>
    traffic.reduce((n, { failedChecks }) => n + (failedChecks[check] ?? 0), 0);
  const [m, n] = [total(a), total(b)];
  if (m === 0 || n === 0) return [];
  const names = new Set([...a, ...b].flatMap(({ failedChecks }) => Object.keys(failedChecks)));
  return [...names]
    .map((check) => {
      const [p, q] = [failed(a, check) / m, failed(b, check) / n];
      const error = Math.sqrt(Math.max(p * (1 - p), 0.25 / (m + 1)) / m + Math.max(q * (1 - q), 0.25 / (n + 1)) / n);
      return { check, before: p, after: q, change: { change: q - p, standardError: error } };
    })
    .filter(({ change }) => change.change > BEYOND_DOUBT * change.standardError && change.change >= 0.01)
    .sort((x, y) => y.change.change - x.change.change);
}

function isMoved({ change, standardError }: Effect, least = MINIMAL_EFFECT): boolean {
  return Math.abs(change) >= least && Math.abs(change) > BEYOND_DOUBT * standardError;
}

function rank(known: Known): Cause[] {
  const { evidence, decomposition } = known;
  const { kind } = evidence;
  const byKind = kind === null ? undefined : CAUSES_OF_KIND[kind];
  if (byKind !== undefined) {
    const found = byKind(known);
    return ordered(found.length > 0 ? found : [...fromAlert(known), ...scoreCauses(known)]);
  }
  const isScoreMoved = decomposition !== null && isMoved(decomposition.observed);
  if (evidence.isCheck || kind !== null || isScoreMoved) {
    const own = scoreCauses(known);
    if (own.length > 0) return ordered(own);
  }
  const hidden = [...hiddenParts(known), ...hiddenScope(known), ...hiddenNewcomers(known)].sort(
    (a, b) => strength(b) - strength(a),
  );
  return ordered([...labelCauses(known), ...checkCauses(known), ...userCauses(known), ...hidden]);
}

/** Kinds that are about something else than a score or a check. */
const CAUSES_OF_KIND: Readonly<Record<string, (known: Known) => Cause[]>> = {
  rater_drift: labelCauses,
  judge_human_disagreement: (known) => [
    ...judgeCauses(known, known.judge.golden?.shift ?? NO_EFFECT),
    ...labelCauses(known),
  ],
  judge_drift: (known) => judgeCauses(known, known.judge.golden?.shift ?? NO_EFFECT),
  traffic_mix_shift: (known) => hiddenParts(known),
  failover_quality: (known) => servingCauses(known, 'route'),
  quality_dip_after_release: (known) => servingCauses(known, 'release'),
  recovery_regression: userKindCauses,
  engagement_regression: userKindCauses,
  judge_user_divergence: userKindCauses,
};

/** Users are worse off: because the answers are, where the score fell as well. */
function userKindCauses(known: Known): Cause[] {
  const { decomposition } = known;
  const hasFallen = decomposition !== null && isMoved(decomposition.observed) && decomposition.observed.change < 0;
  return hasFallen ? scoreCauses(known) : userCauses(known);
}

/** What serves is worse than what serves beside it or served before: under one judging, whatever the judge did. */
function servingCauses({ newcomers, decomposition }: Known, dimension: Newcomer['dimension']): Cause[] {
  return newcomers
    .filter((one) => one.dimension === dimension && isMoved(one.contrast) && one.contrast.change < 0)
    .sort((a, b) => a.effect.change - b.effect.change)
    .map(({ value, effect, contrast, shareBefore, shareAfter }) => {
      const because = `it went from ${percent(shareBefore)} to ${percent(shareAfter)} of the traffic, and is ${signed(contrast)} against what it replaced`;
      const whole = decomposition?.observed.change ?? effect.change;
      return cause(KIND_OF_SERVING[dimension], `${dimension}=${value}`, effect, whole, because);
    });
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
function fromAlert({ evidence, decomposition }: Known): Cause[] {
  const own = OWN_CAUSE[evidence.kind ?? ''];
  if (own === undefined) return [];
  const [kind, what] = own;
  const text = kind === 'mix_shift' && decomposition !== null ? mixText(decomposition) : what;
  return [
    cause(
      kind,
      text,
      NO_EFFECT,
      0,
      "the alert's own test says so; what is at hand here is too little to say more",
      'likely',
    ),
  ];
}

/** Largest part of the change first. */
function ordered(causes: readonly Cause[]): Cause[] {
  if (causes.length === 0)
    return [cause('nothing', 'nothing moved beyond doubt', NO_EFFECT, 0, 'no test is significant')];
  const seen = new Set<string>();
  return causes.filter(({ kind, what }) => {
    const isNew = !seen.has(`${kind} ${what}`);
    seen.add(`${kind} ${what}`);
    return isNew;
  });
}

/** A newcomer that accounts for this much of the product's part is what to name. */
const MAIN_PART = 0.5;

/** Causes of a change of a score or of a check's passes: the parts of the decomposition, largest first. */
function scoreCauses(known: Known): Cause[] {
  const { decomposition, judge, scope } = known;
  if (decomposition === null) return [];
  const { observed, sampling, mix, within } = decomposition;
  const whole = observed.change;
  const found: Cause[] = [];
  if (isPart(sampling, whole)) {
    found.push(
      cause(
        'sampling_change',
        samplingText(decomposition),
        sampling,
        whole,
        'the mean over all traffic did not follow',
      ),
    );
  }
  if (isPart(mix, whole))
    found.push(cause('mix_shift', mixText(decomposition), mix, whole, 'shares moved, slices did not'));
  const fromJudge = judgeCauses(known, within);
  found.push(...fromJudge);
  const shown = judge.golden?.verdict === 'moved' ? judge.golden.shift : NO_EFFECT;
  const explained = fromJudge.some(({ certainty }) => certainty === 'likely') ? within : shown;
  const product = {
    change: within.change - explained.change,
    standardError: Math.hypot(within.standardError, explained.standardError),
  };
  const isShown = Math.abs(product.change) > BEYOND_DOUBT * product.standardError;
  // An alarm has shown that something moved: where nothing else did, the product is named on less.
  if (isPart(product, whole) && (isShown || found.length === 0)) found.push(...productCauses(known, product, whole));
  // Windows begin where an alarm says, which overstates what fell everywhere alike: without a place or a newcomer it
  // comes after what is known exactly.
  const isVague = ({ kind }: Cause): number => (kind === 'segment_regression' && scope?.outside === null ? 1 : 0);
  return found
    .filter(({ effect }) => effect.change * whole >= 0)
    .sort((a, b) => isVague(a) - isVague(b) || strength(b) - strength(a));
}

/** How much of a cause is beyond doubt: the near end of its interval. */
function strength({ effect }: Cause): number {
  return Math.abs(effect.change) - 2 * effect.standardError;
}

/** Large enough to matter for the whole, or small and beyond all doubt. */
function isPart({ change, standardError }: Effect, whole: number): boolean {
  const size = Math.abs(change);
  if (size > 4 * standardError && size >= MINIMAL_EFFECT / 2) return true;
  return size > 2 * standardError && size >= Math.min(MINIMAL_EFFECT, 0.2 * Math.abs(whole));
}

/** The judges' part of a change within the slices. */
function judgeCauses({ judge, scope, decomposition, newcomers }: Known, within: Effect): Cause[] {
  const { golden, changes } = judge;
  const whole = decomposition?.observed.change ?? within.change;
  const [prompt] = changes.filter(({ kind }) => kind === 'judge_prompt');
  const [version] = changes.filter(({ kind }) => kind === 'judge_version');
  const changed = prompt ?? version;
  if (golden?.verdict === 'moved') {
    const test = `on ${golden.items} frozen items the judges moved by ${signed(golden.shift)}`;
    const kind = changed?.kind ?? 'judge_version';
    return [cause(kind, changed?.what ?? `judges ${golden.judges.join(', ')}`, golden.shift, whole, test)];
  }
  if (changed === undefined || golden?.verdict === 'same') return [];
  // Without a re-run: a new judging that came with the change, and a change that is the same everywhere.
  const isEverywhere = scope === null || scope.label === 'all';
  if (!isEverywhere || !isMoved(within) || newcomers.some(isWorseThanOthers)) return [];
  const because = `it came with the change, which is the same in every slice; the judges were not re-run on enough frozen items`;
  return [cause(changed.kind, changed.what, within, whole, because, 'likely')];
}

/** At one time, under one judging: what a judge does, it does to both. */
function isWorseThanOthers({ contrast, others }: Newcomer): boolean {
  if (others === null) return false;
  const difference = contrast.change - others.change;
  return difference < -BEYOND_DOUBT * Math.hypot(contrast.standardError, others.standardError);
}

/** Where in the product, and with what that serves it. */
function productCauses({ evidence, newcomers, scope, decomposition }: Known, product: Effect, whole: number): Cause[] {
  const where = scope === null || scope.label === 'all' ? evidence.segment : scope.label;
  const place = where === 'all' ? 'everywhere' : `in ${where}`;
  const serving = newcomers
    .filter(({ effect, contrast, others }) => {
      const isReal = Math.abs(contrast.change) > 2 * contrast.standardError && !isSharedByOthers(contrast, others);
      return isReal && effect.change * product.change > 0 && effect.change / product.change >= MAIN_PART;
    })
    .sort((a, b) => SERVING_ORDER.indexOf(a.dimension) - SERVING_ORDER.indexOf(b.dimension));
  const [first] = serving;
  if (first !== undefined) {
    const kind = KIND_OF_SERVING[first.dimension];
    const what = `${first.dimension}=${first.value} ${place}`;
    const because = `it went from ${percent(first.shareBefore)} to ${percent(first.shareAfter)} of the traffic, and is ${signed(first.contrast)} against what it replaced`;
    return [cause(kind, what, product, whole, because)];
  }
  const kind = evidence.isCheck ? 'check_failure' : 'segment_regression';
  const name = evidence.isCheck ? `check ${evidence.criterion} ${place}` : place.replace(/^in /, '');
  const because =
    scope === null || scope.outside === null
      ? `no slice changed otherwise than the rest (${decomposition?.slices.length ?? 0} looked at)`
      : `${signed(scope.inside)} there, ${signed(scope.outside)} elsewhere`;
  return [cause(kind, name, product, whole, because)];
}

const KIND_OF_SERVING: Readonly<Record<Newcomer['dimension'], CauseKind>> = {
  route: 'route_failover',
  release: 'release_regression',
  model: 'model_change',
  provider: 'model_change',
};

/** What came is not the cause when what stayed fell as well. */
function isSharedByOthers(contrast: Effect, others: Effect | null): boolean {
  if (others === null || others.change * contrast.change <= 0) return false;
  return (
    Math.abs(others.change) > 2.5 * others.standardError && Math.abs(others.change) >= 0.5 * Math.abs(contrast.change)
  );
}

const SERVING_ORDER: readonly Newcomer['dimension'][] = ['route', 'release', 'model', 'provider'];

/** A check that fails more often while no score moved. */
function checkCauses({ checks }: Known): Cause[] {
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
function userCauses({ users, decomposition }: Known): Cause[] {
  const worse = users.filter(({ moved }) => moved === 'worse');
  if (worse.length === 0) return [];
  const isScoreMoved = decomposition !== null && isMoved(decomposition.observed) && decomposition.observed.change < 0;
  if (isScoreMoved) return [];
  const names = worse.map(
    ({ name, before, after }) => `${name} ${(before ?? 0).toFixed(2)} → ${(after ?? 0).toFixed(2)}`,
  );
  const [first] = worse;
  return [
    cause('users_only', names.join(', '), first!.change!, first!.change!.change, 'the judged score did not move'),
  ];
}

/** People label otherwise than before while the judge stays. */
function labelCauses({ labels, judge, decomposition }: Known): Cause[] {
  const { gap, relabelled, relabelledVerdict, labelsBefore, labelsAfter } = labels;
  const isJudgeMoved = judge.golden?.verdict === 'moved';
  if (relabelledVerdict === 'moved' && relabelled !== null && !isJudgeMoved) {
    const because = `${labels.relabelledItems} frozen items labelled again moved by ${signed(relabelled)}, the judges did not`;
    return [cause('labeller_drift', 'people label otherwise than before', relabelled, relabelled.change, because)];
  }
  if (gap === null || !isMoved(gap) || isJudgeMoved) return [];
  // A judge that changed unseen would have moved the score; people do not.
  const moved = Math.abs(decomposition?.within.change ?? 0);
  const isJudgeNew = judge.changes.length > 0 && judge.golden?.verdict !== 'same';
  if (isJudgeNew && moved > 0.5 * Math.abs(gap.change)) return [];
  const because = `label less score moved by ${signed(gap)} (${labelsBefore} and ${labelsAfter} labels), the judges did not move`;
  const certainty = judge.golden?.verdict === 'same' ? 'shown' : 'likely';
  return [cause('labeller_drift', 'people label otherwise than before', gap, gap.change, because, certainty)];
}

/** Parts that moved though they happen to leave the mean where it was, or within its noise. */
function hiddenParts({ decomposition }: Known): Cause[] {
  if (decomposition === null) return [];
  const { sampling, mix } = decomposition;
  const because = 'it is hidden in the noise of the mean, or by what works against it';
  return [
    ...(isMoved(sampling)
      ? [cause('sampling_change', samplingText(decomposition), sampling, sampling.change, because)]
      : []),
    ...(isMoved(mix) ? [cause('mix_shift', mixText(decomposition), mix, mix.change, because)] : []),
  ];
}

/** A slice that fell while the whole hardly moved. */
function hiddenScope(known: Known): Cause[] {
  const { scope, judge } = known;
  if (scope === null || scope.label === 'all' || scope.inside.change >= 0 || !isMoved(scope.inside)) return [];
  if (judge.golden?.verdict === 'moved') return [];
  return productCauses(known, scope.inside, scope.inside.change);
}

/** What came and is worse than what it replaced, though it is too little of the traffic to be seen in the mean. */
function hiddenNewcomers({ newcomers, judge }: Known): Cause[] {
  if (judge.golden?.verdict === 'moved') return [];
  return newcomers
    .filter(({ contrast, others }) => contrast.change < 0 && isMoved(contrast) && !isSharedByOthers(contrast, others))
    .sort((a, b) => SERVING_ORDER.indexOf(a.dimension) - SERVING_ORDER.indexOf(b.dimension))
    .slice(0, 1)
    .map(({ dimension, value, contrast, effect }) => {
      const because = `it is ${signed(contrast)} against what it replaced, and takes part of the traffic only`;
      return cause(KIND_OF_SERVING[dimension], `${dimension}=${value}`, contrast, effect.change, because);
    });
}

function samplingText({ slices }: Decomposition): string {
  const [moved] = [...slices].sort((a, b) => rateChange(b) - rateChange(a));
  return moved === undefined
    ? 'another part of the traffic is judged'
    : `another part of the traffic is judged, most so ${sliceText(moved.segments)}`;
}

/** How much the judged part of a slice changed against its traffic. */
function rateChange({ before, after, shareBefore, shareAfter }: Decomposition['slices'][number]): number {
  const [a, b] = [(before?.n ?? 0) / Math.max(1e-9, shareBefore), (after?.n ?? 0) / Math.max(1e-9, shareAfter)];
  return a === 0 || b === 0 ? 0 : Math.abs(Math.log(b / a));
}

function mixText({ slices }: Decomposition): string {
  const [largest] = [...slices].sort((a, b) => Math.abs(b.mix.change) - Math.abs(a.mix.change));
  if (largest === undefined) return 'shares of the traffic';
  return `${sliceText(largest.segments)} from ${percent(largest.shareBefore)} to ${percent(largest.shareAfter)} of the traffic`;
}

export function sliceText(segments: Readonly<Record<string, string>>): string {
  const names = Object.keys(segments);
  return names.length === 0 ? 'other slices' : names.map((name) => `${name}=${segments[name]}`).join(' ');
}

function findingsOf(known: Known, causes: readonly Cause[]): Finding[] {
  const { decomposition, judge, labels, users, evidence, newcomers } = known;
  const named = new Set(causes.filter(({ share }) => share >= 0.2 || share === 1).map(({ family }) => family));
  const findings: Finding[] = [];
  const add = (what: string, verdict: Finding['verdict'], test: string, figures: string): void =>
    void findings.push({ what, verdict, test, figures });
  if (decomposition !== null) {
    const { mix, sampling, observed } = decomposition;
    const partTest = (part: Effect): Finding['verdict'] =>
      isPart(part, observed.change) && part.change * observed.change > 0
        ? 'found'
        : Math.abs(part.change) + 1.645 * part.standardError < Math.max(MINIMAL_EFFECT, 0.3 * Math.abs(observed.change))
          ? 'ruled out'
          : 'not ruled out';
    add('traffic mix', partTest(mix), 'Shapley split of shares and means over declared slices', signed(mix));
    add(
      'sampling',
      partTest(sampling),
      'mean of what is judged against the mean weighted to all traffic',
      signed(sampling),
    );
  }
  if (!evidence.isCheck) {
    const { golden } = judge;
    if (golden === null)
      add('judge', 'not ruled out', 're-run on the frozen set', 'there is no re-run since the change');
    else {
      const verdict = golden.verdict === 'moved' ? 'found' : golden.verdict === 'same' ? 'ruled out' : 'not ruled out';
      add(
        'judge',
        verdict,
        `paired change on ${golden.items} frozen items, ±${MINIMAL_EFFECT} allowed`,
        signed(golden.shift),
      );
    }
    for (const { what, share } of judge.changes) {
      add(
        `judging changed: ${what}`,
        judge.golden?.verdict === 'same' ? 'ruled out' : 'not ruled out',
        'versions on verdicts',
        `${percent(share)} of what was judged since`,
      );
    }
  }
  if (labels.gap !== null || labels.relabelled !== null) {
    const shift = labels.relabelled ?? labels.gap!;
    add(
      'labels',
      named.has('labels') ? 'found' : isMoved(shift) ? 'not ruled out' : 'ruled out',
      'labels against scores, and frozen items labelled again',
      signed(shift),
    );
  } else
    add(
      'labels',
      'not ruled out',
      'labels against scores',
      `${labels.labelsBefore} and ${labels.labelsAfter} labels are too few`,
    );
  for (const one of newcomers) {
    const isFound = causes.some(({ what }) => what.startsWith(`${one.dimension}=${one.value}`));
    const isReal = Math.abs(one.contrast.change) > 2 * one.contrast.standardError;
    add(
      `${one.dimension}=${one.value}`,
      isFound ? 'found' : isReal ? 'not ruled out' : 'ruled out',
      'contrast with what it replaced, slice by slice',
      signed(one.contrast),
    );
  }
  for (const { name, moved, change } of users) {
    if (change === null) continue;
    add(
      `users: ${name}`,
      moved === 'no' ? 'ruled out' : 'found',
      'difference of two means, 3 standard errors',
      signed(change),
    );
  }
  return findings;
}

export function signed({ change, standardError }: Effect): string {
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)} ± ${(1.96 * standardError).toFixed(3)}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
}
