import { gapAfter, groupEnd, groupLength, groupStart, type NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/** IPv4 and IPv6 addresses; not version numbers (`v1.2.3.4`, `version 10.0.0.1`), times, MACs or `a::b` of programs. */
export function findIps(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  for (const run of runs) findIpv4InRun(text, scan, run, out);
  findIpv6(text, scan, out);
}

function findIpv4InRun(text: string, scan: TextScan, run: NumberRun, out: FoundSpan[]): void {
  for (let group = run.first; group + 3 <= run.last; group++) {
    const start = groupStart(scan, group);
    const end = groupEnd(scan, group + 3);
    if (!isDottedQuad(text, scan, group) || continuesWord(text, start) || isWordAt(text, end)) continue;
    const dotBefore = text.charAt(start - 1) === '.' && isDigitAt(text, start - 2);
    const dotAfter = text.charAt(end) === '.' && isDigitAt(text, end + 1);
    if (dotBefore || dotAfter || VERSION_BEFORE.test(text.slice(Math.max(0, start - 20), start))) continue;
    out.push({ start, end, kind: 'ip' });
    group += 3;
  }
}

/** Versions have four parts too, and a browser's look like private networks. */
const VERSION_BEFORE = /(?:version|release|build|firmware|chrome|chromium|edge?|opera|driver|v\.?)[ :/=]{0,2}$/i;

function isDottedQuad(text: string, scan: TextScan, group: number): boolean {
  for (let k = group; k < group + 4; k++) {
    if (groupLength(scan, k) > 3 || Number(text.slice(groupStart(scan, k), groupEnd(scan, k))) > 255) return false;
    if (k < group + 3 && gapAfter(text, scan, k) !== '.') return false;
  }
  return true;
}

function findIpv6(text: string, scan: TextScan, out: FoundSpan[]): void {
  let done = 0;
  for (const colon of scan.colons) {
    if (colon < done) continue;
    let start = colon;
    while (start > done && isAddressChar(text.charCodeAt(start - 1))) start--;
    let end = colon + 1;
    while (end < text.length && isAddressChar(text.charCodeAt(end))) end++;
    done = end;
    // A sentence's full stop or colon right after an address is not part of it.
    while (
      end > start &&
      (text.charAt(end - 1) === '.' || (text.charAt(end - 1) === ':' && text.charAt(end - 2) !== ':'))
    ) {
      end--;
    }
    if (continuesWord(text, start) || isWordAt(text, end)) continue;
    if (end - start <= LONGEST_IPV6 && isIpv6(text.slice(start, end))) out.push({ start, end, kind: 'ip' });
  }
}

const LONGEST_IPV6 = 45;

function isAddressChar(code: number): boolean {
  return (code >= 48 && code <= 58) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102) || code === 46;
}

/** RFC 4291 section 2.2, short of what is no one's address: `::`, `::1` and forms without any digit. */
function isIpv6(candidate: string): boolean {
  if (!/[0-9]/.test(candidate)) return false;
  const halves = candidate.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const mapped = tail.includes('.');
  if (mapped && !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(tail)) return false;
  const plain = mapped ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = plain.length + (mapped ? 2 : 0);
  if (halves.length === 1) return count === 8;
  return count < 8 && count >= 2 && (mapped || plain.some((group) => group.length >= 3));
}
