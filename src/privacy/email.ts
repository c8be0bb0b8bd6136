import { followsEscape, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/**
 * Addresses of the shape `local@host.tld`. Grown outwards from each `@`; as neither side may hold an `@`, all growth
 * together is linear in the text. A host without a dot (`git@server:`, `pkg@latest`) is no address.
 */
export function findEmails(text: string, scan: TextScan, out: FoundSpan[]): void {
  for (const at of scan.ats) {
    let start = at;
    while (start > 0 && (isWordAt(text, start - 1) || LOCAL_MARKS.includes(text.charAt(start - 1)))) start--;
    while (start < at && text.charAt(start) === '.') start++;
    if (start > 0 && followsEscape(text, start + 1)) start++;
    if (start >= at) continue;
    let end = at + 1;
    let labelStart = end;
    let lastLabelStart = -1;
    while (end < text.length) {
      if (isWordAt(text, end) || (text.charAt(end) === '-' && end > labelStart)) end++;
      else if (text.charAt(end) === '.' && end > labelStart && isWordAt(text, end + 1)) {
        end++;
        labelStart = end;
        lastLabelStart = end;
      } else break;
    }
    while (end > labelStart && text.charAt(end - 1) === '-') end--;
    if (lastLabelStart < 0 || end - lastLabelStart < 2 || isDigitAt(text, lastLabelStart)) continue;
    out.push({ start, end, kind: 'email' });
  }
}

const LOCAL_MARKS = "._%+-'";
