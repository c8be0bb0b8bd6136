import type { Alert } from '../domain/alert';
import { membersOf } from '../domain/panel-name';
import { segmentLabel } from '../domain/segment';
import type { EvidenceStore } from '../store/port';
import type { WindowValue } from '../store/port-window';
import { type Evidence, isOfSeries, type PeriodEvidence } from './evidence';
import { judgeMoved } from './judge-evidence';

/** What to look into. */
export interface Subject {
  readonly kind: string | null;
  readonly alertId: string | null;
  readonly segment: string;
  readonly criterion: string;
  /** Empty where values of whichever panel count. */
  readonly panel: string;
  /** The judge that the alert is about; null where it is about what was judged. */
  readonly judge: string | null;
  readonly isCheck: boolean;
  /** The period that is compared with what came before `changeFrom`. */
  readonly changeFrom: number;
  readonly changeAt: number;
  /** The latest moment at which it may have begun. */
  readonly changeTo: number;
  readonly to: number;
}

/** Values, and sessions, that are enough to say anything; more would only take longer. */
const MOST_VALUES = 20_000;
const MOST_SESSIONS = 20_000;
/** With fewer of the alert's own segment and panel before the change nothing can be said of it. */
const FEWEST_VALUES = 200;
const DAY_MS = 86_400_000;
/** The period before reaches back this many times as long as the one after, and at least a week. */
const TIMES_BACK = 4;
const LEAST_BACK_MS = 7 * DAY_MS;

/** Kinds about a check's passes. */
const CHECK_KINDS: ReadonlySet<string> = new Set([
  'check_regression',
  'refusal_shift',
  'unsupported_claim_rise',
  'unsupported_action_rise',
  'prompt_injection_rise',
]);
/** Kinds about the values of a panel; the panel of the others names something else, a judge for instance. */
const PANEL_KINDS: ReadonlySet<string> = new Set(['score_regression', 'quality_dip_after_release', 'failover_quality']);

/** Kinds about one judge, which stands where others name their panel. */
const JUDGE_KINDS: ReadonlySet<string> = new Set(['judge_drift', 'judge_family_bias', 'control_item_missed']);

/** Kinds that hold a slice against the others, so that the whole has to be looked at. */
const COMPARING_KINDS: ReadonlySet<string> = new Set([
  'traffic_mix_shift',
  'failover_quality',
  'quality_dip_after_release',
]);

/** Of an alert. `now`: event time up to which there is evidence. */
export function subjectOfAlert(alert: Alert, now: number): Subject {
  const { series, began, firedAt, resolvedAt } = alert;
  return {
    kind: series.kind,
    alertId: alert.id,
    segment: COMPARING_KINDS.has(series.kind) ? 'all' : segmentLabel(series.segment),
    criterion: series.criterion,
    panel: PANEL_KINDS.has(series.kind) ? series.panel : '',
    judge: JUDGE_KINDS.has(series.kind) ? series.panel : null,
    isCheck: CHECK_KINDS.has(series.kind),
    changeFrom: began?.from ?? firedAt - DAY_MS,
    changeAt: began?.at ?? firedAt - DAY_MS,
    changeTo: began?.to ?? firedAt - DAY_MS,
    to: Math.max(resolvedAt ?? now, firedAt + 1),
  };
}

/** Of a segment and a time without an alert: what came from `from` on against what came before. */
export function subjectOfTime(segment: string, criterion: string, from: number, to: number): Subject {
  const none = { kind: null, alertId: null, panel: '', judge: null, isCheck: false } as const;
  return { ...none, segment, criterion, changeFrom: from, changeAt: from, changeTo: from, to };
}

/**
 * An alert about a judge says when the judge was found otherwise, not since when it is: that lies between two of its runs
 * over the frozen set, and what it judged since the first run that moved is compared with what came before.
 */
