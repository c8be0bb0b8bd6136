import type { Label } from '../domain/label';
import { segmentLabel } from '../domain/segment';
import type { Ratio, RelianceRatios, SegmentSessions, SessionRatios } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import type { SessionOptions } from '../sessions/options';
import { type Absence, daysOf, type ReturnPanel } from '../sessions/returns';
import { ratiosOf, type SessionTotals, withLasting } from '../sessions/totals';
import { relianceByPeople } from './decided-answers';
import type { JudgedGroup } from './group-gaps';
import { OTHER_VALUE } from './segments';
import type { SessionTable } from './session-table';

/**
 * Everything that can be told of each segment; `now` is the event time up to which absences are known to last, `labels`
 * what people said of answers.
 */
export function sessionsBySegment(
  { totals, panel, decided }: SessionTable,
  now: EpochMs | null,
  { minGroup, churnDays, rightCriterion }: SessionOptions,
  labels: readonly Label[] = [],
): SegmentSessions[] {
  const lasting = lastingAbsences(panel, totals, now);
  const people = relianceByPeople(decided, labels, rightCriterion);
  return [...totals].flatMap(([dimension, values]) =>
    [...values].map(([value, own]): SegmentSessions => {
      const segment = { dimension, value };
      const away = lasting.get(own);
      const whole = away === undefined ? own : withLasting(own, away);
      const ratios = ratiosOf(whole, churnDays, people.get(segmentLabel(segment)));
      return {
        segment,
        endings: { ...own.endings },
        turns: own.turns,
        badTurns: own.badTurns,
        ratios: publishable(ratios, minGroup),
      };
    }),
  );
}

/** What judges said of each segment, beside how its users fared. */
export function judgedGroups({ totals }: SessionTable): JudgedGroup[] {
  return [...totals].flatMap(([dimension, values]) =>
    [...values].map(([value, { judged }]) => ({ segment: { dimension, value }, judged })),
  );
}

/** A ratio of few sessions would tell of single people. */
function publishable(ratios: SessionRatios, minGroup: number): SessionRatios {
  const keep = (ratio: Ratio | null): Ratio | null => (ratio !== null && ratio.n >= minGroup ? ratio : null);
  const reliance = ({ overReliance, underReliance, teamGain }: RelianceRatios): RelianceRatios => ({
    overReliance: keep(overReliance),
    underReliance: keep(underReliance),
    teamGain: keep(teamGain),
  });
  return {
    recovery: keep(ratios.recovery),
    abandonment: keep(ratios.abandonment),
    handoff: keep(ratios.handoff),
    return: keep(ratios.return),
    satisfaction: keep(ratios.satisfaction),
    quietChurn: keep(ratios.quietChurn),
    complaintChurn: keep(ratios.complaintChurn),
    reliance: { check: reliance(ratios.reliance.check), people: reliance(ratios.reliance.people) },
  };
}

/** Users of the sample who are still away, by the totals of the segments where they were last seen. */
function lastingAbsences(
  { users }: ReturnPanel,
  totals: SessionTable['totals'],
  now: EpochMs | null,
): Map<SessionTotals, Omit<Absence, 'segments'>[]> {
  const lasting = new Map<SessionTotals, Omit<Absence, 'segments'>[]>();
  if (now === null) return lasting;
  for (const { lastAt, segments, isSilent } of users.values()) {
    const absence = { days: daysOf(now - lastAt), isReturn: false, isSilent };
    for (const { dimension, value } of segments) {
      const values = totals.get(dimension);
      const own = values?.get(value) ?? values?.get(OTHER_VALUE);
      if (own === undefined) continue;
      const list = lasting.get(own);
      if (list === undefined) lasting.set(own, [absence]);
      else list.push(absence);
    }
  }
  return lasting;
}
