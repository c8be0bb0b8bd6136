import { hash } from 'node:crypto';

/** An untrusted text under a name of ours, e.g. `answer` or `message.2.user`. */
export interface Field {
  /** Lower-case letters, digits, `_` and `.` only: names are ours, never a producer's. */
  readonly name: string;
  readonly text: string;
  /** A remark of ours for the judge about this field, e.g. that it was cut; null when there is none. */
  readonly note: string | null;
}

/** Gives 128 bits of hex that nobody can foresee; draws anew as long as `avoid`, in lower case, holds what was drawn. */
export type NonceSource = (avoid: readonly string[]) => string;

const OPENING = /^<<<BEGIN ([a-z0-9_.]+) ([0-9a-f]{32})(?: \([^\n]*\))?>>>\n/gm;
const ITEM_NONCE = /^Item nonce: ([0-9a-f]{32})$/m;
const MAX_DRAWS = 100;

/**
 * Nonces from a source of random ids. An id may hold fewer than 128 random bits (a UUID has 122): two are hashed into
 * one nonce. Throws when a hundred draws in a row lie in the text, which a working source does not do.
 */
export function createNonceSource(randomId: () => string): NonceSource {
  return (avoid) => {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const nonce = hash('sha256', `${randomId()}${randomId()}`).slice(0, 32);
      if (!avoid.some((text) => text.includes(nonce))) return nonce;
    }
    throw new Error('randomId: the ids drawn are not random');
  };
}

/**
 * Puts a text between two lines that it cannot contain:
 * ```
 * <<<BEGIN answer 5c0f...>>>
 * text
 * <<<END answer 5c0f...>>>
 * ```
 */
export function fence(field: Field, nonce: string): string {
  const note = field.note === null ? '' : ` (${field.note})`;
  return `<<<BEGIN ${field.name} ${nonce}${note}>>>\n${field.text}\n<<<END ${field.name} ${nonce}>>>`;
}

export function itemNonceLine(nonce: string): string {
  return `Item nonce: ${nonce}`;
}

/**
 * The fenced fields of a rendered user prompt by name, e.g. `{ request: '...', answer: '...' }`, for judge servers in
 * tests and simulation. What looks like a fence inside a field belongs to the field. A null-prototype object.
 */
export function readFencedFields(userPrompt: string): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(userPrompt); match !== null; match = opening.exec(userPrompt)) {
    const [whole, name, nonce] = match as unknown as [string, string, string];
    const start = match.index + whole.length;
    const end = userPrompt.indexOf(`\n<<<END ${name} ${nonce}>>>`, start);
    if (end < 0) continue;
    fields[name] = userPrompt.slice(start, end);
    opening.lastIndex = end + 1;
  }
  return fields;
}

/** The nonce that a reply to this prompt has to echo; null when the text is no prompt of ours. */
export function readItemNonce(userPrompt: string): string | null {
  return ITEM_NONCE.exec(userPrompt)?.[1] ?? null;
}
