/** What a day of one segment looks like and what judging all of it would cost. */
export interface SegmentDay {
  readonly segment: string;
  readonly interactions: number;
  readonly conversations: number;
  /** Of one conversation, every turn judged, USD. */
  readonly cheapUsd: number;
  readonly ensembleUsd: number;
}

export interface PlanOptions {
  /** What traffic may cost a day, USD. */
  readonly dailyUsd: number;
  /** Share of judged items that are expected to reach the ensemble, in [0, 1]. */
  readonly escalation: number;
}

export interface SegmentPlan extends SegmentDay {
  /** Share of conversations to judge, in [0, 1], rounded down to three significant digits. */
  readonly rate: number;
  readonly judgedConversations: number;
  readonly costUsd: number;
}

export interface BudgetPlan {
  readonly segments: readonly SegmentPlan[];
  readonly costUsd: number;
  /** What judging everything would cost, USD a day. */
  readonly fullUsd: number;
}

/**
 * Every segment gets the same number of judged conversations a day, or all it has: the same drop is then seen equally fast
 * everywhere, and no large segment eats what small ones need. The number is the largest that the budget carries
 * (water-filling). A budget that carries everything leaves all rates at 1.
 */
export function planBudget(days: readonly SegmentDay[], { dailyUsd, escalation }: PlanOptions): BudgetPlan {
  const price = ({ cheapUsd, ensembleUsd }: SegmentDay): number => cheapUsd + escalation * ensembleUsd;
  const fullUsd = sum(days.map((day) => day.conversations * price(day)));
  const level = waterLevel(days, price, dailyUsd);
  const segments = days.map((day): SegmentPlan => {
    const rate = day.conversations === 0 ? 1 : roundDown(Math.min(1, level / day.conversations));
    const judgedConversations = rate * day.conversations;
    return { ...day, rate, judgedConversations, costUsd: judgedConversations * price(day) };
  });
  return { segments, costUsd: sum(segments.map(({ costUsd }) => costUsd)), fullUsd };
}

/** Conversations a day per segment; infinite when the budget carries all. */
function waterLevel(days: readonly SegmentDay[], price: (day: SegmentDay) => number, dailyUsd: number): number {
  const smallestFirst = [...days].sort((a, b) => a.conversations - b.conversations);
  let left = dailyUsd;
  for (const [index, day] of smallestFirst.entries()) {
    const slope = sum(smallestFirst.slice(index).map(price));
    const level = slope > 0 ? left / slope : Infinity;
    if (level <= day.conversations) return level;
    left -= day.conversations * price(day);
  }
  return Infinity;
}

/** Never up: the plan must not cost more than the budget. */
function roundDown(rate: number): number {
  if (rate <= 0 || rate >= 1) return Math.max(0, Math.min(1, rate));
  const scale = 10 ** (2 - Math.floor(Math.log10(rate)));
  return Math.floor(rate * scale) / scale;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `3000/month`, `100/day`, `3000`: USD a month; null for anything else. A month has 30.4 days. */
export function parseBudget(text: string): number | null {
  const found = /^\$?(\d+(?:\.\d+)?)(?:\/(month|day))?$/.exec(text.trim());
  if (found === null) return null;
  const usd = Number(found[1]) * (found[2] === 'day' ? DAYS_PER_MONTH : 1);
  return usd > 0 && Number.isFinite(usd) ? usd : null;
}

export const DAYS_PER_MONTH = 365.25 / 12;
