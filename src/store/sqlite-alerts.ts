import type { Acknowledgement } from '../domain/acknowledgement';
import type { Incident } from '../domain/alert';
import { decodeCursor, encodeCursor } from './cursor';
import { type AlertFilter, MAX_PAGE, type Page, type PageRequest, type StoredAlert } from './port-search';
import type { Database, SqlValue } from './sqlite-database';
import { recordsAbout } from './sqlite-records';
import type { ReaderParts } from './sqlite-search';

export function readAlert({ db }: ReaderParts, id: string): StoredAlert | null {
  const row = db.prepare('SELECT id, body FROM alert WHERE id = ?').row(id);
  return row === null ? null : toAlert(db, row);
}

function toAlert(db: Database, [id, body]: readonly SqlValue[]): StoredAlert {
  return { json: String(body), acknowledgements: recordsAbout<Acknowledgement>(db, 'acknowledgement', String(id)) };
}

/** Latest first. */
export function searchAlerts({ db }: ReaderParts, filter: AlertFilter, page: PageRequest): Page<StoredAlert> {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('state = ?', filter.state);
  add('kind = ?', filter.kind);
  add('segment = ?', filter.segment);
  add('criterion = ?', filter.criterion);
  add('owner = ?', filter.owner);
  add('fired >= ?', filter.from);
  add('fired < ?', filter.to);
  const { rows, next } = pageOf(db, 'alert', 'fired', conditions, values, page);
  return { rows: rows.map((row) => toAlert(db, row)), next };
}

export function searchIncidents({ db }: ReaderParts, page: PageRequest): Page<Incident> {
  const { rows, next } = pageOf(db, 'incident', 'opened', [], [], page);
  return { rows: rows.map(([, body]) => JSON.parse(String(body)) as Incident), next };
}

/** Rows `[id, body]` by a time and id, latest first. */
function pageOf(
  db: Database,
  table: 'alert' | 'incident',
  time: 'fired' | 'opened',
  conditions: string[],
  values: SqlValue[],
  page: PageRequest,
): Page<readonly SqlValue[]> {
  const cursor = decodeCursor(page.after, 2);
  if (cursor !== null) {
    conditions.push(`(${time}, id) < (?, ?)`);
    values.push(cursor[0]!, cursor[1]!);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const limit = Math.min(MAX_PAGE, Math.max(1, page.limit));
  const found = db
    .prepare(`SELECT id, body, ${time} FROM ${table} ${where} ORDER BY ${time} DESC, id DESC LIMIT ?`)
    .rows(...values, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next = found.length > limit && last !== undefined ? encodeCursor([Number(last[2]), String(last[0])]) : null;
  return { rows, next };
}
