/** A number as written in a text. */
export interface WrittenNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
  /** Digits after the decimal mark: how exact it claims to be. */
  readonly decimals: number;
  readonly percent: boolean;
}

const NUMBER =
  /\d{1,3}(?:[,\u00a0\u202f']\d{3})+(?:\.\d{1,8})?|\d{1,3}(?:\.\d{3}){2,4}(?:,\d{1,8})?|\d{1,15}(?:[.,]\d{1,8})?/g;
const MAGNITUDE =
  /(?:[ -]?(thousand|million|billion|tausend|millionen|milliarden|mille|millions|milliards|mil|millones)|([kKmM])|([ \u00a0]?%| percent| Prozent| pour cent| por ciento))(?![\p{L}\d])/uy;
const SCALES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  tausend: 1e3,
  mille: 1e3,
  mil: 1e3,
  k: 1e3,
  million: 1e6,
  millionen: 1e6,
  millions: 1e6,
  millones: 1e6,
  m: 1e6,
  billion: 1e9,
  milliarden: 1e9,
  milliards: 1e9,
};

/**
 * Numbers that stand for themselves, in order: not parts of words or ids such as `A7` or `3rd-4x`. `1,234.5`, `1 234,5`
 * and `1.234.567` are one number each; a comma before one or two last digits is a decimal mark. At most `most`.
 */
export function writtenNumbers(text: string, most: number): readonly WrittenNumber[] {
  const found: WrittenNumber[] = [];
  NUMBER.lastIndex = 0;
  for (let hit = NUMBER.exec(text); hit !== null && found.length < most; hit = NUMBER.exec(text)) {
    const start = hit.index;
    let end = start + hit[0].length;
    if (isJoined(text, start - 1)) continue;
    MAGNITUDE.lastIndex = end;
    const magnitude = MAGNITUDE.exec(text);
    if (magnitude === null && isJoined(text, end)) continue;
    const scale = SCALES[(magnitude?.[1] ?? magnitude?.[2] ?? '').toLowerCase()] ?? 1;
    if (magnitude !== null) end = MAGNITUDE.lastIndex;
    const plain = plainOf(hit[0]);
    const negative = text.charAt(start - 1) === '-' && !/[\p{L}\d)\]]/u.test(text.charAt(start - 2));
    const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
    const value = Number(plain) * scale * (negative ? -1 : 1);
    found.push({
      value,
      start,
      end,
      decimals: scale === 1 ? decimals : decimals - Math.log10(scale),
      percent: magnitude?.[3] !== undefined,
    });
  }
  return found;
}

function plainOf(written: string): string {
  if (/^\d+,\d{1,2}$/.test(written)) return written.replace(',', '.');
  if (/^\d{1,3}(?:\.\d{3}){2,}/.test(written)) return written.replaceAll('.', '').replace(',', '.');
  return written.replace(/[,\u00a0\u202f']/g, '');
}

function isJoined(text: string, index: number): boolean {
  const char = text.charAt(index);
  return char !== '' && /[\p{L}\d_]/u.test(char);
}
