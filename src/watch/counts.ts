import {
  CRITERION_RESULTS,
  type CriterionResult,
  ESCALATION_REASONS,
  type EscalationReason,
  RECORD_OUTCOMES,
  type RecordOutcome,
  type UnjudgedReason,
} from '../domain/accounting';
import type { Accounting, CriterionAccounting } from '../domain/estimate';
import type { OutcomeCriterion } from '../domain/ledger-record';

/** The exact counts while they grow; see `Accounting`. */
export interface Counts {
  recordsIn: number;
  readonly records: Record<RecordOutcome, number>;
  interactions: number;
  readonly criteria: Map<string, CriterionCounts>;
  readonly escalations: Record<EscalationReason, number>;
  /** Dead letters whose replay has taken their place, by what became of it; not in `records`, which never go down. */
  readonly replays: Partial<Record<RecordOutcome, number>>;
}

export interface CriterionCounts {
  readonly results: Record<CriterionResult, number>;
  readonly unjudged: Partial<Record<UnjudgedReason, number>>;
  pass: number;
  fail: number;
}

/** Configured criteria are there from the start, so that their zeros can be told. */
export function createCounts(criteria: readonly string[]): Counts {
  return {
    recordsIn: 0,
    records: zeros(RECORD_OUTCOMES),
    interactions: 0,
    criteria: new Map(criteria.map((name) => [name, createCriterionCounts()])),
    escalations: zeros(ESCALATION_REASONS),
    replays: {},
  };
}

/** Criteria that a new configuration brings. */
export function addCriteria(counts: Counts, names: readonly string[]): void {
  for (const name of names) {
    if (!counts.criteria.has(name)) counts.criteria.set(name, createCriterionCounts());
  }
}

/** One source offset has ended as `outcome`. */
export function countRecord(counts: Counts, outcome: RecordOutcome): void {
  counts.recordsIn += 1;
  counts.records[outcome] += 1;
}

/** A dead letter has ended as `outcome` after all. */
export function countReplay({ replays }: Counts, outcome: RecordOutcome): void {
  replays[outcome] = (replays[outcome] ?? 0) + 1;
}

export function countCriterion(counts: Counts, criterion: OutcomeCriterion): void {
  let own = counts.criteria.get(criterion.criterion);
  if (own === undefined) counts.criteria.set(criterion.criterion, (own = createCriterionCounts()));
  own.results[criterion.result] += 1;
  if (criterion.result === 'unjudged') {
    const reason = criterion.unjudgedReason ?? 'error';
    own.unjudged[reason] = (own.unjudged[reason] ?? 0) + 1;
  }
  if (criterion.result === 'scored') {
    if (criterion.pass === true) own.pass += 1;
    else own.fail += 1;
  }
  if (criterion.escalated) counts.escalations[criterion.escalationReason ?? 'audit'] += 1;
}

export function toAccounting({ recordsIn, records, interactions, criteria, escalations, replays }: Counts): Accounting {
  const named: [string, CriterionAccounting][] = [...criteria].map(([name, counts]) => [
    name,
    { ...counts, results: { ...counts.results }, unjudged: { ...counts.unjudged } },
  ]);
  return {
    recordsIn,
    records: { ...records },
    interactions,
    criteria: Object.fromEntries(named),
    escalations: { ...escalations },
    replays: { ...replays },
  };
}

function createCriterionCounts(): CriterionCounts {
  return { results: zeros(CRITERION_RESULTS), unjudged: {}, pass: 0, fail: 0 };
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
