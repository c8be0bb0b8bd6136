import type { MonitorConfig } from '../../config/config';
import { type Annotation, promotionId } from '../../domain/annotation';
import { MonitorError } from '../../domain/error';
import type { ShadowStanding } from '../../domain/golden-standing';

export interface PromotionRequest {
  readonly judge: string;
  /** True takes an earlier promotion back. */
  readonly undone: boolean;
  readonly reason: string;
  readonly author: string;
  readonly at: number;
  /** What has been measured of shadow judges. */
  readonly shadows: readonly ShadowStanding[];
  /** Promotes whatever has been measured. */
  readonly isForced: boolean;
}

export interface PromotionNote {
  readonly note: Annotation;
  readonly replaces: string;
  /** Of this judge beside the one it replaces, by criterion. */
  readonly measured: readonly ShadowStanding[];
}

/** Paired interactions on a criterion below which an offset says little. */
const FEWEST_PAIRS = 100;

/**
 * The note that puts a shadow judge in the place of the judge it is held beside, with the measured offset in words: the
 * series begin anew, and whoever compares them needs to know how far the instrument moved. Throws USAGE for a judge that
 * is no shadow, and for one that has not been seen on enough interactions.
 */
export function promotionNote({ cascade }: Pick<MonitorConfig, 'cascade'>, request: PromotionRequest): PromotionNote {
  const { judge, undone, reason, author, at, shadows, isForced } = request;
  const found = cascade.shadows.find((one) => one.judge === judge);
  if (found === undefined) {
    const known = cascade.shadows.map((one) => one.judge).join(', ') || 'none';
    throw new MonitorError('USAGE', `${judge} is not in cascade.shadows; there: ${known}`);
  }
  const { beside } = found;
  const measured = shadows.filter((one) => one.judge === judge && one.beside === beside);
  const fewest = Math.min(...measured.map(({ offset }) => offset.n));
  if (!undone && !isForced && !(measured.length > 0 && fewest >= FEWEST_PAIRS)) {
    const have = measured.length === 0 ? 'none' : String(fewest);
    const wanted = `want ${FEWEST_PAIRS} interactions that both scored, have ${have}; --force promotes all the same`;
    throw new MonitorError('USAGE', `${judge} beside ${beside}: ${wanted}`);
  }
  const offsets = measured.map(offsetText).join('; ') || 'not measured';
  const text = undone
    ? `${beside} judges again in place of ${judge}: ${reason}`
    : `${judge} judges in place of ${beside}: ${reason}. Measured offset: ${offsets}. Series begin anew.`;
  const note: Annotation = {
    id: promotionId({ judge, replaces: beside }),
    kind: 'note',
    at,
    until: null,
    text,
    author,
    segments: {},
    withdrawn: undone,
  };
  return { note, replaces: beside, measured };
}

function offsetText({ criterion, offset: { n, mean, lower, upper }, agreement }: ShadowStanding): string {
  const interval = lower === null || upper === null ? '' : ` (${signed(lower)} to ${signed(upper)})`;
  return `${criterion} ${signed(mean)}${interval}, n ${n}, same verdict on ${(100 * agreement).toFixed(0)} %`;
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}
