import {
  type Ratio,
  type Reliance,
  type RelianceRatios,
  SESSION_ENDINGS,
  type SessionEnding,
  type SessionOutcome,
  type SessionRatios,
} from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import { wilsonInterval } from '../stats/binomial-intervals';
import { clipInterval, waldInterval } from '../stats/interval';
import { type JudgedScores, recordJudged } from './judged-groups';
import { type Absence, type AbsenceTable, countAbsence, createAbsenceTable, returnedWithin } from './returns';

/** What became of the sessions of one segment; plain JSON. One value per session, never per turn. */
export interface SessionTotals extends RelianceTotals {
  readonly endings: Record<SessionEnding, number>;
  /** Sessions, and event time at which the last one closed. */
  records: number;
  lastAt: EpochMs;
  /** Sessions whose end was seen. */
  closed: number;
  turns: number;
  badTurns: number;
  handedOff: number;
  /** Sessions with a bad turn: of each the share of its bad turns that it recovered from within the horizon. */
  readonly recovery: Moments;
  readonly satisfaction: Moments;
  effortMinutes: number;
  /** Turns the product told more of: accepted, overridden. */
  accepted: number;
  overridden: number;
  readonly absences: AbsenceTable;
  /** Of those the ones after a session without complaint; null while there is none. */
  silentAbsences: AbsenceTable | null;
  readonly judged: JudgedScores[];
}

/** Sessions with answers decided on whose right is known; see `RelianceRatios`. */
export interface RelianceTotals {
  readonly overReliance: Moments;
  readonly underReliance: Moments;
  readonly teamGain: Moments;
}

interface Moments {
  n: number;
  sum: number;
  sumSquares: number;
}

export function createTotals(): SessionTotals {
  return {
    endings: Object.fromEntries(SESSION_ENDINGS.map((ending) => [ending, 0])) as Record<SessionEnding, number>,
    records: 0,
    lastAt: 0,
    closed: 0,
    turns: 0,
    badTurns: 0,
    handedOff: 0,
    recovery: { n: 0, sum: 0, sumSquares: 0 },
    satisfaction: { n: 0, sum: 0, sumSquares: 0 },
    ...createRelianceTotals(),
    effortMinutes: 0,
    accepted: 0,
    overridden: 0,
    absences: createAbsenceTable(),
    silentAbsences: null,
    judged: [],
  };
}

export function createRelianceTotals(): RelianceTotals {
  return {
    overReliance: { n: 0, sum: 0, sumSquares: 0 },
    underReliance: { n: 0, sum: 0, sumSquares: 0 },
    teamGain: { n: 0, sum: 0, sumSquares: 0 },
  };
}

export function recordOutcome(totals: SessionTotals, outcome: SessionOutcome): void {
  totals.endings[outcome.ending] += 1;
  totals.records += 1;
  totals.lastAt = Math.max(totals.lastAt, outcome.closedAt);
  totals.turns += outcome.turns;
  totals.badTurns += outcome.badTurns;
  totals.effortMinutes += outcome.engagement.effortMinutes;
  totals.accepted += outcome.reactions.accepted;
  totals.overridden += outcome.reactions.overridden;
  recordReliance(totals, outcome.reliance);
  recordJudged(totals.judged, outcome);
  // One turn shows no reaction to any answer: it says nothing of how the user fared.
  if (outcome.turns > 1) record(totals.satisfaction, outcome.satisfaction);
  // Of a session cut off by the end of the stream it is not known whether it would have recovered or been abandoned.
  if (outcome.ending === 'open') return;
  totals.closed += 1;
  if (outcome.reactions.handoffs > 0) totals.handedOff += 1;
  const { badTurns, within } = outcome.recovery;
  if (badTurns > 0) record(totals.recovery, within / badTurns);
}

/** One session. */
export function recordReliance(totals: RelianceTotals, reliance: Reliance): void {
  const { rightAccepted, rightOverridden, wrongAccepted, wrongOverridden } = reliance;
  const [right, wrong] = [rightAccepted + rightOverridden, wrongAccepted + wrongOverridden];
  if (wrong > 0) record(totals.overReliance, wrongAccepted / wrong);
  if (right > 0) record(totals.underReliance, rightOverridden / right);
  const { compared, teamRight, modelRight } = reliance;
  if (compared > 0) record(totals.teamGain, (teamRight - modelRight) / compared);
}

