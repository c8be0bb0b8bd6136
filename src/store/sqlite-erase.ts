import { type DetailParts, dropDetails } from './sqlite-details';
import type { Erased, ErasedInteraction, EraseRequest, Retention } from './port';
import type { Database, SqlValue } from './sqlite-database';
import { dropHourSums } from './sqlite-hour-sums';
import { erasedHash } from './erased-hash';

/** Interactions deleted per transaction, so that writers and readers get their turn. */
const SLICE = 2_000;

/**
 * Deletes everything of a user or a conversation, leaves a tombstone so that a later copy is turned away, and empties the
 * write-ahead log, where deleted text would otherwise lie on. Sums over many users stay: they hold nobody's data.
 */
export function erase(parts: DetailParts, { kind, ids, at }: EraseRequest): Erased {
  const { db } = parts;
  const erased = db.transaction(() => {
    const bury = db.prepare('INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?)');
    for (const id of ids) bury.run(kind, erasedHash(id), at);
    const list = JSON.stringify(ids);
    const items = itemsOf(db, kind, list);
    const interactions = items.map(([, interactionId, conversationId]) => ({
      interactionId: String(interactionId),
      conversationId: String(conversationId),
    }));
    const labels = deleteLabels(db, interactions);
    const column = kind === 'user' ? 'user' : 'conversation';
    const sessions = db.prepare(`DELETE FROM session WHERE ${column} IN (SELECT value FROM json_each(?))`).run(list);
    const verdicts = deleteItems(
      parts,
      items.map(([id]) => Number(id)),
    );
    // A conversation's verdicts may have come before their lines of the ledger.
    const early = kind === 'conversation' ? dropDetails(parts, conversationDetails(db, list)) : 0;
    dropConversations(db);
    return { interactions, verdicts: verdicts + early, sessions: sessions.changes, labels };
  });
  flush(db);
  return erased;
}

function itemsOf(db: Database, kind: EraseRequest['kind'], list: string): readonly (readonly SqlValue[])[] {
  const condition = kind === 'user' ? 'item.user' : 'conversation.name';
  return db
    .prepare(
      `SELECT item.id, item.interaction, conversation.name FROM item JOIN conversation ON conversation.id = item.conversation
       WHERE ${condition} IN (SELECT value FROM json_each(?))`,
    )
    .rows(list);
}

function conversationDetails(db: Database, list: string): number[] {
  return db
    .prepare(
      `SELECT id FROM detail WHERE conversation IN
       (SELECT id FROM conversation WHERE name IN (SELECT value FROM json_each(?)))`,
    )
    .rows(list)
    .map(([id]) => Number(id));
}

function deleteLabels(db: Database, interactions: readonly ErasedInteraction[]): number {
  const drop = db.prepare(`DELETE FROM record WHERE about = ? AND kind = 'label'`);
  return interactions.reduce((sum, { interactionId }) => sum + drop.run(interactionId).changes, 0);
}

/** Returns how many verdicts went with the items. */
function deleteItems(parts: DetailParts, ids: readonly number[]): number {
  const { db } = parts;
  const list = JSON.stringify(ids);
  const details = db
    .prepare(
      `SELECT detail.id FROM detail JOIN item ON item.interaction = detail.interaction
       WHERE item.id IN (SELECT value FROM json_each(?))`,
    )
    .rows(list)
    .map(([id]) => Number(id));
  for (const table of ['score', 'failed_check']) {
    db.prepare(`DELETE FROM ${table} WHERE item IN (SELECT value FROM json_each(?))`).run(list);
  }
  db.prepare('DELETE FROM item WHERE id IN (SELECT value FROM json_each(?))').run(list);
  return dropDetails(parts, details);
}

/** Names of conversations of which nothing is left. */
function dropConversations(db: Database): void {
  db.exec(
    `DELETE FROM conversation WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.conversation = conversation.id)
     AND NOT EXISTS (SELECT 1 FROM detail WHERE detail.conversation = conversation.id)`,
  );
}

/** What was deleted leaves the files too: free pages are zeroed already, the log is emptied here. */
function flush(db: Database): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Sums by hour and answers about golden items are kept for longer: a year, and what it takes to look back on one. */
const LONG_KEPT_MS = 400 * 86_400_000;

/** Deletes what is too old, then the oldest until the size is right. Returns how many interactions went. */
export function retain(parts: DetailParts, { now, maxAgeMs, maxBytes }: Retention): number {
  const { db } = parts;
  const oldest = db.prepare('SELECT id FROM item WHERE at < ? ORDER BY at LIMIT ?');
  const any = db.prepare('SELECT id, at FROM item ORDER BY at LIMIT ?');
  const count = db.prepare('SELECT COUNT(*) FROM item');
  const drop = (rows: readonly (readonly SqlValue[])[]): number =>
    db.transaction(() => {
      deleteItems(
        parts,
        rows.map(([id]) => Number(id)),
      );
      return rows.length;
    });
  const limit = now - maxAgeMs;
  let gone = 0;
  for (let rows = oldest.rows(limit, SLICE); rows.length > 0; rows = oldest.rows(limit, SLICE)) gone += drop(rows);
  for (let bytes = bytesOf(db); bytes > maxBytes; bytes = bytesOf(db)) {
    // As many as hold the excess, if all are alike: of a small store a whole slice may be everything.
    const rows = any.rows(Math.min(SLICE, Math.ceil(Number(count.row()?.[0]) * (1 - maxBytes / bytes))));
    if (rows.length === 0) {
      db.transaction(() => dropLongKept(db, limit));
      break;
    }
    gone += drop(rows);
    db.prepare('DELETE FROM session WHERE closed < ?').run(Number(rows.at(-1)![1]));
    // Only pages handed back make the file smaller.
    db.exec('PRAGMA incremental_vacuum');
  }
  db.transaction(() => {
    db.prepare('DELETE FROM session WHERE closed < ?').run(limit);
    const orphans = db.prepare(
      'SELECT id FROM detail WHERE at < ? AND NOT EXISTS (SELECT 1 FROM item WHERE item.verdict = detail.verdict)',
    );
    dropDetails(
      parts,
      orphans.rows(limit).map(([id]) => Number(id)),
    );
    if (gone > 0) dropConversations(db);
    dropLongKept(db, now - LONG_KEPT_MS);
  });
  if (gone > 0) {
    db.exec('PRAGMA incremental_vacuum');
    flush(db);
  }
  return gone;
}

function dropLongKept(db: Database, before: number): void {
  dropHourSums(db, before);
  db.prepare(`DELETE FROM record WHERE kind = 'golden' AND at < ?`).run(before);
}

/** Size of the database without its free pages. */
export function bytesOf(db: Database): number {
  const read = (pragma: string): number => Number(db.prepare(`PRAGMA ${pragma}`).row()?.[0] ?? 0);
  return (read('page_count') - read('freelist_count')) * read('page_size');
}
