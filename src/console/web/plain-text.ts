/** A stretch of a text; `mark` says which finding it is evidence of. */
export interface TextPart {
  readonly text: string;
  readonly mark: string | null;
}

export interface TextSpan {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * Characters that change how others are read: controls but tab and line feed, zero-width ones, and those that turn the
 * direction of writing. Left as they are, a text could show something else than it says.
 */
const DECEIVING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** `a‮b` → `a⟨U+202E⟩b`; carriage returns before a line feed go. */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(DECEIVING, (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** Cuts a text where spans begin and end; what lies in several goes by the first. Spans outside the text are cut off. */
export function markText(text: string, spans: readonly TextSpan[]): TextPart[] {
  const inside = spans
    .map(({ start, end, name }) => ({ start: Math.max(0, start), end: Math.min(text.length, end), name }))
    .filter(({ start, end }) => start < end);
  const borders = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const parts: TextPart[] = [];
  for (let i = 0; i + 1 < borders.length; i++) {
    const [from, to] = [borders[i] ?? 0, borders[i + 1] ?? 0];
    const mark = inside.find(({ start, end }) => start <= from && to <= end)?.name ?? null;
    parts.push({ text: visibleText(text.slice(from, to)), mark });
  }
  return parts;
}

/** A link that goes where it seems to: only http and https; null for anything else, such as `javascript:`. */
export function safeHref(url: string | null | undefined): string | null {
  if (url === null || url === undefined || url !== url.trim()) return null;
  return /^https?:\/\/[^\s/]/i.test(url) ? url : null;
}
