/** Brings a table in order of coming down to so many entries: the first go. In place. */
export function dropOldest(table: Map<string, unknown> | Set<string>, kept: number): void {
  for (const key of table.keys()) {
    if (table.size <= kept) return;
    table.delete(key);
  }
}
