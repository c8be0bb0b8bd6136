const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [34, 92, 123, 125, 91, 93];

/**
 * Whether JSON text nests deeper than `limit` levels, in one pass that allocates nothing. JSON.parse itself takes a
 * million levels, but whatever walks the value afterwards (writing, comparing) recurses and overflows.
 */
export function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** Nesting of JSON text inside a field of a record. */
export const MAX_JSON_TEXT_LEVELS = 64;

/** A parsed value, or what is wrong with the text; nothing of the text is quoted. */
export type ParsedJson = { readonly value: unknown } | { readonly fault: 'syntax' | 'depth' | 'prototype' };

/** Parses text of bounded depth and refuses keys that could reach a prototype. Duplicate keys: the last one wins. */
export function parseSafeJson(text: string, maxDepth = MAX_JSON_TEXT_LEVELS): ParsedJson {
  if (nestsDeeperThan(text, maxDepth)) return { fault: 'depth' };
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return { fault: 'syntax' };
  }
  return mayNamePrototype(text) && hasPrototypeKey(value) ? { fault: 'prototype' } : { value };
}

/** Almost no text can, and walking the value costs as much as parsing it. An escape can hide any key. */
function mayNamePrototype(text: string): boolean {
  return (
    text.includes('__proto__') || text.includes('constructor') || text.includes('prototype') || text.includes('\\u')
  );
}

/** Keys that reach an object's prototype when copied without care; no record may use them. */
export function isPrototypeKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/** Whether such a key occurs at any depth. The caller has bounded the depth. */
export function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasPrototypeKey);
  return Object.entries(value).some(([key, inner]) => isPrototypeKey(key) || hasPrototypeKey(inner));
}

/** The index of the closing quote, found by searching so that long strings cost little; the end when there is none. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at === -1 ? text.length : at;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}
