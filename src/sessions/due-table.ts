import type { EpochMs } from '../domain/time';

/**
 * Ids by the minute in which they are due, so that a watermark that moves every second looks at few of them. An id may
 * stand in several minutes; whoever takes it checks whether it is really due. Not part of an encoded state: it follows
 * from the open conversations.
 */
export type DueTable = Map<number, Set<string>>;

const SLOT_MS = 60_000;

export function createDueTable(): DueTable {
  return new Map();
}

export function addDue(table: DueTable, dueAt: EpochMs, id: string): void {
  const slot = Math.floor(dueAt / SLOT_MS);
  const ids = table.get(slot);
  if (ids === undefined) table.set(slot, new Set([id]));
  else ids.add(id);
}

/** Ids that may be due by `until`. Those of the minute that has begun stay, as some of them are due later. */
export function takeDue(table: DueTable, until: EpochMs): string[] {
  const now = Math.floor(until / SLOT_MS);
  const taken = new Set<string>();
  for (const [slot, ids] of table) {
    if (slot > now) continue;
    for (const id of ids) taken.add(id);
    if (slot < now) table.delete(slot);
  }
  return [...taken];
}
