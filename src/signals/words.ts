/** Letters and digits of any script, lower-cased, parted by single spaces and wrapped in them: ` i said no `. */
export function spacedWords(text: string): string {
  const lower = text.toLowerCase();
  let out = ' ';
  let start = -1;
  for (let i = 0; i <= lower.length; i++) {
    const code = i < lower.length ? lower.charCodeAt(i) : 0;
    if (isWordCode(code)) {
      if (start < 0) start = i;
      continue;
    }
    // An apostrophe inside a word goes, so that `don't` and `dont` are one.
    if (start >= 0 && (code === 0x27 || code === 0x2019)) {
      out += lower.slice(start, i);
      start = i + 1;
      if (!isWordCode(i + 1 < lower.length ? lower.charCodeAt(i + 1) : 0)) {
        out += ' ';
        start = -1;
      }
      continue;
    }
    if (start >= 0) {
      out += lower.slice(start, i) + ' ';
      start = -1;
    }
  }
  return out;
}

function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  // General and CJK punctuation, arrows, symbols, full-width marks; everything else is taken for a letter.
  if (code >= 0x2000 && code <= 0x2bff) return false;
  if (code >= 0x3000 && code <= 0x303f) return false;
  return !(code >= 0xff00 && code <= 0xff0f) && code !== 0xd7 && code !== 0xf7 && code !== 0xff1f && code !== 0xff1a;
}

/** Work per turn stays bounded; both ends of a longer message are read. */
const LONGEST_READ = 2000;

/** The words of a message as all signals read them. */
export function messageWords(text: string): string {
  return spacedWords(headAndTail(text, LONGEST_READ));
}

/** The ends of a long text: where a turn says what it wants. */
export function headAndTail(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = most >> 1;
  return `${text.slice(0, half)} ${text.slice(text.length - half)}`;
}
