import type { Replacement } from './replace';

/**
 * Texts that are themselves JSON (tool arguments, structured answers). Replacing in their raw text would break them:
 * `{"pin": 4111...}` needs a quoted placeholder, and an escape such as `\n` before an address is no part of it.
 */

export type RedactString = (text: string) => string;

/** Larger texts are redacted as plain text: safe, though perhaps no JSON any more. */
const LONGEST_JSON = 1_000_000;

/** True for an object or array; a bare number or string is treated as plain text. */
export function isJsonText(text: string): boolean {
  if (text.length > LONGEST_JSON) return false;
  const first = text.charCodeAt(firstInk(text));
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

function firstInk(text: string): number {
  let i = 0;
  while (i < text.length && ' \t\r\n'.includes(text.charAt(i))) i++;
  return i;
}

/**
 * What to replace in a valid JSON text: every string with personal data in it, keys included, and every number that
 * reads as such beside its key. The result is valid JSON again, and all other characters stay as they are.
 */
export function jsonReplacements(text: string, redact: RedactString): readonly Replacement[] {
  const replacements: Replacement[] = [];
  let label = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfLiteral(text, i);
      const literal = text.slice(i, end);
      label = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
      const redacted = redact(label);
      if (redacted !== label) replacements.push({ start: i, end, text: JSON.stringify(redacted) });
      i = end - 1;
    } else if (code >= ZERO && code <= NINE) {
      const end = endOfNumber(text, i);
      const redacted = end - i >= SHORTEST_NUMBER ? redactNumber(text.slice(i, end), label, redact) : null;
      const start = text.charCodeAt(i - 1) === MINUS ? i - 1 : i;
      if (redacted !== null) replacements.push({ start, end, text: JSON.stringify(redacted) });
      i = end - 1;
    }
  }
  return replacements;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** Fewer digits are no card and no telephone number. */
const SHORTEST_NUMBER = 7;

function endOfLiteral(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i + 1;
}

function endOfNumber(text: string, start: number): number {
  let i = start;
  while (i < text.length && '0123456789.eE+-'.includes(text.charAt(i))) i++;
  return i;
}

function redactNumber(digits: string, label: string, redact: RedactString): string | null {
  const prefix = `${label.slice(-40)}: `;
  const redacted = redact(prefix + digits);
  return redacted === prefix + digits || redacted.endsWith(digits) ? null : redacted.slice(redacted.lastIndexOf('['));
}
