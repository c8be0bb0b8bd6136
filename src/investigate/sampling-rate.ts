import type { CellTraffic } from '../store/port-window';
import { declaredKey, groupBy } from './cells';

/** A declared slice of which another share is sampled than before. */
export interface RateChange {
  readonly segments: Readonly<Record<string, string>>;
  /** Shares of its interactions. */
  readonly before: number;
  readonly after: number;
}

const LEAST_INTERACTIONS = 30;
/** Turns of a conversation are sampled together, so a share varies more than among independent draws. */
const BEYOND_DOUBT = 5;
/** A rate that changed by less than a tenth of itself moves no mean. */
const LEAST_RATIO = 1.1;

/** Slices whose rate of sampling changed beyond doubt, the largest change first. */
export function rateChanges(before: readonly CellTraffic[], after: readonly CellTraffic[]): RateChange[] {
  const [a, b] = [groupBy(before, declaredKey), groupBy(after, declaredKey)];
  return [...b]
    .flatMap(([key, now]) => {
      const [x, y] = [sampledOf(a.get(key) ?? []), sampledOf(now)];
      if (Math.min(x.n, y.n) < LEAST_INTERACTIONS) return [];
      const error = Math.sqrt((x.rate * (1 - x.rate) + 0.25 / x.n) / x.n + (y.rate * (1 - y.rate) + 0.25 / y.n) / y.n);
      const isChanged = Math.abs(y.rate - x.rate) > BEYOND_DOUBT * error;
      const ratio = Math.max(x.rate, y.rate) / Math.max(1e-9, Math.min(x.rate, y.rate));
      return isChanged && ratio >= LEAST_RATIO
        ? [{ segments: now[0]!.cell.segments, before: x.rate, after: y.rate }]
        : [];
    })
    .sort((one, other) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before));
}

function sampledOf(traffic: readonly CellTraffic[]): { readonly n: number; readonly rate: number } {
  const n = traffic.reduce((sum, { interactions }) => sum + interactions, 0);
  const sampled = traffic.reduce((sum, one) => sum + one.sampled, 0);
  return { n, rate: n === 0 ? 0 : sampled / n };
}
