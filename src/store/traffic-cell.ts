import type { OutcomeItem } from '../domain/ledger-record';

/** What happened where: the finest slice of traffic that is told apart. */
export interface TrafficCell {
  readonly segments: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly model: string;
  readonly route: string;
  readonly release: string | null;
}

/** Which slice of the traffic an item of the ledger belongs to. */
export function cellOf(item: OutcomeItem): TrafficCell {
  return {
    segments: item.segments,
    provider: item.producerProvider,
    model: item.producerModel,
    route: item.producerRoute,
    release: item.producerRelease,
  };
}

/** The value of a dimension in a cell; null where the cell has none. */
export function dimensionOf(cell: TrafficCell, dimension: string): string | null {
  switch (dimension) {
    case 'provider':
      return cell.provider;
    case 'model':
      return cell.model;
    case 'route':
      return cell.route;
    case 'release':
      return cell.release;
    default:
      return Object.hasOwn(cell.segments, dimension) ? (cell.segments[dimension] ?? null) : null;
  }
}

/**
 * Whether a cell lies in a segment as metrics name it: `all`, `product=support`, `product+locale=support+de`. Values may
 * hold `+` and `=`: the name is compared whole, never taken apart.
 */
export function isInSegment(cell: TrafficCell, label: string): boolean {
  if (label === 'all' || label === '') return true;
  const at = label.indexOf('=');
  if (at < 0) return false;
  const values = label
    .slice(0, at)
    .split('+')
    .map((dimension) => dimensionOf(cell, dimension));
  return values.every((value) => value !== null) && values.join('+') === label.slice(at + 1);
}

/** Names of the dimensions by which cells differ, the declared ones first. */
export function dimensionsOf(cells: readonly TrafficCell[]): readonly string[] {
  const declared = new Set(cells.flatMap(({ segments }) => Object.keys(segments)));
  return [...declared, 'release', 'model', 'route', 'provider'].filter((name, i, all) => all.indexOf(name) === i);
}
