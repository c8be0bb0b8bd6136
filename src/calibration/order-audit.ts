import type { Interval } from '../stats/interval';
import { tInterval } from '../stats/mean-intervals';
import { wilsonInterval } from '../stats/binomial-intervals';

/** A pairwise judge's choices on one item, both in terms of the file's order: 1 or 2 won, 0 a tie, null unreadable. */
export interface OrderedChoice {
  /** Right answer. */
  readonly gold: number;
  readonly forward: number | null;
  /** With the two responses swapped, mapped back: the same number as `forward` when the order made no difference. */
  readonly reversed: number | null;
}

/** How right a pairwise judge is, and how much of that hangs on the order shown. */
export interface OrderAudit {
  readonly items: number;
  /** Readings that held no verdict. */
  readonly missing: number;
  /**
   * Share right over both orders of every item; a reading without a verdict is not right. Among those read:
   * `accuracyOfRead`.
   */
  readonly accuracy: number | null;
  readonly accuracyOfRead: number | null;
  /** By item, since the two readings of an item go together. */
  readonly accuracyInterval: Interval | null;
  /** Share right in file order, and in both orders at once. */
  readonly forwardRight: number | null;
  readonly forwardRightInterval: Interval | null;
  readonly bothRight: number | null;
  readonly bothRightInterval: Interval | null;
  /** Share of items with the same verdict in both orders; one that was not read twice is not consistent. */
  readonly consistency: number | null;
  readonly consistencyInterval: Interval | null;
  /** Items read in the swapped order whose verdict in file order is another one, or none. */
  readonly flips: number;
  /** Share of readings that choose the response shown first; 0.5 without position bias. */
  readonly picksFirst: number | null;
}

/** Accuracy and consistency of a pairwise judge; every figure null without items. */
export function auditOrders(choices: readonly OrderedChoice[]): OrderAudit {
  const items = choices.length;
  const readings = choices.flatMap(({ gold, forward, reversed }) => [
    ...(forward === null ? [] : [{ right: forward === gold, first: forward === 1 }]),
    ...(reversed === null ? [] : [{ right: reversed === gold, first: reversed === 2 }]),
  ]);
  const count = <T>(values: readonly T[], holds: (value: T) => boolean): number => values.filter(holds).length;
  const forwardRight = count(choices, ({ gold, forward }) => forward === gold);
  const bothRight = count(choices, ({ gold, forward, reversed }) => forward === gold && reversed === gold);
  const rightReadings = count(readings, ({ right }) => right);
  const same = count(choices, ({ forward, reversed }) => forward !== null && forward === reversed);
  return {
    items,
    missing: 2 * items - readings.length,
    accuracy: share(rightReadings, 2 * items),
    accuracyOfRead: share(rightReadings, readings.length),
    accuracyInterval: tInterval(choices.map(itemAccuracy)),
    forwardRight: share(forwardRight, items),
    forwardRightInterval: wilsonInterval(forwardRight, items),
    bothRight: share(bothRight, items),
    bothRightInterval: wilsonInterval(bothRight, items),
    consistency: share(same, items),
    consistencyInterval: wilsonInterval(same, items),
    flips: count(choices, ({ forward, reversed }) => reversed !== null && forward !== reversed),
    picksFirst: share(
      count(readings, ({ first }) => first),
      readings.length,
    ),
  };
}

function itemAccuracy({ gold, forward, reversed }: OrderedChoice): number {
  return (Number(forward === gold) + Number(reversed === gold)) / 2;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
