import { continuesWord, isWordAt, type TextScan } from './scan';
import type { FoundSpan } from './span';

/** Length of an IBAN by country, from the SWIFT IBAN registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** IBANs with a right check sum, written together or in groups parted by one space or hyphen, in either case. */
export function findIbans(text: string, scan: TextScan, out: FoundSpan[]): void {
  const groups = scan.digitGroups;
  for (let k = 0; k < groups.length; k += 2) {
    const digits = groups[k] ?? 0;
    const start = digits - 2;
    if (start < 0 || !isWordAt(text, start) || !isWordAt(text, start + 1) || continuesWord(text, start)) continue;
    const length = LENGTHS.get(text.slice(start, digits).toUpperCase());
    if (length === undefined) continue;
    const end = endOfIban(text, start, length);
    if (end > 0) out.push({ start, end, kind: 'iban' });
  }
}

function endOfIban(text: string, start: number, length: number): number {
  let remainder = 0;
  let head = '';
  let taken = 0;
  let i = start;
  while (taken < length && i < text.length) {
    const code = text.charCodeAt(i);
    if (isAsciiWord(code)) {
      if (taken < 4) head += text.charAt(i);
      else remainder = feed(remainder, text.charAt(i));
      taken++;
    } else if (!((code === 32 || code === 45) && taken >= 4 && i > start && isAsciiWord(text.charCodeAt(i - 1)))) {
      return -1;
    }
    i++;
  }
  if (taken < length || isWordAt(text, i)) return -1;
  for (const char of head) remainder = feed(remainder, char);
  return remainder === 1 ? i : -1;
}

/** ISO 7064 MOD 97-10, one character at a time; letters count 10 to 35. */
function feed(remainder: number, char: string): number {
  const value = parseInt(char, 36);
  return (remainder * (value > 9 ? 100 : 10) + value) % 97;
}

function isAsciiWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
