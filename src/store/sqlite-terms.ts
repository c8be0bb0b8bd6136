import type { JudgingVersion } from './port-window';
import type { TrafficCell } from './traffic-cell';
import { createRecentMap } from './recent-map';
import type { Database } from './sqlite-database';

/**
 * Names that repeat, as numbers. Those used lately are held in memory, about 1 kB each and at most `MOST`: what tells
 * cells apart comes from producers, and may be new with every interaction.
 */
export interface Terms {
  idOf(kind: TermKind, text: string): number;
  /** Null when it was never seen. */
  find(kind: TermKind, text: string): number | null;
  textOf(id: number): string;
  cellOf(id: number): TrafficCell;
  versionOf(id: number): JudgingVersion;
  /** Every term of a kind with its number. */
  all(kind: TermKind): readonly (readonly [id: number, text: string])[];
  /** Drops what is held: a transaction that failed may have added some of it. */
  forget(): void;
}

export type TermKind = 'criterion' | 'check' | 'panel' | 'cell' | 'version' | 'segments';

const MOST = 10_000;

export function createTerms(db: Database): Terms {
  const insert = db.prepare('INSERT INTO term (kind, text) VALUES (?, ?)');
  const byText = db.prepare('SELECT id FROM term WHERE kind = ? AND text = ?');
  const byId = db.prepare('SELECT text FROM term WHERE id = ?');
  const ofKind = db.prepare('SELECT id, text FROM term WHERE kind = ?');
  const ids = createRecentMap<string, number>(MOST);
  const texts = createRecentMap<number, string>(MOST);
  const parsed = createRecentMap<number, unknown>(MOST);

  const find = (kind: TermKind, text: string): number | null => {
    const key = `${kind}\u0000${text}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const row = byText.row(kind, text);
    if (row === null) return null;
    ids.set(key, Number(row[0]));
    return Number(row[0]);
  };
  const textOf = (id: number): string => {
    const known = texts.get(id);
    if (known !== undefined) return known;
    const text = String(byId.row(id)?.[0] ?? '');
    texts.set(id, text);
    return text;
  };
  /** Terms never change, so each is parsed once while it is held. */
  const parse = <T>(id: number): T => {
    const known = parsed.get(id);
    if (known !== undefined) return known as T;
    const value = JSON.parse(textOf(id)) as T;
    parsed.set(id, value);
    return value;
  };
  return {
    idOf(kind, text) {
      const known = find(kind, text);
      if (known !== null) return known;
      const { id } = insert.run(kind, text);
      ids.set(`${kind}\u0000${text}`, id);
      return id;
    },
    find,
    textOf,
    cellOf: (id) => parse<TrafficCell>(id),
    versionOf: (id) => parse<JudgingVersion>(id),
    all: (kind) => ofKind.rows(kind).map(([id, text]) => [Number(id), String(text)] as const),
    forget() {
      ids.clear();
      texts.clear();
      parsed.clear();
    },
  };
}
