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
  for (let group = 0; group < scan.groups.count; group++) {
    const digits = scan.groups.start(group);
    const start = digits - 2;
    if (start < 0 || !isWordAt(text, start) || !isWordAt(text, start + 1) || continuesWord(text, start)) continue;
    const length = LENGTHS.get(text.slice(start, digits).toUpperCase());
    if (length === undefined) continue;
    const end = endOfIban(text, start, length);
    if (end > 0) out.push({ start, end, kind: 'iban' });
  }
}

/** Position after the IBAN that starts here, or -1. The check sum is taken on the fly, the first four characters last. */
function endOfIban(text: string, start: number, length: number): number {
  let remainder = 0;
  let taken = 0;
  let i = start;
  for (; taken < length; i++) {
    const code = text.charCodeAt(i);
    const value = valueOf(code);
    if (value >= 0) {
      if (taken >= 4) remainder = feed(remainder, value);
      taken++;
    } else if ((code !== 0x20 && code !== 0x2d) || taken < 4 || valueOf(text.charCodeAt(i - 1)) < 0) {
      return -1;
    }
  }
  if (isWordAt(text, i)) return -1;
  for (let k = start; k < start + 4; k++) remainder = feed(remainder, valueOf(text.charCodeAt(k)));
  return remainder === 1 ? i : -1;
}

/** ISO 7064 MOD 97-10; letters have two digits. */
function feed(remainder: number, value: number): number {
  return (remainder * (value > 9 ? 100 : 10) + value) % 97;
}

/** 0 to 9, A to Z as 10 to 35; -1 for anything else, the end of the text included. */
function valueOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const upper = code & ~32;
  return upper >= 65 && upper <= 90 ? upper - 55 : -1;
}
