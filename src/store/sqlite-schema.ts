import { MonitorError } from '../domain/error';
import type { Database } from './sqlite-database';

/** Raised with every change of the tables. A store is a cache of the topics: an older one is emptied and filled again. */
const VERSION = 3;

/**
 * `item` and what hangs on it come from the ledger, whose first line for an offset says which verdict won; `detail` is
 * that verdict, found by its id. Names that repeat are kept once in `term`.
 */
const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feed (name TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (kind, text));
CREATE TABLE conversation (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  interaction TEXT NOT NULL UNIQUE,
  verdict TEXT NOT NULL,
  conversation INTEGER NOT NULL,
  user TEXT,
  turn INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  cell INTEGER NOT NULL,
  sampled INTEGER NOT NULL,
  probability REAL NOT NULL,
  upstream REAL NOT NULL,
  cost REAL NOT NULL,
  version INTEGER,
  worst REAL,
  disagreement REAL,
  checks_failed INTEGER NOT NULL,
  opens INTEGER NOT NULL
);
CREATE INDEX item_at ON item (at, cell, sampled, upstream, opens, worst, disagreement);
CREATE INDEX item_cell ON item (cell, at);
CREATE INDEX item_conversation ON item (conversation, turn);
CREATE INDEX item_user ON item (user) WHERE user IS NOT NULL;
CREATE INDEX item_worst ON item (worst, id) WHERE worst IS NOT NULL;
CREATE INDEX item_disagreement ON item (disagreement, id) WHERE disagreement > 0;

CREATE TABLE score (
  item INTEGER NOT NULL,
  criterion INTEGER NOT NULL,
  at INTEGER NOT NULL,
  result TEXT NOT NULL,
  reason TEXT,
  panel INTEGER,
  cheap REAL,
  ensemble REAL,
  escalated INTEGER NOT NULL,
  pass INTEGER,
  value REAL,
  score REAL,
  disagreement REAL,
  PRIMARY KEY (item, criterion)
) WITHOUT ROWID;
CREATE INDEX score_at ON score (criterion, at);
CREATE INDEX score_fail ON score (criterion, at) WHERE pass = 0;
CREATE INDEX score_unjudged ON score (criterion, at) WHERE result = 'unjudged';
CREATE INDEX score_low ON score (criterion, score, item) WHERE score IS NOT NULL;
CREATE INDEX score_split ON score (criterion, disagreement, item) WHERE disagreement > 0;

CREATE TABLE failed_check (
  item INTEGER NOT NULL,
  name INTEGER NOT NULL,
  at INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  PRIMARY KEY (name, at, item)
) WITHOUT ROWID;
CREATE INDEX failed_check_item ON failed_check (item, name);
CREATE INDEX failed_check_at ON failed_check (at, cell, name);

CREATE TABLE rollup (
  criterion INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sum REAL NOT NULL,
  squares REAL NOT NULL,
  PRIMARY KEY (criterion, hour, cell)
) WITHOUT ROWID;
CREATE TABLE volume (
  hour INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sampled INTEGER NOT NULL,
  population REAL NOT NULL,
  conversations REAL NOT NULL,
  PRIMARY KEY (hour, cell)
) WITHOUT ROWID;
CREATE TABLE failed_volume (
  hour INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  name INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (hour, cell, name)
) WITHOUT ROWID;

CREATE TABLE detail (
  id INTEGER PRIMARY KEY,
  verdict TEXT NOT NULL UNIQUE,
  interaction TEXT NOT NULL,
  conversation INTEGER NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX detail_interaction ON detail (interaction);
CREATE INDEX detail_conversation ON detail (conversation);
CREATE INDEX detail_at ON detail (at);
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', detail = none);

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  user TEXT,
  closed INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  ending TEXT NOT NULL,
  turns INTEGER NOT NULL,
  bad INTEGER NOT NULL,
  recovered INTEGER NOT NULL,
  satisfaction REAL NOT NULL,
  body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_conversation ON session (conversation);
CREATE INDEX session_closed ON session (closed);
CREATE INDEX session_user ON session (user) WHERE user IS NOT NULL;

CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  segment TEXT NOT NULL,
  criterion TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  fired INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX alert_fired ON alert (fired, id);
CREATE INDEX alert_series ON alert (kind, segment, criterion, fired);
CREATE TABLE incident (id TEXT PRIMARY KEY, opened INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX incident_opened ON incident (opened, id);

CREATE TABLE record (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  about TEXT,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX record_kind ON record (kind, at);
CREATE INDEX record_about ON record (about) WHERE about IS NOT NULL;

CREATE TABLE tombstone (kind TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, hash)) WITHOUT ROWID;
`;

/** Makes the tables where there are none, or those of an older version. Rejects with STORE_FAILED when a newer version made them. */
export function prepareTables(db: Database, newId: string): void {
  const [found] = db.prepare('PRAGMA user_version').row() ?? [0];
  if (found === VERSION) return;
  if (Number(found) > VERSION) {
    throw new MonitorError('STORE_FAILED', `the evidence store has version ${String(found)}, wanted up to ${VERSION}`);
  }
  db.transaction(() => {
    if (Number(found) > 0) dropTables(db);
    db.exec(TABLES);
    // Deleted words leave the index at once, not when it is merged some day.
    db.exec(`INSERT INTO words (words, rank) VALUES ('secure-delete', 1)`);
    db.prepare(`INSERT INTO meta VALUES ('id', ?)`).run(newId);
    db.exec(`PRAGMA user_version = ${VERSION}`);
  });
}

/** Those of the word index go with it. */
function dropTables(db: Database): void {
  db.exec('DROP TABLE IF EXISTS words');
  const names = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).rows();
  for (const [name] of names) db.exec(`DROP TABLE "${String(name)}"`);
}
