import type { Cause } from '../cause';
import { BEYOND_DOUBT, isPart, lessOf, NO_EFFECT, strength } from '../effect';
import type { Measured } from '../measure';
import { judgeCauses } from './judge';
import { productCauses } from './product';
import { trafficCauses } from './traffic';

/** Causes of a change of a score or of a check's passes: the parts of the decomposition, largest first. */
export function scoreCauses(measured: Measured): Cause[] {
  const { decomposition, judge, scope } = measured;
  if (decomposition === null) return [];
  const { observed, within } = decomposition;
  const whole = observed.change;
  const fromJudge = judgeCauses(measured, within);
  const found = [...trafficCauses(measured), ...fromJudge];
  const shown = judge.golden?.verdict === 'moved' ? judge.golden.shift : NO_EFFECT;
  const explained = fromJudge.some(({ certainty }) => certainty === 'likely') ? within : shown;
  const product = lessOf(within, explained);
  const isShown = Math.abs(product.change) > BEYOND_DOUBT * product.standardError;
  // An alarm has shown that something moved: where nothing else did, the product is named on less.
  if (isPart(product, whole) && (isShown || found.length === 0)) {
    found.push(...productCauses(measured, product, whole));
  }
  // Windows begin where an alarm says, which overstates what fell everywhere alike: without a place or a newcomer it
  // comes after what is known exactly.
  const isVague = ({ kind }: Cause): number => (kind === 'segment_regression' && scope?.outside === null ? 1 : 0);
  return found
    .filter(({ effect }) => effect.change * whole >= 0)
    .sort((a, b) => isVague(a) - isVague(b) || strength(b.effect) - strength(a.effect));
}
