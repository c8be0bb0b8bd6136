import type { Database } from './sqlite-database';

/** Records of one kind about an interaction or an alert, oldest first. */
export function recordsAbout<T>(db: Database, kind: string, about: string): T[] {
  const rows = db.prepare('SELECT body FROM record WHERE about = ? AND kind = ? ORDER BY at').rows(about, kind);
  return rows.map(([body]) => JSON.parse(String(body)) as T);
}

/** Records of one kind within a time, oldest first. */
export function recordsBetween<T>(db: Database, kind: string, from: number, to: number): T[] {
  const rows = db
    .prepare('SELECT body FROM record WHERE kind = ? AND at >= ? AND at < ? ORDER BY at')
    .rows(kind, from, to);
  return rows.map(([body]) => JSON.parse(String(body)) as T);
}
