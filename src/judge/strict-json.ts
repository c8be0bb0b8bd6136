import { type Result, err, ok } from '../domain/result';

export type JsonFault = 'not json' | 'duplicate key' | 'too deep';

/** String literals and the characters that open, close and separate; everything else has been checked by the parser. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Parses exactly one JSON value. Stricter than `JSON.parse`, which lets the last of two equal keys win and thereby lets
 * an answer hold one verdict for the eye and another for the program.
 */
export function parseStrictJson(text: string, maxDepth: number): Result<unknown, JsonFault> {
  const fault = shapeFault(text, maxDepth);
  if (fault === 'too deep') return err(fault);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('not json');
  }
  return fault === null ? ok(value) : err(fault);
}

/** Runs before the parser does: V8 parses a million levels, but what walks the value later overflows the stack. */
function shapeFault(text: string, maxDepth: number): JsonFault | null {
  const open: (Set<string> | null)[] = [];
  let literal: string | null = null;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : null) > maxDepth) return 'too deep';
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && literal !== null) {
      const keys = open.at(-1);
      const key = decodeKey(literal);
      if (keys?.has(key) === true) return 'duplicate key';
      keys?.add(key);
    }
    literal = token.startsWith('"') ? token : null;
  }
  return null;
}

/** `"\u0061"` and `"a"` are the same key. */
function decodeKey(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
