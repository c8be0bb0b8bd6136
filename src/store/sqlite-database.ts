import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { MonitorError } from '../domain/error';

/** What SQLite can hold in a cell. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** The few verbs of the driver that the store needs; the driver has the interface of Node's own `node:sqlite`. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Runs the work in one transaction; rolls back what throws. Not to be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly id: number };
  /** The first row as an array; null without one. */
  row(...values: readonly SqlValue[]): readonly SqlValue[] | null;
  rows(...values: readonly SqlValue[]): readonly (readonly SqlValue[])[];
}

const PAGE_BYTES = 4096;

/** `:memory:` is a database for this process alone, gone with it. */
export const IN_MEMORY = ':memory:';

/**
 * Opens or creates the file, ready to survive a crash at any moment: write-ahead log, each commit flushed; deleted rows
 * are overwritten with zeros. Rejects with STORE_FAILED.
 */
export function openDatabase(path: string, sizeLimitBytes: number | null = null): Database {
  try {
    if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path);
    db.exec(`
      PRAGMA busy_timeout = 5000;
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA foreign_keys = OFF;
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
      PRAGMA wal_autocheckpoint = 2000;
    `);
    if (sizeLimitBytes !== null) {
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(sizeLimitBytes / PAGE_BYTES))}`);
    }
    return wrap(db);
  } catch (cause) {
    throw failure(cause, `cannot open the evidence store ${path}`);
  }
}

function wrap(db: DatabaseSyncInstance): Database {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw failure(cause, 'evidence store');
    }
  };
  return {
    exec: (sql) => guarded(() => db.exec(sql)),
    prepare(sql) {
      const statement = guarded(() => db.prepare(sql));
      statement.setReturnArrays(true);
      return {
        run: (...values) =>
          guarded(() => {
            const { changes, lastInsertRowid } = statement.run(...values);
            return { changes: Number(changes), id: Number(lastInsertRowid) };
          }),
        row: (...values) => guarded(() => (statement.get(...values) as SqlValue[] | undefined) ?? null),
        rows: (...values) => guarded(() => statement.all(...values) as SqlValue[][]),
      };
    },
    transaction(work) {
      guarded(() => db.exec('BEGIN IMMEDIATE'));
      try {
        const result = work();
        guarded(() => db.exec('COMMIT'));
        return result;
      } catch (error) {
        // A full disk rolls back by itself; then there is nothing left to roll back.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
/** Extended codes have the primary one in their low byte. */
const PRIMARY = 0xff;

function failure(cause: unknown, what: string): MonitorError {
  if (cause instanceof MonitorError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = ((cause as { errcode?: number } | null)?.errcode ?? 0) & PRIMARY;
  const isFull = code === SQLITE_FULL || (code === SQLITE_IOERR && /full|space/i.test(message));
  return new MonitorError(isFull ? 'STORE_FULL' : 'STORE_FAILED', `${what}: ${message}`, { cause });
}
