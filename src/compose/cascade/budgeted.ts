import { partitionKey } from '../../domain/coordinates';
import type { Interaction } from '../../domain/interaction';
import type { Cascade, Judging } from '../../judge/cascade-port';
import { unjudgedFor } from '../../judge/settle';
import { step } from '../../judge/trail';
import type { Timers } from '../../pipeline/timers';
import { createCeilings } from '../../policy/ceilings';
import type { LeaseMeter } from '../../policy/lease-meter';
import type { BudgetOptions } from '../../policy/options';
import type { Policy } from '../../policy/policy';

export interface BudgetedCascadeDeps {
  readonly inner: Cascade;
  readonly meter: LeaseMeter;
  readonly ceilings: BudgetOptions['ceilings'];
  /** Upper bound of what the item can cost, USD. */
  readonly boundUsd: (interaction: Interaction) => number;
  /** Time of the markers, ms since the epoch. */
  readonly now: () => number;
  readonly timers: Timers;
}

/**
 * How long after its assignment a partition's items wait for the first lease, ms: one comes within a quarter of a lease's
 * time. Waiting holds back what is read, so it must not be long.
 */
const LEASE_WAIT_MS = 20_000;

/**
 * A cascade that begins nothing it has no leave to pay for (rule 7): such items end as `unjudged: over_budget`, feed no
 * estimator, and show in `judged_ratio`.
 */
export function createBudgetedCascade({ inner, meter, ceilings, boundUsd, now, timers }: BudgetedCascadeDeps): Cascade {
  const ceilingsOf = createCeilings(ceilings);

  const refusal = (interaction: Interaction, policy: Policy): string | null => {
    if (policy.mode === 'checks_only') return 'the budget is used up';
    if (policy.closedCeilings.length === 0) return null;
    const closed = ceilingsOf(interaction.segments).find((key) => policy.closedCeilings.includes(key));
    return closed === undefined ? null : `the ceiling of ${closed} is reached`;
  };

  const refuse = (interaction: Interaction, why: string): Judging => ({
    ...unjudgedFor(inner.notSampled(interaction), 'over_budget'),
    trail: [step('sampling', 'unjudged', why, 0, 0)],
  });

  const nextLease = (partition: string, ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        forget();
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const forget = meter.onceLeased(partition, end);
      const cancel = timers.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
    });

  return {
    notSampled: (interaction) => inner.notSampled(interaction),
    async judge(request) {
      const { interaction, policy, source, sampling } = request;
      if (!sampling.sampled || source === undefined) return inner.judge(request);
      const why = refusal(interaction, policy);
      if (why !== null) return refuse(interaction, why);
      const partition = partitionKey(source);
      const unleasedMs = meter.unleasedMs(partition, now());
      if (unleasedMs !== null && unleasedMs < LEASE_WAIT_MS) {
        await nextLease(partition, LEASE_WAIT_MS - unleasedMs, request.signal);
      }
      const reservation = meter.reserve(partition, boundUsd(interaction), now());
      if (reservation === null) return refuse(interaction, 'no valid lease has room for it');
      let costUsd: number | null = null;
      try {
        const judging = await inner.judge(request);
        ({ costUsd } = judging);
        return judging;
      } finally {
        // What broke off unseen may have been billed: it stays reserved in full.
        if (costUsd !== null) reservation.settle(costUsd);
      }
    },
  };
}
