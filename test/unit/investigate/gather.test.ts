import { gatherEvidence, type Subject, subjectOfTime } from '../../../src/investigate/gather';
import type { WindowRequest, WindowValue } from '../../../src/store/port-window';
import { buildCell, buildPeriod, PANEL } from '../../support/builders/evidence';

const DAY_MS = 86_400_000;
const CHANGE_FROM = 20 * DAY_MS;
const CHANGE_AT = 21 * DAY_MS;

const free = buildCell({ plan: 'free' });
const paid = buildCell({ plan: 'paid' });

/** So many values of a cell, evenly over a stretch of time. */
function spread(cell: typeof free, n: number, from: number, to: number): WindowValue[] {
  const values = buildPeriod([{ cell, n, pass: 1 }]).values;
  return values.map((value, i) => ({ ...value, at: from + Math.floor((i * (to - from)) / n) }));
}

function storeOf(values: readonly WindowValue[]) {
  return {
    criteria: () => Promise.resolve(['correct']),
    values: ({ from, to }: WindowRequest) => Promise.resolve(values.filter(({ at }) => at >= from && at < to)),
    golden: () => Promise.resolve([]),
    traffic: () => Promise.resolve([]),
    sessions: () => Promise.resolve([]),
    labels: () => Promise.resolve([]),
  };
}

const subject: Subject = {
  ...subjectOfTime('plan=free', 'correct', CHANGE_FROM, CHANGE_AT + DAY_MS),
  changeAt: CHANGE_AT,
  changeTo: CHANGE_AT + DAY_MS / 2,
  panel: PANEL,
};

describe('what came before a change', () => {
  it('ends where the change may have begun', async () => {
    const { before } = await gatherEvidence(storeOf(spread(free, 4_000, 0, CHANGE_AT)), subject);
    expect(before.to).toBe(CHANGE_FROM);
  });

  it('reaches to the likeliest moment where the slice has next to nothing earlier, however much others have', async () => {
    const others = spread(paid, 4_000, 0, CHANGE_AT);
    const late = spread(free, 300, CHANGE_FROM, CHANGE_AT);
    const { before } = await gatherEvidence(storeOf([...others, ...late]), subject);
    expect(before.to).toBe(CHANGE_AT);
  });

  it('does not count values of another panel', async () => {
    const other = spread(free, 4_000, 0, CHANGE_FROM).map((value) => ({ ...value, panel: 'other' }));
    const { before } = await gatherEvidence(storeOf([...other, ...spread(free, 300, CHANGE_FROM, CHANGE_AT)]), subject);
    expect(before.to).toBe(CHANGE_AT);
  });

  it('reaches to the latest moment where next to nothing came before the likeliest, and what came since begins there', async () => {
    const values = spread(free, 600, CHANGE_AT - DAY_MS / 100, CHANGE_AT + DAY_MS);
    const { before, after } = await gatherEvidence(storeOf(values), subject);
    expect([before.to, after.from]).toEqual([subject.changeTo, subject.changeTo]);
  });

  it('stays with the likeliest moment where the latest has not enough before it either', async () => {
    const values = spread(free, 60, CHANGE_FROM, CHANGE_AT + DAY_MS);
    const { before, after } = await gatherEvidence(storeOf(values), subject);
    expect([before.to, after.from]).toEqual([CHANGE_AT, CHANGE_AT]);
  });
});
