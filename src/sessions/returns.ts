import type { SegmentKey } from '../domain/segment';
import type { SessionOutcome } from '../domain/session-outcome';
import type { EpochMs } from '../domain/time';
import { clipInterval, waldInterval } from '../stats/interval';

/**
 * Returns of a sample of users: those with the smallest hashes, at most `most` of them, so that the sample is the same in
 * whatever order they come and says nothing of how they fare. Who leaves the sample is censored then. Plain JSON but for
 * the map.
 */
export interface ReturnPanel {
  readonly users: Map<string, PanelUser>;
  /** Users left out or taken out because the sample was full. */
  left: number;
  /** Largest hash in a sample that was full: others have no place in it. Infinity before; made again from the users. */
  bar: number;
}

export interface PanelUser {
  readonly hash: number;
  /** Last sign of the last session: since then the user has been away. */
  lastAt: EpochMs;
  /** Where that session was. */
  segments: readonly SegmentKey[];
  /** Whether that session was without complaint: who then stays away left silently. */
  isSilent: boolean;
}

/** Absences of one segment by length in whole days, 0 to 60 and beyond. */
export interface AbsenceTable {
  readonly returned: number[];
  readonly censored: number[];
}

/** One absence that ended, by a return or because the user left the sample. */
export interface Absence {
  readonly segments: readonly SegmentKey[];
  readonly days: number;
  readonly isReturn: boolean;
  /** Whether the session before it was without complaint. */
  readonly isSilent: boolean;
}

export interface ReturnEstimate {
  readonly ratio: number;
  /** Greenwood's, 95 %, clipped to [0, 1]. */
  readonly lower: number;
  readonly upper: number;
}

export const LONGEST_ABSENCE_DAYS = 60;
const DAY_MS = 86_400_000;

/** Takes ownership of the users. */
export function createPanel(users: Map<string, PanelUser> = new Map(), left = 0): ReturnPanel {
  return { users, left, bar: left === 0 ? Infinity : largestHash(users) };
}

function largestHash(users: ReadonlyMap<string, PanelUser>): number {
  let largest = 0;
  for (const { hash } of users.values()) if (hash > largest) largest = hash;
  return largest;
}

export function createAbsenceTable(): AbsenceTable {
  const zeros = (): number[] => new Array<number>(LONGEST_ABSENCE_DAYS + 2).fill(0);
  return { returned: zeros(), censored: zeros() };
}

/** One closed session of a user into the sample; returns the absences that it ended. */
export function recordVisit(panel: ReturnPanel, outcome: SessionOutcome, most: number): Absence[] {
  const { userHash, openedAt, lastActivityAt, segments } = outcome;
  if (userHash === null || most === 0) return [];
  const known = panel.users.get(userHash);
  if (known === undefined) {
    const hash = hashOf(userHash);
    if (hash >= panel.bar && panel.users.size >= most) {
      panel.left += 1;
      return [];
    }
    // A sample that may hold more than it did.
    if (hash > panel.bar) panel.bar = hash;
    const isSilent = isWithoutComplaint(outcome);
    panel.users.set(userHash, { hash, lastAt: lastActivityAt, segments, isSilent });
    return panel.users.size > most ? shrink(panel, most, lastActivityAt) : [];
  }
  const ended: Absence[] = [];
  // Sessions of several conversations may overlap: that is no absence.
  if (openedAt > known.lastAt) {
    const { segments: from, isSilent } = known;
    ended.push({ segments: from, days: daysOf(openedAt - known.lastAt), isReturn: true, isSilent });
  }
  if (lastActivityAt >= known.lastAt) {
    known.lastAt = lastActivityAt;
    known.segments = segments;
    known.isSilent = isWithoutComplaint(outcome);
  }
  return ended;
}

/** No bad turn, and not given up. */
function isWithoutComplaint({ badTurns, ending }: SessionOutcome): boolean {
  return badTurns === 0 && ending !== 'abandoned';
}

/** A twentieth at a time, so that a full sample does not look at all its users for each new one. */
function shrink(panel: ReturnPanel, most: number, now: EpochMs): Absence[] {
  const { users } = panel;
  const spare = Math.max(1, Math.floor(most / 20));
  if (users.size <= most + spare) return [];
  const hashes = new Uint32Array(users.size);
  let n = 0;
  for (const { hash } of users.values()) hashes[n++] = hash;
  hashes.sort();
  // Only users from the last place on, of which there may be several, need an order.
  const last = hashes[most - 1] ?? 0;
  const out = [...candidatesFrom(users, last)]
    .sort(([a, x], [b, y]) => y.hash - x.hash || (a < b ? 1 : -1))
    .slice(0, users.size - most);
  for (const [user] of out) users.delete(user);
  panel.left += out.length;
  panel.bar = last;
  return out.map(([, { segments, lastAt, isSilent }]) => ({
    segments,
    days: daysOf(now - lastAt),
    isReturn: false,
    isSilent,
  }));
}

function* candidatesFrom(users: ReadonlyMap<string, PanelUser>, hash: number): Generator<[string, PanelUser]> {
  for (const entry of users) if (entry[1].hash >= hash) yield entry;
}

export function countAbsence(table: AbsenceTable, days: number, isReturn: boolean): void {
  const column = isReturn ? table.returned : table.censored;
  const day = Math.min(days, LONGEST_ABSENCE_DAYS + 1);
  column[day] = (column[day] ?? 0) + 1;
}

/** Whole days: 0 = less than one. Returns and those still away are cut alike, so that neither seems longer watched. */
export function daysOf(ms: number): number {
  return Math.max(0, Math.floor(ms / DAY_MS));
}

/**
 * Share of absences that end in less than `days` days, by Kaplan and Meier on day buckets: who is away still counts as
 * long as they have been watched, never as one who stays away. Null while nobody has been watched that long.
 * Source: Kaplan & Meier 1958; Greenwood 1926; agrees with `stats/kaplan-meier` (test).
 */
export function returnedWithin({ returned, censored }: AbsenceTable, days: number): ReturnEstimate | null {
  let atRisk = 0;
  for (let day = 0; day < returned.length; day++) atRisk += (returned[day] ?? 0) + (censored[day] ?? 0);
  let survival = 1;
  let greenwood = 0;
  for (let day = 0; day < Math.min(days, LONGEST_ABSENCE_DAYS); day++) {
    if (atRisk === 0) break;
    const events = returned[day] ?? 0;
    survival *= 1 - events / atRisk;
    if (events < atRisk) greenwood += events / (atRisk * (atRisk - events));
    atRisk -= events + (censored[day] ?? 0);
  }
  if (atRisk === 0 && survival > 0) return null;
  const ratio = 1 - survival;
  const error = survival === 0 ? 0 : survival * Math.sqrt(greenwood);
  const [lower, upper] = clipInterval(waldInterval(ratio, error), 0, 1);
  return { ratio, lower, upper };
}

/** FNV-1a with a final mix, 32 bits. Users come as salted hashes already; this only spreads them. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
