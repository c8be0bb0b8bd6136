import {
  countAbsence,
  createAbsenceTable,
  createPanel,
  recordVisit,
  returnedWithin,
} from '../../../src/sessions/returns';
import { createTotals, ratiosOf, recordAbsence, type SessionTotals, withLasting } from '../../../src/sessions/totals';
import { kaplanMeier, returnedBy } from '../../../src/stats/kaplan-meier';
import { seededRandom } from '../../support/builders/random';
import { outcome } from './outcomes';

const DAY = 86_400_000;

describe('returns', () => {
  it('agree with the Kaplan-Meier estimate of the statistics room', () => {
    const random = seededRandom(7);
    const table = createAbsenceTable();
    const days: number[] = [];
    const returned: number[] = [];
    for (let i = 0; i < 500; i++) {
      const [day, event] = [random.int(40), random.chance(0.6)];
      countAbsence(table, day, event);
      days.push(day);
      returned.push(event ? 1 : 0);
    }
    const steps = kaplanMeier(days, returned);
    for (const within of [1, 7, 28]) {
      expect(returnedWithin(table, within)?.ratio).toBeCloseTo(returnedBy(steps, within - 1), 12);
    }
    const step = steps.find(({ time }) => time === 6);
    const estimate = returnedWithin(table, 7);
    expect(((estimate?.upper ?? 0) - (estimate?.lower ?? 0)) / 2).toBeCloseTo(1.959964 * (step?.standardError ?? 0), 6);
  });

  it('say nothing while nobody has been watched long enough', () => {
    const table = createAbsenceTable();
    countAbsence(table, 0, true);
    countAbsence(table, 3, false);
    expect(returnedWithin(table, 7)).toBeNull();
  });

  it('do not take those who are away still for ones who stay away', () => {
    const table = createAbsenceTable();
    for (let i = 0; i < 50; i++) countAbsence(table, 1, true);
    for (let i = 0; i < 50; i++) countAbsence(table, 0, false);
    countAbsence(table, 10, false);
    expect(returnedWithin(table, 7)?.ratio).toBeGreaterThan(0.9);
  });

  it('count the time from the last sign of one session to the first turn of the next', () => {
    const panel = createPanel();
    expect(recordVisit(panel, outcome({ userHash: 'u', openedAt: 0, lastActivityAt: DAY }), 10)).toEqual([]);
    expect(recordVisit(panel, outcome({ userHash: 'u', openedAt: 3.5 * DAY, lastActivityAt: 4 * DAY }), 10)).toEqual([
      { segments: [], days: 2, isReturn: true, isSilent: true },
    ]);
  });

  it('are of the same sample after a restart, and take nobody in whom a full one would have to let go', () => {
    const random = seededRandom(11);
    const users = Array.from({ length: 400 }, () => `u-${random.int(200)}`);
    const uncut = createPanel();
    users.forEach((userHash, at) => recordVisit(uncut, outcome({ userHash, openedAt: at, lastActivityAt: at }), 20));
    for (const cut of [15, 60, 200]) {
      let panel = createPanel();
      users.forEach((userHash, at) => {
        if (at === cut) panel = createPanel(new Map(panel.users), panel.left);
        recordVisit(panel, outcome({ userHash, openedAt: at, lastActivityAt: at }), 20);
      });
      expect([...panel.users]).toEqual([...uncut.users]);
      expect(panel.left).toBe(uncut.left);
    }
    const hashes = [...uncut.users.values()].map(({ hash }) => hash);
    expect(uncut.users.size).toBeLessThanOrEqual(21);
    expect(Math.max(...hashes)).toBeLessThanOrEqual(uncut.bar);
  });

  it('see no absence between sessions that overlap', () => {
    const panel = createPanel();
    recordVisit(panel, outcome({ userHash: 'u', openedAt: 0, lastActivityAt: 100 }), 10);
    expect(recordVisit(panel, outcome({ userHash: 'u', openedAt: 50, lastActivityAt: 80 }), 10)).toEqual([]);
    expect(panel.users.get('u')?.lastAt).toBe(100);
  });

  it('keep the same sample of users whatever the order they come in, within its bound', () => {
    const users = Array.from({ length: 500 }, (_, i) => `user-${i}`);
    const sample = (order: readonly string[]): string[] => {
      const panel = createPanel();
      for (const userHash of order) recordVisit(panel, outcome({ userHash }), 100);
      for (const userHash of order.slice(0, 1)) recordVisit(panel, outcome({ userHash }), 100);
      expect(panel.users.size).toBeLessThanOrEqual(105);
      return [...panel.users]
        .sort(([, a], [, b]) => a.hash - b.hash)
        .slice(0, 100)
        .map(([user]) => user);
    };
    expect(sample([...users].reverse())).toEqual(sample(users));
  });
});

describe('silent churn', () => {
  const visits = (totals: SessionTotals, n: number, days: number, isReturn: boolean, isSilent: boolean): void => {
    for (let i = 0; i < n; i++) recordAbsence(totals, { days, isReturn, isSilent });
  };

  it('is the share that stays away after a session without complaint, apart from those who complained', () => {
    const totals = createTotals();
    visits(totals, 60, 3, true, true);
    visits(totals, 40, 40, false, true);
    visits(totals, 20, 3, true, false);
    visits(totals, 80, 40, false, false);
    const { quietChurn, complaintChurn, return: back } = ratiosOf(totals, 28);
    expect(quietChurn).toMatchObject({ n: 100 });
    expect(quietChurn?.value).toBeCloseTo(0.4, 12);
    expect(complaintChurn?.value).toBeCloseTo(0.8, 12);
    expect(back?.value).toBeCloseTo(0.4, 12);
  });

  it('counts who is away still only for as long as they were watched', () => {
    const totals = createTotals();
    visits(totals, 50, 2, true, true);
    visits(totals, 50, 30, false, true);
    // Away for a day so far: neither gone nor back.
    const lasting = Array.from({ length: 1000 }, () => ({ days: 1, isReturn: false, isSilent: true }));
    const churn = ratiosOf(withLasting(totals, lasting), 28).quietChurn;
    expect(churn?.value).toBeCloseTo(0.5, 12);
    expect(ratiosOf(totals, 28).quietChurn?.n).toBe(100);
  });

  it('is not known before anybody was watched for so long', () => {
    const totals = createTotals();
    visits(totals, 50, 3, true, true);
    visits(totals, 50, 20, false, true);
    expect(ratiosOf(totals, 28)).toMatchObject({ quietChurn: null, complaintChurn: null });
    expect(ratiosOf(totals, 14).quietChurn?.value).toBeCloseTo(0.5, 12);
  });

  it.each([
    ['a bad turn', { badTurns: 1 }],
    ['having given up', { ending: 'abandoned' as const }],
  ])('is not of who left after %s', (_, part) => {
    const panel = createPanel();
    recordVisit(panel, outcome({ userHash: 'u', ...part }), 10);
    expect(panel.users.get('u')?.isSilent).toBe(false);
  });
});
