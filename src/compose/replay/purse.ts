import { ledgerEnd } from '../../ledger/kafka';
import { type BudgetOptions, budgetOptions } from '../../policy/options';
import { createPurse } from '../../policy/purse';
import { ledgerOn } from '../ledger/on-kafka';
import { createPolicyDesk, hasBudget, type PolicyDesk } from '../policy-desk';
import { followLedger, type LedgerSetup } from '../watching';

/**
 * An operator asked for these records, so they wait for no lease; but what they cost counts in the month, and they get what
 * is left of it, one lease at most unless more is asked for: live traffic holds its own leases meanwhile. Without a budget
 * there is no bound but `budgetUsd`.
 */
export async function purseFor(
  setup: LedgerSetup,
  budgetUsd: number | null,
): Promise<{ readonly budget: BudgetOptions; readonly desk: PolicyDesk }> {
  const { config } = setup.loaded;
  const deskOf = (budget: BudgetOptions): PolicyDesk =>
    createPolicyDesk({ budget, itemDeadlineMs: config.cascade.deadlineMs, behaviourTopic: null });
  if (!hasBudget(config.budget)) {
    const budget = budgetOptions.parse(budgetUsd === null ? {} : { monthlyUsd: budgetUsd });
    const desk = deskOf(budget);
    return { budget, desk: budgetUsd === null ? desk : { ...desk, meter: createPurse(budgetUsd) } };
  }
  const desk = deskOf(config.budget);
  const watch = await followLedger(setup);
  await watch.reached(await ledgerEnd(setup.access, ledgerOn(setup.access, setup.loaded).topic));
  // What it grants stays here: the owner of the ledger is who tells others.
  desk.keep(watch.snapshot());
  const standing = desk.standing();
  const { leaseMinUsd, leaseShare } = config.budget;
  const leaseUsd = Math.max(leaseMinUsd, (standing?.day.allowanceUsd ?? 0) * leaseShare);
  const purse = createPurse(Math.min(standing?.availableUsd ?? 0, budgetUsd ?? leaseUsd));
  return { budget: config.budget, desk: { ...desk, meter: purse } };
}
