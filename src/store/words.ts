import type { Database } from './sqlite-database';

/** The index of words. It holds no text, so what is deleted from it must be given again, word for word. */
export interface WordIndex {
  add(id: number, json: string): void;
  /** Removes the words of a verdict at once, not when the index is merged some day. */
  remove(id: number, json: string): void;
}

/** Of longer texts only the beginning can be searched. */
const MAX_INDEXED = 20_000;

export function createWordIndex(db: Database): WordIndex {
  const insert = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const remove = db.prepare(`INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)`);
  return {
    add(id, json) {
      const text = wordsOf(json);
      if (text !== '') insert.run(id, text);
    },
    remove(id, json) {
      const text = wordsOf(json);
      if (text !== '') remove.run(id, text);
    },
  };
}

interface VerdictText {
  readonly interaction: {
    readonly input: readonly { readonly role: string; readonly content: string }[];
    readonly output: { readonly text: string };
  } | null;
}

/** What the user wrote last and what was answered, from the JSON of a verdict. Empty when no text is kept. */
function wordsOf(json: string): string {
  const { interaction } = JSON.parse(json) as VerdictText;
  if (interaction === null) return '';
  const asked = interaction.input.findLast(({ role }) => role === 'user')?.content ?? '';
  return `${asked}\n${interaction.output.text}`.slice(0, MAX_INDEXED);
}
