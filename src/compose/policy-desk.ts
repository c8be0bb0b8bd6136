import { partitionKey } from '../domain/coordinates';
import type { PolicyFigures } from '../outputs/fold-metrics';
import type { BudgetStanding, Purse } from '../policy/budget';
import { createCalendar } from '../policy/calendar';
import { INITIAL_KEEPER, type KeeperState, stepKeeper } from '../policy/keeper';
import { heedLease, type Lease } from '../policy/lease';
import { createLeaseMeter, type LeaseMeter } from '../policy/lease-meter';
import type { BudgetOptions } from '../policy/options';
import { INITIAL_POLICY, type Policy, type PolicyRecord } from '../policy/policy';
import type { FoldSnapshot } from '../watch/fold';

/** What is said about the policy in one process: SCORE reads it here, the owner of the ledger keeps it here. */
export interface PolicyDesk {
  /** The policy in force. */
  policy(): Policy;
  readonly meter: LeaseMeter;
  /** A record that somebody has published. */
  onRecord(record: PolicyRecord): void;
  /** Looks at what the fold knows now and says what has to be published, all of it heeded here already. */
  keep(
    snapshot: Pick<FoldSnapshot, 'clock' | 'spend' | 'watermarks' | 'pausedJudges' | 'weightings'>,
  ): readonly PolicyRecord[];
  /** How the budget stood at the last look; null without a budget or before the first. */
  standing(): BudgetStanding | null;
}

export interface PolicyDeskOptions {
  readonly budget: BudgetOptions;
  /** Deadline of an item, ms: how long after a lease its spending may reach the ledger. */
  readonly itemDeadlineMs: number;
  /** Topic without interactions; its partitions need no leases. */
  readonly behaviourTopic: string | null;
}

export function createPolicyDesk({ budget, itemDeadlineMs, behaviourTopic }: PolicyDeskOptions): PolicyDesk {
  const terms = { budget, calendar: createCalendar(budget.timeZone), settleMs: itemDeadlineMs };
  const meter = createLeaseMeter();
  let policy = INITIAL_POLICY;
  let keeper: KeeperState = INITIAL_KEEPER;
  let standing: BudgetStanding | null = null;

  const heed = (lease: Lease): void => {
    const book = heedLease(keeper.book, lease, itemDeadlineMs);
    if (book === keeper.book) return;
    keeper = { ...keeper, book };
    meter.onLease(lease);
  };

  return {
    policy: () => policy,
    meter,
    onRecord({ policy: said, lease }) {
      if (said !== null && said.version >= policy.version) {
        policy = said;
        keeper = { ...keeper, policy: said };
      }
      if (lease !== null) heed(lease);
    },
    keep({ clock, spend, watermarks, pausedJudges, weightings }) {
      if (clock === null) return [];
      const partitions = watermarks.filter(({ topic }) => topic !== behaviourTopic).map(partitionKey);
      const step = stepKeeper(keeper, { now: clock, spend, partitions, pausedJudges, weightings }, terms);
      keeper = step.state;
      standing = step.standing;
      policy = keeper.policy;
      for (const lease of step.leases) meter.onLease(lease);
      return [
        ...(step.policy === null ? [] : [{ policy: step.policy, lease: null }]),
        ...step.leases.map((lease) => ({ policy: null, lease })),
      ];
    },
    standing: () => standing,
  };
}

/** The key of a record in the compacted topic. */
export function policyKey({ lease }: PolicyRecord): string {
  return lease === null ? 'policy' : `lease/${lease.partition}`;
}

/** True when judging has a budget at all: only then are leases needed. */
export function hasBudget({ monthlyUsd }: BudgetOptions): boolean {
  return monthlyUsd !== undefined;
}

/** For the metrics of who owns the ledger. */
export function policyFigures(desk: PolicyDesk): PolicyFigures {
  const standing = desk.standing();
  const { mode } = desk.policy();
  if (standing === null) return { mode, remaining: [] };
  const { day, month, golden } = standing;
  return {
    mode,
    remaining: [
      { scope: 'traffic', period: 'day', ratio: leftOf(day) },
      { scope: 'traffic', period: 'month', ratio: leftOf(month) },
      { scope: 'golden', period: 'month', ratio: leftOf(golden) },
    ],
  };
}

function leftOf({ allowanceUsd, spentUsd }: Purse): number {
  return allowanceUsd > 0 ? Math.max(0, 1 - spentUsd / allowanceUsd) : 0;
}
