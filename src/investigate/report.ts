import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert, ChangeInterval } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { EvidenceStore, InteractionRow } from '../store/port';
import type { Cause, Effect, Finding } from './cause';
import { type Diagnosis, diagnose, type Evidence, percent, signed, sliceText } from './diagnose';
import { gatherEvidence, type Subject } from './gather';
import { nextSteps } from './next-steps';

/** The answer to "what moved, since when, where, why". Times are event time, in ms; shares and scores in [0, 1]. */
export interface Report {
  readonly subject: Subject;
  /** One sentence: the first cause, or why none can be named. */
  readonly headline: string;
  readonly alert: Alert | null;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly periods: { readonly before: Stretch; readonly after: Stretch };
  readonly began: ChangeInterval | null;
  readonly estimate: {
    readonly before: Level | null;
    readonly after: Level | null;
    readonly change: Effect | null;
  };
  readonly decomposition: {
    readonly sampling: Effect;
    readonly mix: Effect;
    readonly within: Effect;
    /** Of `within`, the part that the judges' drift on the frozen set accounts for; null when they were not re-run. */
    readonly judge: Effect | null;
  } | null;
  readonly causes: readonly Cause[];
  readonly carriers: readonly Carrier[];
  readonly findings: readonly Finding[];
  readonly users: Diagnosis['users'];
  readonly checks: Diagnosis['checks'];
  readonly otherCriteria: readonly CriterionChange[];
  readonly timeline: readonly TimelineEntry[];
  readonly examples: {
    readonly worst: readonly InteractionRow[];
    readonly typical: readonly InteractionRow[];
    readonly recovered: readonly InteractionRow[];
  };
  readonly commands: readonly string[];
  readonly nextSteps: readonly string[];
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Interactions of the segment, and values of the criterion. */
  readonly interactions: number;
  readonly values: number;
}

export interface Level {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly units: number;
}

export interface Carrier {
  readonly what: string;
  readonly contribution: Effect;
  readonly before: number | null;
  readonly after: number | null;
  readonly shareBefore: number;
  readonly shareAfter: number;
}

export interface CriterionChange {
  readonly criterion: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly change: Effect | null;
}

export interface TimelineEntry {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
}

const MOST_CARRIERS = 8;
const EXAMPLES = 5;
/** Annotations this long before the change may have to do with it. */
const LOOK_BACK_MS = 2 * 86_400_000;

/** Investigates one subject. Rejects as the store. */
export async function investigate(store: EvidenceStore, subject: Subject, alert: Alert | null): Promise<Report> {
  const evidence = await gatherEvidence(store, subject);
  const diagnosis = diagnose(evidence);
  const stored = alert === null ? null : await store.alert(alert.id);
  const annotations = await store.annotations(subject.changeFrom - LOOK_BACK_MS, subject.to);
  const others = await otherCriteria(store, subject);
  const examples = await findExamples(store, subject, diagnosis);
  return buildReport({
    subject,
    alert,
    evidence,
    diagnosis,
    annotations,
    others,
    examples,
    acknowledgements: stored?.acknowledgements ?? [],
  });
}

interface Parts {
  readonly subject: Subject;
  readonly alert: Alert | null;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly annotations: readonly Annotation[];
  readonly others: readonly CriterionChange[];
  readonly examples: Report['examples'];
  readonly acknowledgements: readonly Acknowledgement[];
}

function buildReport(parts: Parts): Report {
  const { subject, alert, evidence, diagnosis, annotations } = parts;
  const { decomposition, causes } = diagnosis;
  return {
    subject,
    headline: headlineOf(subject, diagnosis),
    alert,
    acknowledgements: parts.acknowledgements,
    periods: { before: stretchOf(evidence.before), after: stretchOf(evidence.after) },
    began: alert?.began ?? null,
    estimate: {
      before: decomposition === null ? null : toLevel(decomposition.before),
      after: decomposition === null ? null : toLevel(decomposition.after),
      change: decomposition?.observed ?? null,
    },
    decomposition:
      decomposition === null
        ? null
        : {
            sampling: decomposition.sampling,
            mix: decomposition.mix,
            within: decomposition.within,
            judge: diagnosis.judge.golden?.shift ?? null,
          },
    causes,
    carriers: carriersOf(diagnosis),
    findings: diagnosis.findings,
    users: diagnosis.users,
    checks: diagnosis.checks,
    otherCriteria: parts.others,
    timeline: timelineOf(subject, alert, diagnosis, annotations, parts.acknowledgements),
    examples: parts.examples,
    commands: commandsOf(subject),
    nextSteps: nextSteps(causes[0]!, subject),
  };
}

