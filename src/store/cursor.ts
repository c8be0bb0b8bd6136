/** A place in a list, opaque to callers. */
export type CursorPart = string | number;

export function encodeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Null without one, and for a text that is none of ours: the list then begins at its start. */
export function decodeCursor(text: string | undefined, length: number): readonly CursorPart[] | null {
  if (text === undefined || text === '') return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const isPart = (part: unknown): boolean => typeof part === 'string' || typeof part === 'number';
    return Array.isArray(parts) && parts.length === length && parts.every(isPart) ? (parts as CursorPart[]) : null;
  } catch {
    return null;
  }
}
