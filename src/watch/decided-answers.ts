import type { Label } from '../domain/label';
import { segmentLabel, type SegmentKey } from '../domain/segment';
import type { ClosedSession } from '../sessions/fold';
import { type Decision, relianceOf } from '../sessions/reliance';
import { createRelianceTotals, recordReliance, type RelianceTotals } from '../sessions/totals';
import { HUMAN_PASS } from './label-agreement';

/** Answers that users accepted or overrode, by id, oldest first; they wait for what people say of them. Plain JSON. */
export type DecidedAnswers = Map<string, DecidedAnswer>;

export interface DecidedAnswer extends Decision {
  readonly sessionId: string;
  readonly segments: readonly SegmentKey[];
}

/** About 0.4 kB each: 4 MB when full. A label of an older answer comes too late. */
const DECISIONS_KEPT = 10_000;

export function keepDecisions(decided: DecidedAnswers, { outcome, decisions }: ClosedSession): void {
  for (const decision of decisions) {
    const { sessionId, segments } = outcome;
    decided.delete(decision.interactionId);
    decided.set(decision.interactionId, { ...decision, sessionId, segments });
  }
  for (const id of decided.keys()) {
    if (decided.size <= DECISIONS_KEPT) return;
    decided.delete(id);
  }
}

/**
 * Reliance by people's labels, by segment label: one value per session, as with a check. Labels and decisions may come in
 * any order; a revised label counts as it stands now. Empty without a criterion.
 */
export function relianceByPeople(
  decided: DecidedAnswers,
  labels: readonly Label[],
  criterion: string | null,
): Map<string, RelianceTotals> {
  const totals = new Map<string, RelianceTotals>();
  if (criterion === null || decided.size === 0) return totals;
  const rights = rightsOf(labels, criterion);
  const sessions = new Map<string, DecidedAnswer[]>();
  for (const answer of decided.values()) {
    if (!rights.has(answer.interactionId)) continue;
    const own = sessions.get(answer.sessionId);
    if (own === undefined) sessions.set(answer.sessionId, [answer]);
    else own.push(answer);
  }
  for (const answers of sessions.values()) {
    const reliance = relianceOf(answers, (id) => rights.get(id) ?? null);
    for (const segment of answers[0]?.segments ?? []) {
      const label = segmentLabel(segment);
      let own = totals.get(label);
      if (own === undefined) totals.set(label, (own = createRelianceTotals()));
      recordReliance(own, reliance);
    }
  }
  return totals;
}

/** Only items that stand for the traffic. Where people split, whoever adjudicated decides; until then it is not known. */
function rightsOf(labels: readonly Label[], criterion: string): Map<string, boolean> {
  const said = new Map<string, { passes: number; fails: number; settled: boolean | null }>();
  for (const { interactionId, criterion: of, value, reason, round } of labels) {
    if (of !== criterion || value === null || (reason !== 'random' && reason !== 'import')) continue;
    const own = said.get(interactionId) ?? { passes: 0, fails: 0, settled: null };
    said.set(interactionId, own);
    const isPass = value >= HUMAN_PASS;
    if (round === 'adjudication') own.settled = isPass;
    else own[isPass ? 'passes' : 'fails'] += 1;
  }
  return new Map(
    [...said].flatMap(([id, { passes, fails, settled }]) => {
      if (settled !== null) return [[id, settled] as const];
      return passes > 0 && fails > 0 ? [] : [[id, passes > 0] as const];
    }),
  );
}
