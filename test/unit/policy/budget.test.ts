import { whereLabel } from '../../../src/domain/segment';
import { type Rung, standingOf as standingIn, stepLadder } from '../../../src/policy/budget';
import { createCalendar } from '../../../src/policy/calendar';
import { type BudgetOptions, budgetOptions } from '../../../src/policy/options';
import { BESIDE_TRAFFIC, INITIAL_POLICY, revisePolicy } from '../../../src/policy/policy';
import {
  createSpend,
  decodeSpend,
  type EncodedSpend,
  encodeSpend,
  recordGoldenSpend,
  recordSpend,
  type Spend,
} from '../../../src/policy/spend';

const HOUR = 3_600_000;
const CALENDAR = createCalendar('UTC');
const standingOf = (options: BudgetOptions, spend: Spend, now: number) => standingIn(options, CALENDAR, spend, now);
const NOON = Date.UTC(2026, 5, 10, 12);

function spending(...amounts: readonly [at: number, usd: number][]) {
  const spend = createSpend();
  for (const [at, usd] of amounts) recordSpend(spend, { at, partition: 't/0', usd, ceilings: [] });
  return spend;
}

describe('createCalendar', () => {
  it('has days of 23 and of 25 hours where clocks are changed', () => {
    const hours = (at: number) => {
      const { dayStart, dayEnd } = createCalendar('Europe/Berlin')(at);
      return (dayEnd - dayStart) / HOUR;
    };
    expect([Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 9, 25, 12), NOON].map(hours)).toEqual([23, 25, 24]);
  });

  it('begins months in the time zone', () => {
    const { monthStart, monthEnd, daysLeft } = createCalendar('Asia/Tokyo')(Date.UTC(2026, 5, 30, 23));
    expect(monthStart).toBe(Date.UTC(2026, 5, 30, 15));
    expect(monthEnd).toBe(Date.UTC(2026, 6, 31, 15));
    expect(daysLeft).toBe(31);
  });

  it('knows the last day of a year', () => {
    const { dayEnd, monthEnd, daysLeft } = createCalendar('UTC')(Date.UTC(2026, 11, 31, 5));
    expect([dayEnd, monthEnd, daysLeft]).toEqual([Date.UTC(2027, 0, 1), Date.UTC(2027, 0, 1), 1]);
  });
});

describe('standingOf', () => {
  const options = budgetOptions.parse({ monthlyUsd: 300, goldenShare: 0.1 });

  it('is null without a budget', () => {
    expect(standingOf(budgetOptions.parse({}), createSpend(), NOON)).toBeNull();
  });

  it('gives each day what is left of the month over the days left', () => {
    const spend = spending([Date.UTC(2026, 5, 2), 60]);
    expect(standingOf(options, spend, NOON)?.day.allowanceUsd).toBeCloseTo((270 - 60) / 21, 10);
  });

  it('carries over what a day leaves', () => {
    const first = standingOf(options, createSpend(), Date.UTC(2026, 5, 1, 12))!.day.allowanceUsd;
    expect(standingOf(options, createSpend(), Date.UTC(2026, 5, 2, 12))!.day.allowanceUsd).toBeGreaterThan(first);
  });

  it('ends what is judged beside the traffic when half of the golden purse is spent, and begins it again next month', () => {
    const spend = createSpend();
    recordGoldenSpend(spend, NOON - HOUR, 14.9);
    expect(standingOf(options, spend, NOON)?.closedCeilings).toEqual([]);
    recordGoldenSpend(spend, NOON - HOUR, 0.1);
    expect(standingOf(options, spend, NOON)?.closedCeilings).toEqual([BESIDE_TRAFFIC]);
    expect(standingOf(options, spend, NOON)?.goldenAvailableUsd).toBe(15);
    expect(standingOf(options, spend, Date.UTC(2026, 6, 1, 12))?.closedCeilings).toEqual([]);
  });

  it('keeps the purse of golden runs apart, in both directions', () => {
    const spend = spending([NOON, 5]);
    recordGoldenSpend(spend, NOON, 12);
    const standing = standingOf(options, spend, NOON)!;
    expect(standing.golden).toEqual({ allowanceUsd: 30, spentUsd: 12 });
    expect(standing.month).toEqual({ allowanceUsd: 270, spentUsd: 5 });
    expect(standing.goldenAvailableUsd).toBe(18);
  });

  it('forgets last month, and has nothing left of a purse that is overdrawn', () => {
    expect(standingOf(options, spending([Date.UTC(2026, 4, 31, 23), 900]), NOON)?.month.spentUsd).toBe(0);
    expect(standingOf(options, spending([NOON, 900]), NOON)?.availableUsd).toBe(0);
  });

  it('says when the month is used up at the present pace, and nothing when it lasts', () => {
    const fast = standingOf(options, spending([NOON - 2 * HOUR, 135]), NOON);
    expect(fast?.exhaustedAt).toBeCloseTo(NOON + 24 * HOUR, -3);
    expect(standingOf(options, spending([NOON - 2 * HOUR, 1]), NOON)?.exhaustedAt).toBeNull();
  });

  it('closes a ceiling that is reached and no other', () => {
    const limited = budgetOptions.parse({
      monthlyUsd: 300,
      ceilings: [
        { where: { product: 'a' }, monthlyUsd: 10 },
        { where: { product: 'b' }, monthlyUsd: 10 },
      ],
    });
    const spend = createSpend();
    recordSpend(spend, { at: NOON, partition: 't/0', usd: 10, ceilings: [whereLabel({ product: 'a' })] });
    expect(standingOf(limited, spend, NOON)?.closedCeilings).toEqual(['product=a']);
  });
});

