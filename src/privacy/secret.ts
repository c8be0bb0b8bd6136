import { followsEscape, type TextScan } from './scan';
import type { FoundSpan } from './span';

/**
 * API keys, tokens, JWTs, private keys and bearer credentials. Looks only at the long tokens of the scan: a known
 * prefix, a credential word right before, or three base64url parts of a JWT. Each token is looked at once.
 */
export function findSecrets(text: string, scan: TextScan, out: FoundSpan[]): void {
  const tokens = scan.longTokens;
  let done = 0;
  for (let k = 0; k < tokens.length; k += 2) {
    const tokenStart = tokens[k] ?? 0;
    if (tokenStart < done) continue;
    const start = followsEscape(text, tokenStart + 1) ? tokenStart + 1 : tokenStart;
    const stop = endOfSecret(text, start, tokens[k + 1] ?? 0);
    if (stop < 0) continue;
    out.push({ start, end: stop, kind: 'secret' });
    done = stop;
  }
  if (text.includes(PEM_BEGIN)) findPrivateKeys(text, out);
}

/** Prefixes by which their issuers mark keys, so that scanners find them; with the fewest characters of the whole. */
const PREFIXES: readonly (readonly [prefix: string, fewest: number])[] = [
  ['sk-', 23],
  ['sk_live_', 20],
  ['sk_test_', 20],
  ['rk_live_', 20],
  ['rk_test_', 20],
  ['whsec_', 24],
  ['pk-lf-', 24],
  ['AKIA', 20],
  ['ASIA', 20],
  ['ABIA', 20],
  ['ACCA', 20],
  ['AIza', 35],
  ['GOCSPX-', 24],
  ['ghp_', 36],
  ['gho_', 36],
  ['ghu_', 36],
  ['ghs_', 36],
  ['ghr_', 36],
  ['github_pat_', 30],
  ['glpat-', 20],
  ['xoxb-', 20],
  ['xoxa-', 20],
  ['xoxp-', 20],
  ['xoxr-', 20],
  ['xoxs-', 20],
  ['xapp-', 20],
  ['npm_', 36],
  ['pypi-', 30],
  ['hf_', 30],
  ['gsk_', 30],
  ['r8_', 30],
  ['dop_v1_', 40],
  ['shpat_', 30],
  ['shpss_', 30],
  ['dapi', 36],
  ['hvs-', 24],
  ['SK', 34],
  ['key-', 32],
  ['lin_api_', 30],
  ['glc_', 30],
  ['glsa_', 30],
];
const BY_FIRST_TWO: ReadonlyMap<string, readonly (readonly [string, number])[]> = groupByFirstTwo();

function groupByFirstTwo(): Map<string, (readonly [string, number])[]> {
  const groups = new Map<string, (readonly [string, number])[]>();
  for (const entry of PREFIXES) {
    const key = entry[0].slice(0, 2);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** One class each and anchored, so linear; unbounded, as a rest left over would leak. */
const JWT_REST = /\.[\w-]{8,}\.[\w-]*/y;
/** The alphabet of bearer credentials (RFC 6750 section 2.1), of which a long token is only the first part. */
const CREDENTIAL_REST = /[\w.~+/-]*=*/y;

function endOfSecret(text: string, start: number, end: number): number {
  if (text.startsWith('eyJ', start)) {
    const stop = stickyEnd(JWT_REST, text, end);
    if (stop > end) return stop;
  }
  if (hasKnownPrefix(text, start, end)) return end;
  const left = text.slice(Math.max(0, start - 24), start);
  if (CREDENTIAL_BEFORE.test(left) && looksRandom(text, start, end)) return stickyEnd(CREDENTIAL_REST, text, end);
  return -1;
}

function hasKnownPrefix(text: string, start: number, end: number): boolean {
  const candidates = BY_FIRST_TWO.get(text.slice(start, start + 2));
  if (candidates === undefined) return false;
  return candidates.some(
    ([prefix, fewest]) => end - start >= fewest && text.startsWith(prefix, start) && looksRandom(text, start, end),
  );
}

/** What names a credential right before its value: `Bearer x`, `api_key = "x"`, `SG.x`, `ya29.x`, `AccountKey=x`. */
const CREDENTIAL_BEFORE =
  /(?:\bbearer |\bbasic |\b(?:api|access|secret|private|auth|account|client)[ _-]?(?:key|token|secret)["']?\s{0,2}[:=]\s{0,2}["']?|\b(?:token|secret|password|passwd|pwd)["']?\s{0,2}[:=]\s{0,2}["']?|\bSG\.|\bya29\.|\bhvs\.|:\/\/[\w.-]{1,12}:)$/i;

/** A key mixes digits and letters; `sk-learn-style-long-names` and rules of hyphens do not. */
function looksRandom(text: string, start: number, end: number): boolean {
  let digits = 0;
  let letters = 0;
  const stop = Math.min(end, start + 200);
  for (let i = start; i < stop; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) digits++;
    else if (code !== 45 && code !== 95) letters++;
  }
  return digits >= 2 && letters >= 2;
}

function stickyEnd(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

const PEM_BEGIN = '-----BEGIN ';
const PEM_END = '-----END ';

/** From the BEGIN line to the end of the END line; without an END line to the end of the text, as when cut off. */
function findPrivateKeys(text: string, out: FoundSpan[]): void {
  let from = 0;
  for (;;) {
    const start = text.indexOf(PEM_BEGIN, from);
    if (start < 0) return;
    from = start + PEM_BEGIN.length;
    if (!/^[A-Z ]{0,20}PRIVATE KEY/.test(text.slice(from, from + 40))) continue;
    const close = text.indexOf(PEM_END, from);
    const rest = close < 0 ? -1 : text.indexOf('-----', close + PEM_END.length);
    const end = rest < 0 ? text.length : rest + 5;
    out.push({ start, end, kind: 'secret' });
    from = end;
  }
}
