import { segmentLabel } from '../../domain/segment';
import type { AlertParams } from '../options-alerts';
import { capOf, type Purpose, purposeOf, REVIEWED } from './admission';
import type { AlertsState, WatchedSeries } from './state';
import { leaveStub } from './stubs';

/** Traffic of each segment by label, in items a day, smoothed; Infinity for one that never gives way. */
export type Volumes = ReadonlyMap<string, number>;

/** Who waits must have so many times the traffic of who gives way; the series that comes learns nothing for a week. */
const HYSTERESIS = 2;

/**
 * Gives the full tier to the segments with most traffic, purpose by purpose, in place: first what room there is, then the
 * places of segments with less than half as much; those are left on the light tier, or with a stub. Of every purpose that was
 * waited for, series go of which nothing has come for long, such as those of a panel that judges no more. True when anything
 * was waited for, so that every place is to be looked for again.
 *
 * It goes by traffic alone and never by scores, and at any time there are no more series than the cap, each with its part of
 * the budget: the expected false alarms a day are the sum of the parts in use, whoever has them. A series that takes a place
 * starts without evidence, for the same reason.
 */
export function reviewSeats(state: AlertsState, volumes: Volumes, params: AlertParams): boolean {
  if (state.waiting.size === 0) return false;
  leaveSilent(state);
  const seated = seatedSegments(state);
  const promoted = new Map<Purpose, ReadonlySet<string>>();
  for (const purpose of REVIEWED) {
    const waiting = state.waiting.get(purpose);
    if (waiting === undefined) continue;
    promoted.set(purpose, assign(state, purpose, { seated: seated.get(purpose) ?? [], waiting, volumes }, params));
  }
  takeOffLight(state, promoted);
  state.waiting.clear();
  return true;
}

const DAY_MS = 86_400_000;
/** As values of segments are kept by default. */
const SILENT_DAYS = 30;

function leaveSilent(state: AlertsState): void {
  const since = ((state.reviewedDay ?? 0) - SILENT_DAYS) * DAY_MS;
  for (const [key, series] of state.series) {
    const isWanted = state.waiting.has(purposeOf(series.id.kind));
    if (isWanted && series.lastAt < since && !isBusy(series)) leaveStub(state, key, series);
  }
}

/** A segment with its full series of one purpose. */
interface Seated {
  readonly label: string;
  readonly series: (readonly [key: string, series: WatchedSeries])[];
  /** One of them fires or waits for the judges: it stays as long. */
  isBusy: boolean;
}

function seatedSegments({ series }: AlertsState): Map<Purpose, Seated[]> {
  const found = new Map<Purpose, Map<string, Seated>>();
  for (const [key, one] of series) {
    if (one.isLight) continue;
    const purpose = purposeOf(one.id.kind);
    const label = segmentLabel(one.id.segment);
    let labels = found.get(purpose);
    if (labels === undefined) found.set(purpose, (labels = new Map<string, Seated>()));
    let own = labels.get(label);
    if (own === undefined) labels.set(label, (own = { label, series: [], isBusy: false }));
    own.series.push([key, one]);
    if (isBusy(one)) own.isBusy = true;
  }
  return new Map([...found].map(([purpose, labels]) => [purpose, [...labels.values()]]));
}

function isBusy({ open, heldSince }: WatchedSeries): boolean {
  return open !== null || heldSince !== null;
}

interface Contest {
  readonly seated: readonly Seated[];
  readonly waiting: ReadonlySet<string>;
  readonly volumes: Volumes;
}

/** Returns the segments that have a seat from now on and had none. */
function assign(
  state: AlertsState,
  purpose: Purpose,
  { seated, waiting, volumes }: Contest,
  params: AlertParams,
): ReadonlySet<string> {
  const volumeOf = (label: string): number => volumes.get(label) ?? 0;
  const used = seated.reduce((sum, { series }) => sum + series.length, 0);
  // What a segment takes, going by those that are seated.
  const each = Math.max(1, Math.round(used / Math.max(1, seated.length)));
  const leaving = seated.filter((one) => !one.isBusy).sort((a, b) => byVolume(volumeOf, b.label, a.label));
  const labels = new Set(seated.map(({ label }) => label));
  const coming = [...waiting].filter((label) => !labels.has(label) && volumeOf(label) > 0);
  const promoted = new Set<string>();
  let room = capOf(purpose, params) - used;
  for (const label of coming.sort((a, b) => byVolume(volumeOf, a, b))) {
    while (room < each && leaving.length > 0 && HYSTERESIS * volumeOf(leaving[0]!.label) < volumeOf(label)) {
      const { label: left, series } = leaving.shift()!;
      for (const [key, one] of series) leaveStub(state, key, one);
      labels.delete(left);
      room += series.length;
    }
    if (room < each) break;
    room -= each;
    promoted.add(label);
  }
  state.seats.set(purpose, [...labels, ...promoted]);
  return promoted;
}

/** Largest first, of equal ones by name. */
function byVolume(volumeOf: (label: string) => number, a: string, b: string): number {
  const [x, y] = [volumeOf(a), volumeOf(b)];
  return x === y ? (a < b ? -1 : 1) : x < y ? 1 : -1;
}

/** Their series of the full tier begin with the next value; what fires on the light one ends there first. */
function takeOffLight(state: AlertsState, promoted: ReadonlyMap<Purpose, ReadonlySet<string>>): void {
  for (const [key, one] of state.series) {
    if (!one.isLight || isBusy(one)) continue;
    if (promoted.get(purposeOf(one.id.kind))?.has(segmentLabel(one.id.segment)) === true) state.series.delete(key);
  }
}