describe('the state of spending', () => {
  it('comes back from its encoding', () => {
    const spend = spending([NOON, 1], [NOON + HOUR, 2]);
    recordSpend(spend, { at: NOON, partition: 't/1', usd: 3, ceilings: ['product=a'] });
    expect(decodeSpend(JSON.parse(JSON.stringify(encodeSpend(spend))) as EncodedSpend)).toEqual(spend);
  });

  it('stays bounded over years', () => {
    const spend = createSpend();
    for (let hour = 0; hour < 24 * 800; hour++) {
      recordSpend(spend, { at: hour * HOUR, partition: 't/0', usd: 1, ceilings: ['k'] });
    }
    expect(spend.hours.size).toBeLessThanOrEqual(62 * 24 + 1);
    expect(spend.ceilings.get('k')?.size).toBeLessThanOrEqual(62 * 24 + 1);
  });
});

describe('stepLadder', () => {
  const options = budgetOptions.parse({ monthlyUsd: 3000, goldenShare: 0 });
  const day = standingOf(options, createSpend(), NOON)!.day.allowanceUsd;
  /** Noon: half of the day is left, so the pace is twice the part of the purse that is left. */
  const after = (rung: Rung, partSpent: number) =>
    stepLadder(rung, standingOf(options, spending([NOON - HOUR, day * partSpent]), NOON));
  const full: Rung = { mode: 'full', samplingScale: 1 };

  it('stays full while the purse lasts', () => {
    expect(after(full, 0.5)).toEqual(full);
    expect(stepLadder(full, null)).toEqual(full);
  });

  it('gives up the band, then sampling, then judging, as the purse empties', () => {
    const spent = [0.6, 0.75, 0.85, 0.95, 1];
    expect(spent.map((part) => after(full, part))).toEqual([
      { mode: 'band_off', samplingScale: 1 },
      { mode: 'sampling_down', samplingScale: 0.5 },
      { mode: 'sampling_down', samplingScale: 0.25 },
      { mode: 'sampling_down', samplingScale: 0.1 },
      { mode: 'checks_only', samplingScale: 0 },
    ]);
  });

  it('climbs back one rung at a look, and does not flutter around a threshold', () => {
    const low: Rung = { mode: 'sampling_down', samplingScale: 0.25 };
    expect(after(low, 0.3)).toEqual({ mode: 'sampling_down', samplingScale: 0.5 });
    const band: Rung = { mode: 'band_off', samplingScale: 1 };
    expect(after(band, 0.54)).toEqual(band);
    expect(after(band, 0.45)).toEqual(full);
  });

  it('is restored on a new day', () => {
    let rung: Rung = { mode: 'checks_only', samplingScale: 0 };
    const morning = Date.UTC(2026, 5, 11, 6);
    const standing = standingOf(options, spending([NOON, day]), morning);
    for (let look = 0; look < 6; look++) rung = stepLadder(rung, standing);
    expect(rung).toEqual(full);
  });
});

describe('revisePolicy', () => {
  const { version, madeAt, ...content } = INITIAL_POLICY;

  it('keeps the version while nothing is said anew', () => {
    expect(revisePolicy(INITIAL_POLICY, content, 5)).toBe(INITIAL_POLICY);
  });

  it('takes the next version for anything new', () => {
    const next = revisePolicy(INITIAL_POLICY, { ...content, pausedJudges: ['mini'] }, 5);
    expect(next).toMatchObject({ version: version + 1, madeAt: 5, pausedJudges: ['mini'] });
    expect(madeAt).toBe(0);
  });
});
