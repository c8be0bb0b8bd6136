import { type Cause, cause } from '../cause';
import type { Decomposition } from '../decompose';
import { isMoved, isPart } from '../effect';
import type { Measured } from '../measure';
import { percent, sliceText } from '../words';

/** What another sample, or other traffic, did to a mean that moved. */
export function trafficCauses({ sampling, mix, observed, slices }: Decomposition): Cause[] {
  const whole = observed.change;
  return [
    ...(isPart(sampling, whole)
      ? [cause('sampling_change', samplingText(slices), sampling, whole, 'the mean over all traffic did not follow')]
      : []),
    ...(isPart(mix, whole) ? [cause('mix_shift', mixText(slices), mix, whole, 'shares moved, slices did not')] : []),
  ];
}

/** Parts that moved though they happen to leave the mean where it was, or within its noise. */
export function hiddenTrafficCauses({ decomposition }: Measured): Cause[] {
  if (decomposition === null) return [];
  const { sampling, mix, slices } = decomposition;
  const because = 'it is hidden in the noise of the mean, or by what works against it';
  return [
    ...(isMoved(sampling) ? [cause('sampling_change', samplingText(slices), sampling, sampling.change, because)] : []),
    ...(isMoved(mix) ? [cause('mix_shift', mixText(slices), mix, mix.change, because)] : []),
  ];
}

type Slices = Decomposition['slices'];

function samplingText(slices: Slices): string {
  const [moved] = [...slices].sort((a, b) => rateChange(b) - rateChange(a));
  return moved === undefined
    ? 'another part of the traffic is judged'
    : `another part of the traffic is judged, most so ${sliceText(moved.segments)}`;
}

/** How much the judged part of a slice changed against its traffic. */
function rateChange({ before, after, shareBefore, shareAfter }: Slices[number]): number {
  const [a, b] = [(before?.n ?? 0) / Math.max(1e-9, shareBefore), (after?.n ?? 0) / Math.max(1e-9, shareAfter)];
  return a === 0 || b === 0 ? 0 : Math.abs(Math.log(b / a));
}

/** The slice whose share did most. */
export function mixText(slices: Slices): string {
  const [largest] = [...slices].sort((a, b) => Math.abs(b.mix.change) - Math.abs(a.mix.change));
  if (largest === undefined) return 'shares of the traffic';
  return `${sliceText(largest.segments)} from ${percent(largest.shareBefore)} to ${percent(largest.shareAfter)} of the traffic`;
}
