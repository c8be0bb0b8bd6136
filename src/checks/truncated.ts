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
  let open: { readonly at: number; readonly size: number } | null = null;
  for (let at = text.indexOf(FENCE), stop; at >= 0; at = text.indexOf(FENCE, stop)) {
    stop = at + FENCE.length;
    while (text.charCodeAt(stop) === TICK) stop++;
    if (!startsLine(text, at)) continue;
    const newline = text.indexOf('\n', stop);
    const rest = newline === stop ? '' : text.slice(stop, Math.min(newline < 0 ? text.length : newline, stop + 200));
    if (open === null) {
      // An info string with the marker in it is code in a line, not a fence.
      if (!rest.includes('`')) open = { at, size: stop - at };
    } else if (stop - at >= open.size && endOfInk(rest) === 0) open = null;
  }
  return open === null ? null : { start: open.at, end: text.length };
}

const FENCE = '```';
const TICK = 0x60;

/** List items indent their fences, quotes mark them; more than text before it makes it no fence. */
function startsLine(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0 && at - i <= 12; i--) {
    const code = text.charCodeAt(i);
    if (code === 10) return true;
    if (code > 127 || LINE_START[code] === 0) return false;
  }
  return at <= 12;
}

const LINE_START = new Uint8Array(128);
for (const char of ' \t>*-0123456789.') LINE_START[char.charCodeAt(0)] = 1;

function endsMidSentence(text: string, end: number): boolean {
  if (end < 80) return false;
  const last = text.charAt(end - 1);
  return /[,;(\p{Ll}]/u.test(last) && text.lastIndexOf('\n', end) < end - 60;
}
