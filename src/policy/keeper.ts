import type { EpochMs } from '../domain/time';
import { type BudgetStanding, standingOf, stepLadder } from './budget';
import type { Calendar } from './calendar';
import { grantLeases, type Lease, type LeaseBook } from './lease';
import type { BudgetOptions } from './options';
import { type BudgetMode, INITIAL_POLICY, type Policy, revisePolicy } from './policy';
import type { Spend } from './spend';
import type { Weighting } from './weighting';

/** What the owner of the policy has said last; all of it can be read back from what it published. */
export interface KeeperState {
  readonly policy: Policy;
  readonly book: LeaseBook;
}

export const INITIAL_KEEPER: KeeperState = { policy: INITIAL_POLICY, book: new Map() };

/** What the fold knows when a marker has passed. */
export interface KeeperInput {
  /** The fold's clock. */
  readonly now: EpochMs;
  readonly spend: Spend;
  /** Source partitions that hold interactions, as `topic/partition`. */
  readonly partitions: readonly string[];
  readonly pausedJudges: readonly string[];
  readonly weightings: readonly Weighting[];
}

export interface KeeperStep {
  readonly state: KeeperState;
  /** The new policy; null while the last one stands. */
  readonly policy: Policy | null;
  readonly leases: readonly Lease[];
  /** Null without a budget. */
  readonly standing: BudgetStanding | null;
}

export interface KeeperTerms {
  readonly budget: BudgetOptions;
  /** Of the budget's time zone. */
  readonly calendar: Calendar;
  /** How long after a lease has ended its spending may still reach the ledger, ms. */
  readonly settleMs: number;
}

/** One look: the ladder, the ceilings, the leases that are due. Pure; the same looks give the same policies. */
export function stepKeeper({ policy, book }: KeeperState, input: KeeperInput, terms: KeeperTerms): KeeperStep {
  const { now, spend, pausedJudges, weightings } = input;
  const standing = standingOf(terms.budget, terms.calendar, spend, now);
  const rung = stepLadder(policy, standing);
  const next = revisePolicy(
    policy,
    {
      mode: rung.mode,
      samplingScale: rung.samplingScale,
      bandEnabled: rung.mode === 'full',
      pausedJudges: [...pausedJudges].sort(),
      closedCeilings: standing?.closedCeilings ?? [],
      weightings: [...weightings].sort((a, b) => (a.criterion < b.criterion ? -1 : 1)),
    },
    now,
  );
  const { book: open, granted } =
    standing === null ? { book, granted: [] } : grant(book, rung.mode, standing, input, terms);
  return { state: { policy: next, book: open }, policy: next === policy ? null : next, leases: granted, standing };
}

function grant(
  book: LeaseBook,
  mode: BudgetMode,
  { day, availableUsd }: BudgetStanding,
  { now, spend, partitions }: KeeperInput,
  { budget: { leaseSeconds, leaseShare, leaseMinUsd }, settleMs }: KeeperTerms,
): ReturnType<typeof grantLeases> {
  const chunkUsd = Math.max(leaseMinUsd, (day.allowanceUsd * leaseShare) / Math.max(1, partitions.length));
  return grantLeases(
    book,
    { validMs: leaseSeconds * 1000, settleMs, chunkUsd, leastUsd: leaseMinUsd },
    {
      now,
      availableUsd,
      partitions: mode === 'checks_only' ? [] : partitions,
      spentOn: (partition) => spend.partitions.get(partition) ?? 0,
    },
  );
}
