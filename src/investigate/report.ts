import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert, ChangeInterval } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import type { EvidenceStore } from '../store/port';
import { type Carrier, carriersOf } from './carriers';
import type { Cause, Finding } from './cause';
import { type Diagnosis, diagnose } from './diagnose';
import type { Effect } from './effect';
import type { Evidence } from './evidence';
import { type Examples, findExamples } from './examples';
import { dateSubject, gatherEvidence, type Subject } from './gather';
import { headlineOf } from './headline';
import { commandsOf, nextSteps } from './next-steps';
import { type CriterionChange, otherCriteria } from './other-criteria';
import { type TimelineEntry, timelineOf } from './timeline';

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
  readonly examples: Examples;
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

/** Annotations this long before the change may have to do with it. */
const LOOK_BACK_MS = 2 * 86_400_000;

/** Investigates one subject. Rejects as the store. */
export async function investigate(store: EvidenceStore, asked: Subject, alert: Alert | null): Promise<Report> {
  const subject = await dateSubject(store, asked);
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
  readonly examples: Examples;
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
            // A judge outside the panel does not move its mean.
            judge: evidence.judge !== null && evidence.panel === '' ? null : (diagnosis.judge.golden?.shift ?? null),
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

function stretchOf({ from, to, values, traffic }: Evidence['before']): Stretch {
  return { from, to, values: values.length, interactions: traffic.reduce((n, one) => n + one.interactions, 0) };
}

function toLevel({ n, mean, variance }: { n: number; mean: number; variance: number }): Level {
  const half = 1.96 * Math.sqrt(variance / Math.max(1, n));
  return { mean, lower: Math.max(0, mean - half), upper: Math.min(1, mean + half), units: n };
}
