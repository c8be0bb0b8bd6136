import type { FoundSpan } from './span';

/** A capitalised word of any Latin script, with inner hyphens and apostrophes; or an initial. */
const PART = "(?:\\p{Lu}[\\p{L}\\p{M}]{1,20}(?:['’-]\\p{Lu}?[\\p{L}\\p{M}]{1,20}){0,2}|\\p{Lu}\\.?)";
const NAME = `(${PART}(?: (?:van |von |de |del |di |da |der |el |al-|bin |la |le ){0,2}${PART}){0,3})`;

/**
 * What says that a name follows. Each is one literal with bounded parts, so linear. A name without such words beside it
 * is not found: that takes a model of the language, which this is not.
 */
const CUES: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])(?:Mrs?|Ms|Miss|Dr|Prof|Sir|Madam|Mister|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Sra?|Signora?|Sig|Dott|Senhora?|Mevrouw|Meneer)\\.? ${NAME}`,
    'gu',
  ),
  new RegExp(
    `(?:[Mm]y name(?:['’]s| is)|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Jj]e m['’]appelle|[Mm]e llamo|[Mm]i nombre es|[Mm]i chiamo|[Mm]eu nome é|[Mm]ijn naam is|\\b(?:named|called)) ${NAME}`,
    'gu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:Dear|Hi|Hello|Hey|Liebe[r]?|Hallo|Cher|Chère|Bonjour|Hola|Estimad[oa]|Ciao|Gentile|Caro|Cara|Olá|Beste) ${NAME}(?=[,!:\\n])`,
    'gu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:[Nn]ame|[Cc]ustomer|[Pp]assenger|[Pp]atient|[Cc]ontact|Attn|[Ss]igned|[Rr]ecipient|Nom|Nombre|Kunde)s?: ?${NAME}`,
    'gu',
  ),
  new RegExp(
    `(?:[Rr]egards|[Ss]incerely|[Cc]heers|Yours|[Gg]rüße|[Gg]rüßen|[Cc]ordialement|[Ss]aludos|[Ss]aluti),?\\n{1,2}${NAME}`,
    'gu',
  ),
];

/** Words that stand where a name could: salutations to no one and beginnings of sentences. */
const NO_NAME =
  /^(?:All|Sir|Madam|Team|Customer|Friends?|Everyone|There|Valued|Hiring|Colleagues?|The|This|Your?|I|It|We|In|On|At|A)\b/;

/** Names of people right after words that announce one. Off by default; see docs for how many that finds. */
export function findNames(text: string, out: FoundSpan[]): void {
  for (const cue of CUES) {
    cue.lastIndex = 0;
    for (let hit = cue.exec(text); hit !== null; hit = cue.exec(text)) {
      const name = hit[1] ?? '';
      if (name === '' || NO_NAME.test(name)) continue;
      const end = hit.index + hit[0].length;
      out.push({ start: end - name.length, end, kind: 'name' });
    }
  }
}