const RETURN_DAYS = 7;

export function recordAbsence(totals: SessionTotals, { days, isReturn, isSilent }: Omit<Absence, 'segments'>): void {
  countAbsence(totals.absences, days, isReturn);
  if (isSilent) countAbsence((totals.silentAbsences ??= createAbsenceTable()), days, isReturn);
}

/** The totals with absences that still last, which the totals themselves do not hold. */
export function withLasting(totals: SessionTotals, lasting: readonly Omit<Absence, 'segments'>[]): SessionTotals {
  const { absences, silentAbsences } = totals;
  const copy = {
    ...totals,
    absences: copyOf(absences),
    silentAbsences: silentAbsences === null ? null : copyOf(silentAbsences),
  };
  for (const absence of lasting) recordAbsence(copy, absence);
  return copy;
}

function copyOf({ returned, censored }: AbsenceTable): AbsenceTable {
  return { returned: [...returned], censored: [...censored] };
}

/** Absences that still last are part of `totals`: see `withLasting`. `people`: reliance by people's labels. */
export function ratiosOf(
  totals: SessionTotals,
  churnDays: number,
  people: RelianceTotals | null = null,
): SessionRatios {
  const { absences, silentAbsences } = totals;
  const silent = silentAbsences ?? createAbsenceTable();
  return {
    recovery: meanRatio(totals.recovery),
    abandonment: shareRatio(totals.endings.abandoned, totals.closed),
    handoff: shareRatio(totals.handedOff, totals.closed),
    return: returnRatio(absences, RETURN_DAYS),
    satisfaction: meanRatio(totals.satisfaction),
    quietChurn: churnRatio(silent, churnDays),
    complaintChurn: churnRatio(difference(absences, silent), churnDays),
    reliance: {
      check: relianceRatios(totals),
      people: relianceRatios(people ?? createRelianceTotals()),
    },
  };
}

function relianceRatios({ overReliance, underReliance, teamGain }: RelianceTotals): RelianceRatios {
  return {
    overReliance: meanRatio(overReliance),
    underReliance: meanRatio(underReliance),
    teamGain: meanRatio(teamGain, -1),
  };
}

function returnRatio(absences: AbsenceTable, days: number): Ratio | null {
  const back = returnedWithin(absences, days);
  if (back === null) return null;
  const n = [...absences.returned, ...absences.censored].reduce((sum, count) => sum + count, 0);
  return { value: back.ratio, lower: back.lower, upper: back.upper, n };
}

/** The share that does not come back in time: the survival function. */
function churnRatio(absences: AbsenceTable, days: number): Ratio | null {
  const back = returnRatio(absences, days);
  return back && { value: 1 - back.value, lower: 1 - back.upper, upper: 1 - back.lower, n: back.n };
}

function difference(all: AbsenceTable, part: AbsenceTable): AbsenceTable {
  const less = (a: readonly number[], b: readonly number[]): number[] => a.map((count, day) => count - (b[day] ?? 0));
  return { returned: less(all.returned, part.returned), censored: less(all.censored, part.censored) };
}

function record(moments: Moments, value: number): void {
  moments.n += 1;
  moments.sum += value;
  moments.sumSquares += value * value;
}

function shareRatio(k: number, n: number): Ratio | null {
  const interval = wilsonInterval(k, n);
  if (interval === null) return null;
  // Rounding can put an end a hair outside.
  const [lower, upper] = clipInterval(interval, 0, 1);
  return { value: k / n, lower, upper, n };
}

function meanRatio({ n, sum, sumSquares }: Moments, lowest: number = 0): Ratio | null {
  if (n === 0) return null;
  const value = sum / n;
  if (n === 1) return { value, lower: lowest, upper: 1, n };
  const variance = Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1));
  const [lower, upper] = clipInterval(waldInterval(value, Math.sqrt(variance / n)), lowest, 1);
  return { value, lower, upper, n };
}
