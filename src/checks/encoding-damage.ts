import type { Interaction } from '../domain/interaction';
import type { Span } from '../domain/check';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'encoding_damage';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export const encodingDamage: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning:
    'The answer holds no characters broken by a wrong decoding: replacement characters, mojibake, lone surrogates.',
  example: '`donâ€™t` or `caf\uFFFD` fails; the span is the first damaged place.',
  falsePositives: "Answers about encodings. Damage that is already in the input counts as the input's: not applicable.",
  run: (interaction) => {
    const found = findDamage(interaction.output.text);
    if (found === null) return pass();
    return inputIsDamaged(interaction) ? notApplicable('input_damaged') : fail(found.kind, found.span);
  },
};

interface Damage {
  readonly kind: 'replacement_character' | 'mojibake' | 'lone_surrogate' | 'control_character';
  readonly span: Span;
}

const BEYOND_ASCII = /[^\n\t\r\x20-\x7e]/g;

function findDamage(text: string): Damage | null {
  BEYOND_ASCII.lastIndex = 0;
  // The native scan passes plain English at memory speed; only the first odd character starts the careful one.
  if (!BEYOND_ASCII.test(text)) return null;
  for (let i = BEYOND_ASCII.lastIndex - 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code < 0x7f) continue;
    const found = damageAt(text, i, code);
    if (found !== null) return found;
    if (code >= 0xd800 && code <= 0xdbff) i++;
  }
  return null;
}

function damageAt(text: string, i: number, code: number): Damage | null {
  if (code === 0xfffd) return { kind: 'replacement_character', span: { start: i, end: i + 1 } };
  if (code >= 0xd800 && code <= 0xdfff) {
    const next = text.charCodeAt(i + 1);
    if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) return null;
    return { kind: 'lone_surrogate', span: { start: i, end: i + 1 } };
  }
  if (code < 0x20 && code !== 9 && code !== 10 && code !== 13 && code !== 12 && code !== 11) {
    return { kind: 'control_character', span: { start: i, end: i + 1 } };
  }
  const length = mojibakeLength(text, i, code);
  return length === 0 ? null : { kind: 'mojibake', span: { start: i, end: i + length } };
}

/** Windows-1252's characters for the bytes 0x80 to 0x9f. */
const CP1252: ReadonlySet<number> = new Set([...'€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'].map((char) => char.charCodeAt(0)));
const LOWEST_CP1252 = 0x152;

/**
 * Length of UTF-8 read as Latin-1 or Windows-1252 at `i`, or 0: a lead byte's character (`Â`, `Ã`, `â`, `ð`) followed by
 * as many characters of continuation bytes as that lead asks for. `Ã` before a letter, as in `SÃO`, is none.
 */
function mojibakeLength(text: string, i: number, code: number): number {
  const following =
    code >= 0xc2 && code <= 0xdf ? 1 : code >= 0xe0 && code <= 0xef ? 2 : code >= 0xf0 && code <= 0xf4 ? 3 : 0;
  if (following === 0) return 0;
  for (let k = 1; k <= following; k++) if (!isContinuation(text, i + k)) return 0;
  // One continuation is weak evidence for any lead but the two that UTF-8 text of Western languages produces.
  return following > 1 || code === 0xc2 || code === 0xc3 ? following + 1 : 0;
}

function isContinuation(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x80 && code <= 0xbf) || (code >= LOWEST_CP1252 && CP1252.has(code));
}

function inputIsDamaged(interaction: Interaction): boolean {
  return (
    interaction.input.some((message) => findDamage(message.content) !== null) ||
    interaction.context.some((document) => findDamage(document.text) !== null)
  );
}
