import { type Cause, cause } from '../cause';
import type { Decomposition } from '../decompose';
import { type Effect, isMoved, isPart } from '../effect';
import type { Measured } from '../measure';
import { percent, sliceText } from '../words';

/** What another sample, or other traffic, did to a mean that moved. */
export function trafficCauses({ decomposition, rates }: Measured): Cause[] {
  if (decomposition === null) return [];
  const { sampling, mix, observed, slices } = decomposition;
  const whole = observed.change;
  const because = 'the mean over all traffic did not follow';
  return [
    ...(isPart(sampling, whole) ? rateCauses(rates, sampling, whole, because) : []),
    ...(isPart(mix, whole) ? [cause('mix_shift', mixText(slices), mix, whole, 'shares moved, slices did not')] : []),
  ];
}

/** Parts that moved though they happen to leave the mean where it was, or within its noise. */
export function hiddenTrafficCauses({ decomposition, rates }: Measured): Cause[] {
  if (decomposition === null) return [];
  const { sampling, mix, slices } = decomposition;
  const because = 'it is hidden in the noise of the mean, or by what works against it';
  return [
    ...(isMoved(sampling) ? rateCauses(rates, sampling, sampling.change, because) : []),
    ...(isMoved(mix) ? [cause('mix_shift', mixText(slices), mix, mix.change, because)] : []),
  ];
}

type Slices = Decomposition['slices'];

/**
 * Only where a slice is sampled at another rate: what is measured also changes where a criterion comes to apply to other
 * answers than before, and that is the answers' doing.
 */
function rateCauses(rates: Measured['rates'], sampling: Effect, whole: number, because: string): Cause[] {
  const [most] = rates;
  if (most === undefined) return [];
  const what = `another part of the traffic is judged: ${sliceText(most.segments)} at ${percent(most.before)}, now at ${percent(most.after)}`;
  return [cause('sampling_change', what, sampling, whole, because)];
}

/** The slice whose share did most. */
export function mixText(slices: Slices): string {
  const [largest] = [...slices].sort((a, b) => Math.abs(b.mix.change) - Math.abs(a.mix.change));
  if (largest === undefined) return 'shares of the traffic';
  return `${sliceText(largest.segments)} from ${percent(largest.shareBefore)} to ${percent(largest.shareAfter)} of the traffic`;
}
