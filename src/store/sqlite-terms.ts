import type { JudgingVersion, TrafficCell } from './port';
import type { Database } from './sqlite-database';

/** Names that repeat, as numbers; all of them are held in memory, as many as there are distinct ones. */
export interface Terms {
  idOf(kind: TermKind, text: string): number;
  /** Null when it was never seen. */
  find(kind: TermKind, text: string): number | null;
  textOf(id: number): string;
  cellOf(id: number): TrafficCell;
  versionOf(id: number): JudgingVersion;
  /** Every term of a kind with its number. */
  all(kind: TermKind): readonly (readonly [id: number, text: string])[];
  /** Forgets what a transaction that failed has added. */
  reload(): void;
}

export type TermKind = 'criterion' | 'check' | 'panel' | 'cell' | 'version' | 'segments';

export function createTerms(db: Database): Terms {
  const insert = db.prepare('INSERT INTO term (kind, text) VALUES (?, ?)');
  const select = db.prepare('SELECT id, kind, text FROM term');
  const ids = new Map<string, number>();
  const texts = new Map<number, { readonly kind: string; readonly text: string }>();
  const parsed = new Map<number, unknown>();

  const load = (): void => {
    ids.clear();
    texts.clear();
    parsed.clear();
    for (const [id, kind, text] of select.rows()) remember(Number(id), String(kind), String(text));
  };
  const remember = (id: number, kind: string, text: string): void => {
    ids.set(`${kind}\u0000${text}`, id);
    texts.set(id, { kind, text });
  };
  const textOf = (id: number): string => texts.get(id)?.text ?? '';
  /** Terms never change, so each is parsed once. */
  const parse = <T>(id: number): T => {
    let value = parsed.get(id);
    if (value === undefined) parsed.set(id, (value = JSON.parse(textOf(id))));
    return value as T;
  };
  load();
  return {
    idOf(kind, text) {
      const known = ids.get(`${kind}\u0000${text}`);
      if (known !== undefined) return known;
      const { id } = insert.run(kind, text);
      remember(id, kind, text);
      return id;
    },
    find: (kind, text) => ids.get(`${kind}\u0000${text}`) ?? null,
    textOf,
    cellOf: (id) => parse<TrafficCell>(id),
    versionOf: (id) => parse<JudgingVersion>(id),
    all: (kind) => [...texts].filter(([, term]) => term.kind === kind).map(([id, { text }]) => [id, text] as const),
    reload: load,
  };
}
