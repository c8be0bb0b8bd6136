import type { EpochMs } from '../domain/time';

/**
 * What judging has cost, by UTC hour of the ledger's clock; plain data, part of the fold's state. Hours older than
 * `KEPT_HOURS` are forgotten: at most 1,488 entries, and as many per ceiling as there are days.
 */
export interface Spend {
  /** Hour since the epoch → [traffic, golden runs], USD. */
  readonly hours: Map<number, [number, number]>;
  /** Source partition → all that its records have ever cost, USD. */
  readonly partitions: Map<string, number>;
  /** Key of the ceiling → UTC hour → USD. */
  readonly ceilings: Map<string, Map<number, number>>;
}

export interface EncodedSpend {
  readonly hours: readonly (readonly [number, number, number])[];
  readonly partitions: readonly (readonly [string, number])[];
  readonly ceilings: readonly (readonly [string, readonly (readonly [number, number])[]])[];
}

export const HOUR_MS = 3_600_000;
/** Two months, so that a whole calendar month is there in any time zone. */
const KEPT_HOURS = 62 * 24;

export function createSpend(): Spend {
  return { hours: new Map(), partitions: new Map(), ceilings: new Map() };
}

/** What one record of a source partition has cost. Records that lose against an earlier one have been paid for too. */
export function recordSpend(
  spend: Spend,
  { at, partition, usd, ceilings }: { at: EpochMs; partition: string; usd: number; ceilings: readonly string[] },
): void {
  if (!(usd > 0)) return;
  const hour = Math.floor(at / HOUR_MS);
  cellOf(spend, hour)[0] += usd;
  spend.partitions.set(partition, (spend.partitions.get(partition) ?? 0) + usd);
  for (const key of ceilings) {
    const byHour = spend.ceilings.get(key) ?? new Map<number, number>();
    spend.ceilings.set(key, byHour);
    if (!byHour.has(hour)) forget(byHour, hour);
    byHour.set(hour, (byHour.get(hour) ?? 0) + usd);
  }
}

/** What a golden run has cost. */
export function recordGoldenSpend(spend: Spend, at: EpochMs, usd: number): void {
  if (usd > 0) cellOf(spend, Math.floor(at / HOUR_MS))[1] += usd;
}

function cellOf(spend: Spend, hour: number): [number, number] {
  let cell = spend.hours.get(hour);
  if (cell === undefined) {
    forget(spend.hours, hour);
    spend.hours.set(hour, (cell = [0, 0]));
  }
  return cell;
}

/** Runs once an hour: the first record of a new hour pays for it. */
function forget(byHour: Map<number, unknown>, hour: number): void {
  for (const known of byHour.keys()) if (known < hour - KEPT_HOURS) byHour.delete(known);
}

/** Both sums from the hour of `from` up to but not including that of `to`. */
export function spentBetween(spend: Spend, from: EpochMs, to: EpochMs): { traffic: number; golden: number } {
  let traffic = 0;
  let golden = 0;
  for (const [hour, [ofTraffic, ofGolden]] of spend.hours) {
    if (!isWithin(hour, from, to)) continue;
    traffic += ofTraffic;
    golden += ofGolden;
  }
  return { traffic, golden };
}

export function spentOnCeiling(spend: Spend, key: string, from: EpochMs, to: EpochMs): number {
  let usd = 0;
  for (const [hour, spent] of spend.ceilings.get(key) ?? []) if (isWithin(hour, from, to)) usd += spent;
  return usd;
}

function isWithin(hour: number, from: EpochMs, to: EpochMs): boolean {
  return hour >= Math.floor(from / HOUR_MS) && hour < Math.floor(to / HOUR_MS);
}

export function encodeSpend({ hours, partitions, ceilings }: Spend): EncodedSpend {
  return {
    hours: [...hours].map(([hour, [traffic, golden]]) => [hour, traffic, golden]),
    partitions: [...partitions],
    ceilings: [...ceilings].map(([key, byHour]) => [key, [...byHour]]),
  };
}

export function decodeSpend({ hours, partitions, ceilings }: EncodedSpend): Spend {
  return {
    hours: new Map(hours.map(([hour, traffic, golden]) => [hour, [traffic, golden]])),
    partitions: new Map(partitions),
    ceilings: new Map(ceilings.map(([key, byHour]) => [key, new Map(byHour)])),
  };
}
