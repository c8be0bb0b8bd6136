/** How much of the end is looked at, and how much before it, characters. */
const TAIL = 160;
const BODY = 1200;
const FEWEST_ODDITIES = 4;
/** As many oddities before as this many per tail length: the text is code or notation all along. */
const USUAL = 1.5;

const ODD =
  /[a-z][\]})]{1,3}[a-z[{(]|[({[\\/|=<>%$#@^~]{2,}["'}\])\w]?|[\])}]{2,}|["'`]{2,}\W|[,;:]{2,}|\?{2,}\s[a-z]|[a-z]{2}[A-Z]{2,}[a-z]?|\w[=;]\{|[-_]{4,}\s\w/g;
const NOTATION = /```|\\\(|\\\[|\$\$|<\/?[a-z]+>\s|;\s*\n|https?:/;

/**
 * A tail of prose, code and brackets thrown together, as token searches leave it (GCG and the like): symbols that pair
 * with nothing, letters run into symbols. Only after prose: code looks like that from its first line.
 */
export function hasOddSuffix(text: string): boolean {
  if (text.length < 40) return false;
  const tail = text.slice(-TAIL);
  if (mostOddities(tail) < FEWEST_ODDITIES) return false;
  if (oddities(tail) < FEWEST_ODDITIES) return false;
  const body = text.slice(-TAIL - BODY, -TAIL);
  return oddities(body) * TAIL <= body.length * USUAL && !NOTATION.test(text.slice(-TAIL - BODY));
}

function oddities(text: string): number {
  return (text.match(ODD)?.length ?? 0) + unpaired(text);
}

/** No fewer than `oddities`, at the cost of one look at each character: prose ends here. */
function mostOddities(text: string): number {
  let count = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? (KIND[code] as number) : 0;
    // A bracket can be odd and unpaired as well.
    if (kind === BRACKET) count += 2;
    else if (kind === SYMBOL) count++;
    else if (kind === MARK && before === MARK) count++;
    else if (kind === CAPITAL && before === CAPITAL) count++;
    before = kind;
  }
  return count;
}

const [MARK, SYMBOL, BRACKET, CAPITAL] = [1, 2, 3, 4] as const;
const KIND = new Uint8Array(128);
for (const [kind, members] of [
  [MARK, '"\'`,;:?-_'],
  [SYMBOL, '\\/|=<>%$#@^~'],
  [BRACKET, '()[]{}'],
  [CAPITAL, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
] as const) {
  for (const member of members) KIND[member.charCodeAt(0)] = kind;
}

/** Brackets that close nothing or are never closed, of three kinds; list markers such as `1)` close nothing rightly. */
function unpaired(text: string): number {
  let count = 0;
  for (const [open, close] of BRACKETS) {
    let depth = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === open) depth++;
      else if (code === close && --depth < 0) {
        count++;
        depth = 0;
      }
    }
    count += depth;
  }
  return Math.max(0, count - (text.match(/(?:^|\s)\w{1,2}\)/g)?.length ?? 0));
}

const BRACKETS = ['()', '[]', '{}'].map((pair): readonly [number, number] => [pair.charCodeAt(0), pair.charCodeAt(1)]);
