import { endOfInk } from './blank';
import type { Span } from '../domain/check';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'truncated';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

const CUT_OFF = new Set([
  'length',
  'max_tokens',
  'model_length',
  'max_output_tokens',
  'incomplete',
  'model_context_window_exceeded',
]);

/** `mid_sentence` alone is no proof (titles, lists and names end without a full stop): kept as a detail of a pass. */
export const truncated: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: 'The answer was not cut off: no length limit was hit and no code fence is left open.',
  example: '`finish_reason: length`, or an opening code fence without its closing one.',
  falsePositives: 'An answer that shows one lone fence marker; a limit set on purpose to get short answers.',
  run: ({ output }) => {
    const limited = output.finishReason !== null && CUT_OFF.has(output.finishReason.toLowerCase());
    const end = endOfInk(output.text);
    if (end === 0 && !limited) return notApplicable('empty');
    const fence = openFence(output.text);
    const evidence: string[] = [];
    if (limited) evidence.push('finish_reason=length');
    if (fence !== null) evidence.push('unclosed_fence');
    if (endsMidSentence(output.text, end)) evidence.push('mid_sentence');
    const detail = evidence.join(',');
    if (fence !== null) return fail(detail, fence);
    if (limited) return fail(detail, end === 0 ? null : { start: Math.max(0, end - 1), end });
    return detail === '' ? pass() : pass(detail);
  },
};

/**
 * The fence left open, from its marker to the end of the text; null when all are closed (CommonMark 0.31 section 4.5).
 * Looks only at the places of the marker characters.
 */
function openFence(text: string): Span | null {
  let from = 0;
  let open: { readonly at: number; readonly char: string; readonly size: number } | null = null;
  for (;;) {
    const at = nextFence(text, from, open?.char ?? null);
    if (at < 0) break;
    const char = text.charAt(at);
    let stop = at;
    while (text.charAt(stop) === char) stop++;
    from = stop;
    if (!startsLine(text, at)) continue;
    const lineEnd = text.indexOf('\n', stop);
    const rest = text.slice(stop, lineEnd < 0 ? Math.min(text.length, stop + 200) : Math.min(lineEnd, stop + 200));
    if (open === null) {
      // An info string with the marker in it is code in a line, not a fence.
      if (!rest.includes('`')) open = { at, char, size: stop - at };
    } else if (stop - at >= open.size && endOfInk(rest) === 0) open = null;
  }
  return open === null ? null : { start: open.at, end: text.length };
}

function nextFence(text: string, from: number, char: string | null): number {
  if (char !== null) return text.indexOf(char.repeat(3), from);
  return text.indexOf('```', from);
}

/** List items indent their fences, quotes mark them; more than text before it makes it no fence. */
function startsLine(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0 && at - i <= 12; i--) {
    const char = text.charAt(i);
    if (char === '\n') return true;
    if (!' \t>*-0123456789.'.includes(char)) return false;
  }
  return at <= 12;
}

function endsMidSentence(text: string, end: number): boolean {
  if (end < 80) return false;
  const last = text.charAt(end - 1);
  return /[,;(\p{Ll}]/u.test(last) && text.lastIndexOf('\n', end) < end - 60;
}
