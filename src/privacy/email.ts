import { followsEscape, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/**
 * Addresses of the shape `local@host.tld`. Grown outwards from each `@`; as neither side may hold an `@`, all growth
 * together is linear in the text. A host without a dot (`git@server:`, `pkg@latest`) is no address.
 */
export function findEmails(text: string, scan: TextScan, out: FoundSpan[]): void {
  for (const at of scan.ats) {
    let start = at;
    while (start > 0 && (isWordAt(text, start - 1) || LOCAL_MARKS[text.charCodeAt(start - 1)] === 1)) start--;
    while (start < at && text.charCodeAt(start) === DOT) start++;
    if (start > 0 && followsEscape(text, start + 1)) start++;
    if (start >= at) continue;
    let end = at + 1;
    let labelStart = end;
    let lastLabelStart = -1;
    while (end < text.length) {
      if (isWordAt(text, end) || (text.charCodeAt(end) === HYPHEN && end > labelStart)) end++;
      else if (text.charCodeAt(end) === DOT && end > labelStart && isWordAt(text, end + 1)) {
        end++;
        labelStart = end;
        lastLabelStart = end;
      } else break;
    }
    while (end > labelStart && text.charCodeAt(end - 1) === HYPHEN) end--;
    if (lastLabelStart < 0 || end - lastLabelStart < 2 || isDigitAt(text, lastLabelStart)) continue;
    out.push({ start, end, kind: 'email' });
  }
}

const DOT = 0x2e;
const HYPHEN = 0x2d;

/** By code unit; beyond ASCII there are none. */
const LOCAL_MARKS = new Uint8Array(128);
for (const mark of "._%+-'") LOCAL_MARKS[mark.charCodeAt(0)] = 1;
