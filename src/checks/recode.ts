/** Of one text at a time. */
let units = new Uint16Array(4096);

/** Room for a text of so many UTF-16 code units, until the next call. Writing there costs less than parts of a text. */
export function unitsFor(size: number): Uint16Array {
  if (units.length < size) units = new Uint16Array(2 * size);
  return units;
}

export function textOfUnits(from: Uint16Array, size: number): string {
  return Buffer.from(from.buffer, 0, 2 * size).toString('utf16le');
}

/** From a code unit and its place to what stands for it: another code unit, or `DROPPED`. */
export type CodeMap = (code: number, at: number) => number;
export const DROPPED = -1;

/** The text with every UTF-16 code unit mapped: a fixed cost for each, where `replace` costs more for each that differs. */
export function recode(text: string, map: CodeMap): string {
  const size = text.length;
  let same = 0;
  while (same < size && map(text.charCodeAt(same), same) === text.charCodeAt(same)) same++;
  if (same === size) return text;
  const to = unitsFor(size);
  for (let at = 0; at < same; at++) to[at] = text.charCodeAt(at);
  let length = same;
  for (let at = same; at < size; at++) {
    const code = map(text.charCodeAt(at), at);
    if (code !== DROPPED) to[length++] = code;
  }
  return textOfUnits(to, length);
}