function headlineOf({ segment, criterion }: Subject, { causes, decomposition }: Diagnosis): string {
  const [first] = causes;
  const where = segment === 'all' ? 'the whole stream' : segment;
  if (first === undefined || first.kind === 'nothing' || decomposition === null) {
    return `Nothing moved beyond doubt in ${criterion === '' ? where : `${criterion} of ${where}`}.`;
  }
  const { observed, before, after } = decomposition;
  const isSure = first.certainty === 'shown' ? '' : 'Likely ';
  const what = criterion === '' ? '' : ` of ${criterion}`;
  const level = `${before.mean.toFixed(3)} → ${after.mean.toFixed(3)}`;
  return `${isSure}${FAMILY_WORDS[first.family]}: ${first.kind.replaceAll('_', ' ')}, ${first.what}. The mean${what} in ${where} went ${level} (${signed(observed)}); ${first.because}.`;
}

const FAMILY_WORDS: Readonly<Record<Cause['family'], string>> = {
  product: 'Product',
  traffic: 'Traffic',
  judge: 'Judge',
  labels: 'Labels',
  users: 'Users',
  none: 'Nothing',
};

function stretchOf({ from, to, values, traffic }: Evidence['before']): Stretch {
  return { from, to, values: values.length, interactions: traffic.reduce((n, one) => n + one.interactions, 0) };
}

function toLevel({ n, mean, variance }: { n: number; mean: number; variance: number }): Level {
  const half = 1.96 * Math.sqrt(variance / Math.max(1, n));
  return { mean, lower: Math.max(0, mean - half), upper: Math.min(1, mean + half), units: n };
}

/** Slices that carry most of the change, largest first; until nine tenths are covered. */
function carriersOf({ decomposition }: Diagnosis): Carrier[] {
  if (decomposition === null) return [];
  const all = decomposition.slices
    .map((slice) => ({
      slice,
      contribution: {
        change: slice.within.change + slice.mix.change,
        standardError: slice.within.standardError,
      },
    }))
    .sort((a, b) => Math.abs(b.contribution.change) - Math.abs(a.contribution.change));
  const whole = all.reduce((total, { contribution }) => total + Math.abs(contribution.change), 0);
  const kept: Carrier[] = [];
  let covered = 0;
  for (const { slice, contribution } of all) {
    if (kept.length >= MOST_CARRIERS || covered >= 0.9 * whole) break;
    covered += Math.abs(contribution.change);
    kept.push({
      what: sliceText(slice.segments),
      contribution,
      before: slice.before?.mean ?? null,
      after: slice.after?.mean ?? null,
      shareBefore: slice.shareBefore,
      shareAfter: slice.shareAfter,
    });
  }
  return kept;
}

function timelineOf(
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

async function otherCriteria(store: EvidenceStore, subject: Subject): Promise<CriterionChange[]> {
  const names = (await store.criteria()).filter((name) => name !== subject.criterion);
  const changes: CriterionChange[] = [];
  for (const criterion of names.slice(0, 10)) {
    const evidence = await gatherEvidence(store, { ...subject, criterion, panel: '', isCheck: false });
    const { decomposition } = diagnose(evidence);
    changes.push({
      criterion,
      before: decomposition?.before.mean ?? null,
      after: decomposition?.after.mean ?? null,
      change: decomposition?.observed ?? null,
    });
  }
  return changes;
}

/** The worst since the change, ones like most, and conversations that came out well in spite of it. */
async function findExamples(store: EvidenceStore, subject: Subject, { scope }: Diagnosis): Promise<Report['examples']> {
  const segment = scope === null || scope.label === 'all' ? subject.segment : scope.label;
  const window = { segment, from: subject.changeAt, to: subject.to };
  const page = { limit: EXAMPLES };
  if (subject.isCheck) {
    const failing = await store.interactions({ ...window, check: subject.criterion }, 'recent', page);
    return { worst: failing.rows, typical: [], recovered: [] };
  }
  const criterion = subject.criterion === '' ? {} : { criterion: subject.criterion };
  const worst = await store.interactions({ ...window, ...criterion, result: 'fail' }, 'recent', page);
  const typical = await store.interactions({ ...window, ...criterion }, 'recent', page);
  const recovered: InteractionRow[] = [];
  for (const row of worst.rows) {
    const turns = await store.conversation(row.conversationId);
    const later = turns.find((turn) => turn.row.turnIndex > row.turnIndex && (turn.row.worstScore ?? 0) >= 0.5);
    if (later !== undefined && !recovered.some((one) => one.interactionId === later.row.interactionId)) {
      recovered.push(later.row);
    }
  }
  return { worst: worst.rows, typical: typical.rows, recovered };
}

function commandsOf(subject: Subject): string[] {
  const { alertId, segment, changeFrom, to, criterion } = subject;
  const range = `--from ${isoTime(changeFrom)} --to ${isoTime(to)}`;
  const again = alertId === null ? `--segment '${segment}' ${range}` : `--alert ${alertId}`;
  const what = criterion === '' ? '' : ` --criterion ${criterion}`;
  return [
    `plumbline investigate ${again}${alertId === null ? what : ''}`,
    `plumbline investigate ${again}${alertId === null ? what : ''} --bundle incident.json`,
    `plumbline explain INTERACTION_ID`,
    ...(alertId === null ? [] : [`plumbline acknowledge ${alertId} --reason 'looking'`]),
  ];
}

export function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
