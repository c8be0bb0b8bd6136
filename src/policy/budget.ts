import { whereLabel } from '../domain/segment';
import type { EpochMs } from '../domain/time';
import type { Calendar, CalendarDay } from './calendar';
import type { BudgetOptions } from './options';
import { BESIDE_TRAFFIC, type BudgetMode } from './policy';
import { type Spend, spentBetween, spentOnCeiling } from './spend';

/** How one purse stands, USD. */
export interface Purse {
  readonly allowanceUsd: number;
  readonly spentUsd: number;
}

export interface BudgetStanding {
  /** Traffic only: the reserved part for golden runs has its own purse. */
  readonly month: Purse;
  readonly day: Purse;
  readonly golden: Purse;
  /** What traffic may still cost now, the tighter of day and month, USD; never negative. */
  readonly availableUsd: number;
  /** What golden runs may still cost this month, USD; never negative. */
  readonly goldenAvailableUsd: number;
  /** Part of the day that is over, 0 to 1. */
  readonly dayOver: number;
  /** When the month's purse is empty if it goes on as in the last 24 hours; null = it lasts, or nothing was spent. */
  readonly exhaustedAt: EpochMs | null;
  /** Keys of the ceilings that are reached. */
  readonly closedCeilings: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * Control items and shadow judges end once so much of the golden purse is spent, by them or by golden runs: a run that a
 * page waits for must find the rest.
 */
const BESIDE_SHARE = 0.5;

/** Null without a budget. `now` is the fold's clock; `calendarOf` is that of the budget's time zone. */
export function standingOf(
  options: BudgetOptions,
  calendarOf: Calendar,
  spend: Spend,
  now: EpochMs,
): BudgetStanding | null {
  if (options.monthlyUsd === undefined) return null;
  const calendar = calendarOf(now);
  const { dayStart, dayEnd, monthStart, monthEnd } = calendar;
  const before = spentBetween(spend, monthStart, dayStart);
  const today = spentBetween(spend, dayStart, dayEnd);
  const golden = { allowanceUsd: options.monthlyUsd * options.goldenShare, spentUsd: before.golden + today.golden };
  const month = { allowanceUsd: options.monthlyUsd - golden.allowanceUsd, spentUsd: before.traffic + today.traffic };
  const day = { allowanceUsd: dayAllowance(options, month, before.traffic, calendar), spentUsd: today.traffic };
  const left = month.allowanceUsd - month.spentUsd;
  const lately = spentBetween(spend, now - DAY_MS, now).traffic;
  const emptyAt = lately > 0 ? now + (Math.max(0, left) / lately) * DAY_MS : Infinity;
  return {
    month,
    day,
    golden,
    availableUsd: Math.max(0, Math.min(left, day.allowanceUsd - day.spentUsd)),
    goldenAvailableUsd: Math.max(0, golden.allowanceUsd - golden.spentUsd),
    dayOver: Math.min(1, Math.max(0, (now - dayStart) / (dayEnd - dayStart))),
    exhaustedAt: emptyAt < monthEnd ? emptyAt : null,
    closedCeilings: [
      ...options.ceilings
        .filter(({ where, monthlyUsd }) => spentOnCeiling(spend, whereLabel(where), monthStart, monthEnd) >= monthlyUsd)
        .map(({ where }) => whereLabel(where)),
      ...(golden.spentUsd >= golden.allowanceUsd * BESIDE_SHARE ? [BESIDE_TRAFFIC] : []),
    ],
  };
}

function dayAllowance({ pacing }: BudgetOptions, month: Purse, spentBefore: number, { daysLeft }: CalendarDay): number {
  const left = Math.max(0, month.allowanceUsd - spentBefore);
  return pacing === 'daily' ? left / daysLeft : left;
}

/** A step of the ladder with how far sampling goes down on it. */
export interface Rung {
  readonly mode: BudgetMode;
  readonly samplingScale: number;
}

/**
 * The rungs, mildest first. `pace` is the part of the day's purse that is left over the part of the day that is left: at
 * 1 the purse lasts exactly. A rung is left downwards when the pace falls below its `from`.
 */
const RUNGS: readonly (Rung & { readonly from: number })[] = [
  { mode: 'full', samplingScale: 1, from: 0.9 },
  { mode: 'band_off', samplingScale: 1, from: 0.65 },
  { mode: 'sampling_down', samplingScale: 0.5, from: 0.35 },
  { mode: 'sampling_down', samplingScale: 0.25, from: 0.15 },
  { mode: 'sampling_down', samplingScale: 0.1, from: 0 },
  { mode: 'checks_only', samplingScale: 0, from: -Infinity },
];
/** A rung is climbed only when the pace is this much above what holds it, so that the mode does not flutter. */
const CLIMB_MARGIN = 0.1;
/** Before this part of a day is over its pace says little. */
const DAY_BEGINS = 0.02;

/** One look at the purse: the rung to stand on from now. Down at once and as far as needed, up one rung at a look. */
export function stepLadder(current: Rung, standing: BudgetStanding | null): Rung {
  const free = RUNGS[0]!;
  if (standing === null) return rungOf(free);
  const { day, dayOver, availableUsd } = standing;
  if (availableUsd <= 0) return rungOf(RUNGS.at(-1)!);
  const left = 1 - day.spentUsd / day.allowanceUsd;
  const pace = dayOver < DAY_BEGINS ? left : left / Math.max(1e-6, 1 - dayOver);
  const at = RUNGS.findIndex(
    ({ mode, samplingScale }) => mode === current.mode && samplingScale === current.samplingScale,
  );
  const held = RUNGS.findIndex(({ from }) => pace >= from);
  const standingOn = at < 0 ? held : at;
  if (held >= standingOn) return rungOf(RUNGS[held]!);
  const above = RUNGS[standingOn - 1]!;
  return rungOf(pace >= Math.max(0, above.from) + CLIMB_MARGIN ? above : RUNGS[standingOn]!);
}

function rungOf({ mode, samplingScale }: Rung): Rung {
  return { mode, samplingScale };
}
