import type { NumberRun } from './number-runs';
import { continuesWord, isDigitAt, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/** IPv4 and IPv6 addresses; not version numbers (`v1.2.3.4`, `version 10.0.0.1`), times, MACs or `a::b` of programs. */
export function findIps(text: string, scan: TextScan, runs: readonly NumberRun[], out: FoundSpan[]): void {
  for (const run of runs) findIpv4InRun(text, scan, run, out);
  findIpv6(text, scan, out);
}

function findIpv4InRun(text: string, scan: TextScan, run: NumberRun, out: FoundSpan[]): void {
  for (let group = run.first; group + 3 <= run.last; group++) {
    const start = scan.groups.start(group);
    if (
      scan.groups.soleGapAfter(text, group) !== DOT ||
      (text.charCodeAt(start - 1) === DOT && isDigitAt(text, start - 2))
    ) {
      continue;
    }
    const end = scan.groups.end(group + 3);
    if (!isDottedQuad(text, scan, group) || continuesWord(text, start) || isWordAt(text, end)) continue;
    if (text.charCodeAt(end) === DOT && isDigitAt(text, end + 1)) continue;
    if (followsVersion(text, start)) continue;
    out.push({ start, end, kind: 'ip' });
    group += 3;
  }
}

const DOT = 0x2e;

/** Versions have four parts too, and a browser's look like private networks. */
const VERSION_BEFORE = /(?:version|release|build|firmware|chrome|chromium|edge?|opera|driver|v\.?)[ :/=]{0,2}$/i;

/** Most addresses stand at a beginning, after a mark or after a full stop, where no such word can be. */
function followsVersion(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before === DOT ? (text.charCodeAt(start - 2) | 32) !== SMALL_V : !mayEndVersion(before)) return false;
  return VERSION_BEFORE.test(text.slice(Math.max(0, start - 20), start));
}

const SMALL_V = 0x76;

/** A letter, or one of ` :/=`. */
function mayEndVersion(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || code === 0x20 || code === COLON || code === 0x2f || code === 0x3d;
}

function isDottedQuad(text: string, scan: TextScan, group: number): boolean {
  for (let k = group; k < group + 4; k++) {
    if (scan.groups.length(k) > 3 || (k < group + 3 && scan.groups.soleGapAfter(text, k) !== DOT)) return false;
    let value = 0;
    for (let i = scan.groups.start(k); i < scan.groups.end(k); i++) value = value * 10 + text.charCodeAt(i) - 48;
    if (value > 255) return false;
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
    if (end - start <= LONGEST_IPV6 && isIpv6(text, start, end)) out.push({ start, end, kind: 'ip' });
  }
}

const LONGEST_IPV6 = 45;

function isAddressChar(code: number): boolean {
  return (code >= 48 && code <= 58) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102) || code === 46;
}

/**
 * RFC 4291 section 2.2 on one run of address characters, short of what is no one's address: `::`, `::1`, forms without
 * a digit, and two-part ones as short as a program's `a::b1`.
 */
function isIpv6(text: string, start: number, end: number): boolean {
  let groups = 0;
  let size = 0;
  let longest = 0;
  let digits = 0;
  let compressed = false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) return isMapped(text.slice(start, end));
    if (code !== COLON) {
      if (size++ === 0) groups++;
      if (size > longest) longest = size;
      if (code <= 57) digits++;
      continue;
    }
    size = 0;
    if (text.charCodeAt(i + 1) !== COLON || i + 1 >= end) continue;
    if (compressed) return false;
    compressed = true;
    i++;
    // Three colons are none.
    if (text.charCodeAt(i + 1) === COLON) return false;
  }
  if (longest > 4 || digits === 0) return false;
  return compressed ? groups >= 2 && groups < 8 && longest >= 3 : groups === 8 && text.charCodeAt(start) !== COLON;
}

const COLON = 0x3a;

/** The form with IPv4 at its end, `::ffff:192.0.2.1`. */
function isMapped(candidate: string): boolean {
  return /^(?:[0-9a-f]{0,4}:){2,7}\d{1,3}(?:\.\d{1,3}){3}$/i.test(candidate);
}
