/** Of one text at a time. */
let units = new Uint16Array(4096);

/** From a code unit and its place to what stands for it: another code unit, or `DROPPED`. */
export type CodeMap = (code: number, at: number) => number;
export const DROPPED = -1;

/** The text with every UTF-16 code unit mapped: a fixed cost for each, where `replace` costs more for each that differs. */
export function recode(text: string, map: CodeMap): string {
  const size = text.length;
  let same = 0;
  while (same < size && map(text.charCodeAt(same), same) === text.charCodeAt(same)) same++;
  if (same === size) return text;
  if (units.length < size) units = new Uint16Array(2 * size);
  for (let at = 0; at < same; at++) units[at] = text.charCodeAt(at);
  let length = same;
  for (let at = same; at < size; at++) {
    const code = map(text.charCodeAt(at), at);
    if (code !== DROPPED) units[length++] = code;
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString('utf16le');
}