export async function dateSubject(store: EvidenceStore, subject: Subject): Promise<Subject> {
  const { judge, criterion, to } = subject;
  if (judge === null) return subject;
  const moved = judgeMoved(await store.golden(0, to), criterion, judge);
  return moved === null ? subject : { ...subject, changeFrom: moved.at, changeAt: moved.at, changeTo: moved.at };
}

/** What a diagnosis is made from. */
type Source = Pick<EvidenceStore, 'criteria' | 'golden' | 'values' | 'traffic' | 'sessions' | 'labels'>;

/** Fetches what a diagnosis needs. Rejects as the store. */
export async function gatherEvidence(store: Source, subject: Subject): Promise<Evidence> {
  const { kind, segment, judge, changeFrom, changeAt, to, criterion, isCheck } = subject;
  const names = await store.criteria();
  // Series about shares, users or labels are named after what they measure: `abandonment`, `correct (strict)`.
  const wanted =
    names.find((name) => name === criterion) ?? names.find((name) => criterion.startsWith(name)) ?? names[0] ?? '';
  const back = Math.max(LEAST_BACK_MS, TIMES_BACK * (to - changeFrom));
  const { before, after } = await gatherPeriods(store, wanted, subject, back);
  const panel = judge === null ? subject.panel : panelWith(judge, [...before.values, ...after.values]);
  const golden = await store.golden(changeAt, Number.MAX_SAFE_INTEGER);
  return { kind, segment, criterion: isCheck ? criterion : wanted, panel, judge, isCheck, before, after, golden };
}

/**
 * What came before the earliest moment at which the change may have begun against what came since the likeliest. Where too
 * little came before, the likeliest moment parts the two; where too little came before that as well, which is how a change
 * looks that is dated to the first values there are, the latest one does, if it helps.
 */
async function gatherPeriods(
  store: Source,
  criterion: string,
  subject: Subject,
  back: number,
): Promise<{ readonly before: PeriodEvidence; readonly after: PeriodEvidence }> {
  const { changeFrom, changeAt, changeTo, to } = subject;
  const beforeOf = (end: number): Promise<PeriodEvidence> => gatherPeriod(store, criterion, end - back, end, 'latest');
  const afterOf = (start: number): Promise<PeriodEvidence> => gatherPeriod(store, criterion, start, to, 'earliest');
  const isEnough = ({ values }: PeriodEvidence): boolean =>
    values.filter((value) => isOfSeries(value, subject)).length >= FEWEST_VALUES;
  const before = await beforeOf(changeFrom);
  if (isEnough(before)) return { before, after: await afterOf(changeAt) };
  const likeliest = await beforeOf(changeAt);
  if (!isEnough(likeliest) && changeTo < to) {
    const latest = await beforeOf(changeTo);
    if (isEnough(latest)) return { before: latest, after: await afterOf(changeTo) };
  }
  return { before: likeliest, after: await afterOf(changeAt) };
}

/** The panel that most of the values to which a judge belongs come from; empty when it decides none. */
function panelWith(judge: string, values: readonly WindowValue[]): string {
  const counts = new Map<string, number>();
  for (const { panel } of values) counts.set(panel, (counts.get(panel) ?? 0) + 1);
  const [most] = [...counts].filter(([panel]) => membersOf(panel).includes(judge)).sort(([, a], [, b]) => b - a);
  return most?.[0] ?? '';
}

async function gatherPeriod(
  store: Source,
  criterion: string,
  from: number,
  to: number,
  keep: 'latest' | 'earliest',
): Promise<PeriodEvidence> {
  const values = await store.values({ criterion, from, to, most: MOST_VALUES, keep });
  // Shares are taken from the same stretch as the means.
  const isCut = values.length === MOST_VALUES;
  const start = isCut && keep === 'latest' ? values[0]!.at : from;
  const end = isCut && keep === 'earliest' ? values.at(-1)!.at + 1 : to;
  const [traffic, sessions, labels] = await Promise.all([
    store.traffic(start, end),
    store.sessions(start, end, MOST_SESSIONS),
    store.labels(from, to),
  ]);
  return { from: start, to: end, values, traffic, sessions, labels };
}
