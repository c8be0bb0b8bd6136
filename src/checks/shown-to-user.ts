import type { Output } from '../domain/interaction';

/** What a user of a streamed answer had before a place in it came. */
export interface Shown {
  /** Code units before the place. */
  readonly chars: number;
  /** Milliseconds between the end of what was committed and the place. */
  readonly ms: number;
}

/**
 * How long the text up to `committedEnd` stood before the text at `at` came, by the chunks' offsets. Null when the
 * answer was not streamed, or its chunks do not add up to its text.
 */
export function shownBefore({ text, chunks }: Output, committedEnd: number, at: number): Shown | null {
  const committed = offsetAt(text, chunks, Math.max(0, committedEnd - 1));
  const later = offsetAt(text, chunks, at);
  return committed === null || later === null ? null : { chars: at, ms: Math.max(0, later - committed) };
}

/** Offset of the chunk that brought this place; chunks are compared with the text as far as they are needed. */
function offsetAt(text: string, chunks: Output['chunks'], place: number): number | null {
  let start = 0;
  for (const chunk of chunks) {
    if (!text.startsWith(chunk.text, start)) return null;
    start += chunk.text.length;
    if (place < start) return chunk.offsetMs;
  }
  return null;
}
