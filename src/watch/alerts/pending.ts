import {
  aimWitness,
  followEvidence,
  stepGrowingBatch,
  stepWitness,
  type ValueBatch,
  valuesToRenewal,
} from '../../detectors/growing-detector';
import type { EpochMs } from '../../domain/time';
import { stepChangeWindow } from './change-window';
import type { Pending, WatchedSeries } from './state';
import { stepTarget, type Tier } from './tier';

const MOST_PENDING = 64;

function createPending(): Pending {
  const column = (): Float64Array => new Float64Array(MOST_PENDING);
  return { x: column(), weight: column(), at: column(), n: 0 };
}

/** Puts a value by, in place, and takes in all that wait when one of the tiers may have reached its threshold. */
export function addPending(series: WatchedSeries, ticket: Tier, x: number, days: number, at: EpochMs): void {
  const pending = (series.pending ??= createPending());
  const i = pending.n;
  pending.x[i] = x;
  pending.weight[i] = days;
  pending.at[i] = at;
  pending.n = i + 1;
  let isDue = i + 1 === MOST_PENDING;
  if (foresee(ticket, x, days)) isDue = true;
  if (series.page !== null && foresee(series.page, x, days)) isDue = true;
  if (isDue) bringUpToDate(series);
}

/** True when the tier may have reached its threshold; one that holds a target, which is quick to step, says so for certain. */
function foresee(tier: Tier, x: number, days: number): boolean {
  if (tier.type === 'target') {
    stepTarget(tier, x, days);
    return false;
  }
  tier.value = stepWitness(tier.witness, x, days);
  return tier.value >= tier.threshold;
}

/** Takes in what waits; to be called before tiers or window are read. The same to the bit whenever it is called. */
export function bringUpToDate(series: WatchedSeries): void {
  const { pending, page, ticket, window } = series;
  if (pending === null || pending.n === 0) return;
  const { n } = pending;
  pending.n = 0;
  if (ticket !== null && ticket.type === 'learned') stepTogether(ticket, page, pending, n);
  if (window === null) return;
  stepChangeWindow(window, pending.x, pending.at, n);
}

/** The page's tier goes by what the ticket's has learned, so both stop wherever that is renewed. */
function stepTogether(ticket: Tier & { type: 'learned' }, page: Tier | null, batch: ValueBatch, n: number): void {
  for (let from = 0; from < n;) {
    const to = Math.min(n, from + valuesToRenewal(ticket.design, ticket.state));
    if (page !== null && page.type === 'learned')
      page.value = stepGrowingBatch(page.design, page.state, batch, from, to);
    ticket.value = stepGrowingBatch(ticket.design, ticket.state, batch, from, to);
    if (page !== null && page.type === 'learned') followEvidence(page.state, ticket.state);
    from = to;
  }
  aimWitness(ticket.design, ticket.state, ticket.witness);
  if (page !== null && page.type === 'learned') aimWitness(page.design, page.state, page.witness);
}
