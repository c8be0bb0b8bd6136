import { type Cause, cause, type CauseKind } from '../cause';
import { type Effect, isMoved, lessOf } from '../effect';
import type { Measured } from '../measure';
import type { Newcomer } from '../served-by';
import { percent, signed } from '../words';

const KIND_OF_SERVING: Readonly<Record<Newcomer['dimension'], CauseKind>> = {
  route: 'route_failover',
  release: 'release_regression',
  model: 'model_change',
  provider: 'model_change',
};

/** What is named where several came together: a failover brings a model, a release may. */
const SERVING_ORDER: readonly Newcomer['dimension'][] = ['route', 'release', 'model', 'provider'];
/** A newcomer that accounts for this much of the product's part is what to name. */
const MAIN_PART = 0.5;

/** Where in the product, and with what that serves it. */
export function productCauses(
  { evidence, newcomers, scope, decomposition }: Measured,
  product: Effect,
  whole: number,
): Cause[] {
  const where = scope === null || scope.label === 'all' ? evidence.segment : scope.label;
  const place = where === 'all' ? 'everywhere' : `in ${where}`;
  const [first] = inServingOrder(
    newcomers.filter(({ effect, contrast, others }) => {
      const isReal = Math.abs(contrast.change) > 2 * contrast.standardError && !isSharedByOthers(contrast, others);
      return isReal && effect.change * product.change > 0 && effect.change / product.change >= MAIN_PART;
    }),
  );
  if (first !== undefined) {
    const what = `${first.dimension}=${first.value} ${place}`;
    return [cause(KIND_OF_SERVING[first.dimension], what, product, whole, becauseOf(first))];
  }
  const kind = evidence.isCheck ? 'check_failure' : 'segment_regression';
  const name = evidence.isCheck ? `check ${evidence.criterion} ${place}` : place.replace(/^in /, '');
  const because =
    scope === null || scope.outside === null
      ? `no slice changed otherwise than the rest (${decomposition?.slices.length ?? 0} looked at)`
      : `${signed(scope.inside)} there, ${signed(scope.outside)} elsewhere`;
  return [cause(kind, name, product, whole, because)];
}

/** What serves is worse than what it replaced, by more than the judges moved and than what stayed fell meanwhile. */
export function servingCauses(measured: Measured, dimension: Newcomer['dimension']): Cause[] {
  const { newcomers, decomposition } = measured;
  return newcomers
    .filter((one) => one.dimension === dimension && isItsOwn(measured, one))
    .sort((a, b) => a.effect.change - b.effect.change)
    .map((one) => {
      const whole = decomposition?.observed.change ?? one.effect.change;
      return cause(KIND_OF_SERVING[dimension], `${dimension}=${one.value}`, one.effect, whole, becauseOf(one));
    });
}

function isItsOwn({ judge: { golden, changes } }: Measured, { contrast, others }: Newcomer): boolean {
  const own = golden?.verdict === 'moved' ? lessOf(contrast, golden.shift) : contrast;
  if (own.change >= 0 || !isMoved(own)) return false;
  if (others !== null) return !isSharedByOthers(contrast, others);
  // Everything was replaced at once, and so was the judging: nothing here can tell the two apart.
  return changes.length === 0 || golden !== null;
}

/** A slice that fell while the whole hardly moved. */
export function hiddenScopeCauses(measured: Measured): Cause[] {
  const { scope, judge } = measured;
  if (scope === null || scope.label === 'all' || scope.inside.change >= 0 || !isMoved(scope.inside)) return [];
  if (judge.golden?.verdict === 'moved') return [];
  return productCauses(measured, scope.inside, scope.inside.change);
}

/** What came and is worse than what it replaced, though it is too little of the traffic to be seen in the mean. */
export function hiddenNewcomerCauses({ newcomers, judge }: Measured): Cause[] {
  if (judge.golden?.verdict === 'moved') return [];
  const worse = newcomers.filter(
    ({ contrast, others }) => contrast.change < 0 && isMoved(contrast) && !isSharedByOthers(contrast, others),
  );
  return inServingOrder(worse)
    .slice(0, 1)
    .map(({ dimension, value, contrast, effect }) => {
      const because = `it is ${signed(contrast)} against what it replaced, and takes part of the traffic only`;
      return cause(KIND_OF_SERVING[dimension], `${dimension}=${value}`, contrast, effect.change, because);
    });
}

function inServingOrder(newcomers: readonly Newcomer[]): Newcomer[] {
  return [...newcomers].sort((a, b) => SERVING_ORDER.indexOf(a.dimension) - SERVING_ORDER.indexOf(b.dimension));
}

function becauseOf({ shareBefore, shareAfter, contrast }: Newcomer): string {
  return `it went from ${percent(shareBefore)} to ${percent(shareAfter)} of the traffic, and is ${signed(contrast)} against what it replaced`;
}

/** What came is not the cause when what stayed fell as well. */
function isSharedByOthers(contrast: Effect, others: Effect | null): boolean {
  if (others === null || others.change * contrast.change <= 0) return false;
  return (
    Math.abs(others.change) > 2.5 * others.standardError && Math.abs(others.change) >= 0.5 * Math.abs(contrast.change)
  );
}
