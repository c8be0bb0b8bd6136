import type { BodyCodec } from './body-codec';
import type { Database } from './sqlite-database';
import type { WordIndex } from './words';

export interface DetailParts {
  readonly db: Database;
  readonly bodies: BodyCodec;
  /** Null where words are not indexed. */
  readonly words: WordIndex | null;
}

/** Deletes verdicts with their words; returns how many. To be called within a transaction. */
export function dropDetails({ db, bodies, words }: DetailParts, ids: readonly number[]): number {
  const list = JSON.stringify(ids);
  if (words !== null) {
    const rows = db.prepare('SELECT id, body FROM detail WHERE id IN (SELECT value FROM json_each(?))').rows(list);
    for (const [id, body] of rows) words.remove(Number(id), bodies.open(body as Uint8Array));
  }
  return db.prepare('DELETE FROM detail WHERE id IN (SELECT value FROM json_each(?))').run(list).changes;
}
