import { randomUUID } from 'node:crypto';
import type { Annotation } from '../domain/annotation';
import type { Incident } from '../domain/alert';
import type { Label } from '../domain/label';
import { createBodyCodec } from './body-codec';
import type { EvidenceStore, StoreSize, TimeSpan } from './port';
import { readAlert, searchAlerts, searchIncidents } from './sqlite-alerts';
import { type Database, openDatabase, type SqlValue } from './sqlite-database';
import { bytesOf, erase, retain } from './sqlite-erase';
import { recordsBetween } from './sqlite-records';
import { prepareTables } from './sqlite-schema';
import { numberOrNull, readConversation, readInteraction, type ReaderParts, searchInteractions } from './sqlite-search';
import { createTerms } from './sqlite-terms';
import { readGolden, readSeries, readSessionRows, readTraffic, readValues } from './sqlite-window';
import { createWriter } from './sqlite-write';
import { createWordIndex } from './words';

export interface SqliteStoreOptions {
  /** A file, or `IN_MEMORY`. */
  readonly path: string;
  readonly searchText: boolean;
  /** 32 bytes; null = bodies are not encrypted. */
  readonly key: Buffer | null;
  /** The file never grows beyond this: writing is then rejected with STORE_FULL. Absent = as large as the disk allows. */
  readonly sizeLimitBytes?: number;
}

/** The store in one SQLite file. Rejects with STORE_FAILED or, for a wrong key, CONFIG_INVALID. */
export function openSqliteStore({ path, searchText, key, sizeLimitBytes }: SqliteStoreOptions): EvidenceStore {
  const bodies = createBodyCodec(key);
  const db = openDatabase(path, sizeLimitBytes ?? null);
  prepareTables(db, randomUUID());
  const parts: ReaderParts = { db, terms: createTerms(db), bodies };
  const words = searchText && !bodies.isEncrypted ? createWordIndex(db) : null;
  const writer = createWriter({ ...parts, words });
  const id = String(db.prepare(`SELECT value FROM meta WHERE key = 'id'`).row()?.[0]);
  const feed = db.prepare('SELECT position FROM feed WHERE name = ?');
  const { terms } = parts;
  const forgetting = <T>(deleting: () => T): T => {
    try {
      return deleting();
    } finally {
      writer.forget();
    }
  };

  return {
    id,
    write: (batch) => soon(() => writer.write(batch)),
    position: (name) => soon(() => textOrNull(feed.row(name)?.[0] ?? null)),

    interaction: (interactionId) => soon(() => readInteraction(parts, interactionId)),
    conversation: (conversationId) => soon(() => readConversation(parts, conversationId)),
    sessionsOf: (conversationId) => soon(() => sessionsOf(parts, conversationId)),
    interactions: (filter, order, page) => soon(() => searchInteractions(parts, filter, order, page)),

    alert: (alertId) => soon(() => readAlert(parts, alertId)),
    alerts: (filter, page) => soon(() => searchAlerts(parts, filter, page)),
    incident: (incidentId) =>
      soon(() => {
        const body = db.prepare('SELECT body FROM incident WHERE id = ?').row(incidentId)?.[0];
        return body === undefined ? null : (JSON.parse(String(body)) as Incident);
      }),
    incidents: (page) => soon(() => searchIncidents(parts, page)),

    annotations: (from, to) =>
      soon(() => recordsBetween<Annotation>(db, 'annotation', from, to).filter(({ withdrawn }) => !withdrawn)),
    labels: (from, to) => soon(() => recordsBetween<Label>(db, 'label', from, to)),
    golden: (from, to) => soon(() => readGolden(db, from, to)),

    values: (request) => soon(() => readValues(parts, request)),
    traffic: (from, to) => soon(() => readTraffic(parts, from, to)),
    sessions: (from, to, most) => soon(() => readSessionRows(parts, from, to, most)),
    outcomes: (from, to, most) => soon(() => outcomesOf(parts, from, to, most)),
    series: (segment, criterion, from, to) => soon(() => readSeries(parts, segment, criterion, from, to)),
    criteria: () => soon(() => terms.all('criterion').map(([, text]) => text)),

    erase: (request) => soon(() => forgetting(() => erase({ ...parts, words }, request))),
    retain: (retention) => soon(() => forgetting(() => retain({ ...parts, words }, retention))),
    span: () => soon(() => spanOf(db)),
    size: () => soon(() => sizeOf(db)),
    close: () => soon(() => db.close()),
  };
}

/** The driver is synchronous, the port is not: what it throws comes back as a rejection. */
function soon<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function textOrNull(value: SqlValue): string | null {
  return typeof value === 'string' ? value : null;
}

function sessionsOf({ db, bodies }: ReaderParts, conversationId: string): string[] {
  const rows = db.prepare('SELECT body FROM session WHERE conversation = ? ORDER BY closed').rows(conversationId);
  return rows.map(([body]) => bodies.open(body as Uint8Array));
}

function outcomesOf({ db, bodies }: ReaderParts, from: number, to: number, most: number): string[] {
  const sql = 'SELECT body FROM session WHERE closed >= ? AND closed < ? ORDER BY closed DESC, id DESC LIMIT ?';
  const rows = db.prepare(sql).rows(from, to, most);
  return rows.map(([body]) => bodies.open(body as Uint8Array)).reverse();
}

/** Each by the index on time: asked for both at once, SQLite reads them all. */
function spanOf(db: Database): TimeSpan {
  const edge = (which: 'MIN' | 'MAX'): number | null =>
    numberOrNull(db.prepare(`SELECT ${which}(at) FROM item`).row()?.[0]);
  return { oldest: edge('MIN'), newest: edge('MAX') };
}

function sizeOf(db: Database): StoreSize {
  const count = (table: string): number => Number(db.prepare(`SELECT COUNT(*) FROM ${table}`).row()?.[0] ?? 0);
  return {
    interactions: count('item'),
    verdicts: count('detail'),
    sessions: count('session'),
    alerts: count('alert'),
    bytes: bytesOf(db),
    ...spanOf(db),
  };
}
