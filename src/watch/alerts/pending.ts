import { followEvidence, stepGrowingBatch, valuesToRenewal } from '../../detectors/growing-detector';
import { BATCH_STRIDE, createBatch, type ValueBatch } from '../../detectors/value-batch';
import { aimWitness, stepWitness, type Witness } from '../../detectors/witness';
import type { EpochMs } from '../../domain/time';
import { stepChangeWindow } from './change-window';
import { addHistory } from './history';
import type { WatchedSeries } from './state';
import { type LearnedTier, stepTarget, type Tier } from './tier';

const MOST_PENDING = 64;

/** Puts a value by, in place, and takes in all that wait when one of the tiers may have reached its threshold. */
export function addPending(series: WatchedSeries, ticket: Tier, x: number, days: number, at: EpochMs): void {
  const pending = (series.pending ??= { batch: createBatch(MOST_PENDING), n: 0, witness: null });
  const { batch, n } = pending;
  const t = BATCH_STRIDE * n;
  batch[t] = x;
  batch[t + 1] = days;
  batch[t + 2] = at;
  pending.n = n + 1;
  let isDue = pending.n === MOST_PENDING;
  if (ticket.type === 'target') {
    // Quick to step, and exact.
    stepTarget(ticket, x, days);
    if (series.page !== null) stepTarget(series.page, x, days);
  } else {
    const witness = (pending.witness ??= witnessOf(ticket, series.page));
    if (stepWitness(witness, x, days) >= leastThreshold(ticket, series.page)) isDue = true;
  }
  if (isDue) bringUpToDate(series);
}

function leastThreshold(ticket: Tier, page: Tier | null): number {
  return page === null || ticket.threshold < page.threshold ? ticket.threshold : page.threshold;
}

function witnessOf(ticket: LearnedTier, page: Tier | null): Witness {
  if (page?.type !== 'learned') return aimWitness(ticket, null);
  return page.tolerance < ticket.tolerance ? aimWitness(page, ticket) : aimWitness(ticket, page);
}

/** Takes in what waits; to be called before tiers, window or history are read. The same to the bit whenever it is called. */
export function bringUpToDate(series: WatchedSeries): void {
  const { pending, page, ticket, window, history } = series;
  if (pending === null || pending.n === 0) return;
  const { batch, n } = pending;
  pending.n = 0;
  pending.witness = null;
  if (ticket !== null && ticket.type === 'learned') stepTogether(ticket, page, batch, n);
  // Before the window, which puts late times right.
  if (history !== null)
    for (let t = 0; t < n * BATCH_STRIDE; t += BATCH_STRIDE) addHistory(history, batch[t]!, batch[t + 2]!);
  if (window !== null) stepChangeWindow(window, batch, n);
}

/** The page's tier goes by what the ticket's has learned, so both stop wherever that is renewed. */
function stepTogether(ticket: LearnedTier, page: Tier | null, batch: ValueBatch, n: number): void {
  for (let from = 0; from < n;) {
    const to = Math.min(n, from + valuesToRenewal(ticket.design, ticket.state));
    if (page !== null && page.type === 'learned')
      page.value = stepGrowingBatch(page.design, page.state, batch, from, to);
    ticket.value = stepGrowingBatch(ticket.design, ticket.state, batch, from, to);
    if (page !== null && page.type === 'learned') followEvidence(page.state, ticket.state);
    from = to;
  }
}
