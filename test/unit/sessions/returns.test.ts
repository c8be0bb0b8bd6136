import {
  countAbsence,
  createAbsenceTable,
  createPanel,
  recordVisit,
  returnedWithin,
} from '../../../src/sessions/returns';
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
      { segments: [], days: 2, isReturn: true },
    ]);
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
