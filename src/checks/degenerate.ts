import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'degenerate';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/**
 * Openings that promise an answer and give none. Judges pass them up to nine times in ten, and neither reasoning nor
 * voting helps (arXiv:2507.08794, "master keys"). Letters and digits only, lower case.
 */
const OPENERS = new Set(
  `solution|the solution|answer|the answer|the answer is|the final answer is|final answer|my answer is|here is the answer|
here is my answer|here is the solution|here is a solution|here is the response|here you go|thought process|thinking process|
reasoning|reasoning process|explanation|step by step|step 1|first|lets think|lets think step by step|let me think|
let us think step by step|lets solve this|lets solve this problem|lets solve this problem step by step|
lets solve this step by step|let us solve this problem step by step|to solve this problem|to answer this question|
to solve this problem we need to|we need to find|we need to|i will think step by step|sure|sure thing|certainly|of course|
absolutely|ok|okay|okay lets see|alright|understood|got it|great question|good question|that is a great question|
thank you for your question|as an ai language model|as an ai|i understand|done|complete|completed|response|output|result|
results|conclusion|in conclusion|therefore|thus|hence|so|well|hmm|yes i can help with that|i can help with that|
happy to help|id be happy to help|i would be happy to help|id be happy to help with that|sure i can help with that|
sure here it is|sure here is the answer|certainly here is the answer|see above|as above|as requested|please see below|
below is the answer|the following is the answer|na|none|null|undefined|nan|todo|tbd|placeholder|n a|lorem ipsum|test|assistant|
user|system|text|string|your answer here|insert answer here|answer goes here|response here|object object|no response|
lösung|die lösung|antwort|solución|respuesta|la respuesta es|réponse|solution finale|soluzione|risposta|resposta|
答案|解|解答|解决方案|思考过程|回答|かいせつ|解説|해설|답|정답|रेस्पांस|समाधान|उत्तर|решение|ответ|الحل|الجواب`
    .replace(/\n/g, '')
    .split('|'),
);

/** Longer texts are looked at by `repetition` and `injection`. */
const LONGEST = 700;
/** Shorter than any answer that says something beside its opener. */
const LONGEST_OPENER = 80;
/** A whole answer that is a grade for itself. */
const SCORE_ALONE =
  /^(?:(?:my |the |final |overall )?(?:score|grade|rating|mark|verdict|evaluation|result|judge?ment|status|pass|passed|winner|correct|label)s?["']? ?(?:is|[:=-]) ?["']?(?:\d{1,3}(?:\.\d+)?(?: ?(?:\/|out of) ?\d{1,3}|%)?|pass(?:ed)?|true|yes|correct|a\+?|b|excellent|perfect|full marks)|(?:\d{1,3}(?:\.\d+)? ?(?:\/|out of) ?\d{1,3})|\[\[ ?[a-z0-9>=]{1,6} ?\]\]|(?:full|perfect) (?:marks|score)|pass(?:ed)?|this (?:answer|response) (?:is correct|passes))$/;

export const degenerate: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning:
    'The answer has content of its own: not only marks, one token over and over, an opener without an answer, or a grade for itself.',
  example: '`Solution:` fails with detail `opener`; `...!!!` with `marks`; `{"score": 10}` with `score`.',
  falsePositives: 'Products that rightly answer with an emoji, or `Sure.` before a tool call (not applicable then).',
  run: ({ output }) => {
    if (output.toolCalls.length > 0 || output.refusal !== null) return notApplicable('tool_calls_or_refusal');
    const kind = degeneracyOf(output.text);
    return kind === null ? pass() : fail(kind);
  },
};

export type Degeneracy = 'empty' | 'marks' | 'repeated' | 'opener' | 'score';

/** Why a whole text is no answer; null when it may be one. */
export function degeneracyOf(text: string): Degeneracy | null {
  if (text.length > LONGEST || isOrdinary(text)) return null;
  const plain = text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\p{Co}\p{Cn}\p{Surrogate}\u115f\u1160\u2800\u3164\uffa0\u034f\ufe00-\ufe0f]/gu, (char) =>
      /[\t\n\r]/.test(char) ? ' ' : '',
    )
    .trim()
    .toLowerCase();
  if (plain === '') return 'empty';
  if (!/[\p{L}\p{N}]/u.test(plain)) return 'marks';
  if (isOneToken(plain)) return 'repeated';
  if (plain.length > LONGEST_OPENER) return scoreObject(plain);
  const words = plain
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  if (OPENERS.has(words)) return 'opener';
  const bare = plain.replace(/^[\s"'*_#>([{<-]+|[\s"'*_.!)\]}>:,;-]+$/gu, '');
  const bracketed = plain.replace(/\s+/g, ' ');
  return SCORE_ALONE.test(bare) || SCORE_ALONE.test(bracketed) ? 'score' : scoreObject(plain);
}

const TWO_WORDS = /^([A-Za-z0-9]+)[^A-Za-z0-9]+([A-Za-z0-9]+)/;

/** Plain words too long for an opener, the first two of them different: spares most texts the search for disguises. */
function isOrdinary(text: string): boolean {
  if (!/^[\t\n\r\x20-\x7e]{81,}$/.test(text) || text.trim().length <= LONGEST_OPENER) return false;
  const [, first, second] = TWO_WORDS.exec(text) ?? [];
  return first?.toLowerCase() !== second?.toLowerCase();
}

/** `aaaa aaaa`, `lol lol lol`, `0000000`: one token said at least four times and nothing else. */
function isOneToken(plain: string): boolean {
  const tokens = plain.split(/[^\p{L}\p{M}\p{N}]+/u).filter((token) => token !== '');
  if (tokens.length >= 4 && new Set(tokens).size === 1) return true;
  const [only] = tokens;
  return tokens.length === 1 && /^(.{1,4}?)\1{5,}$/u.test(only ?? '') && !/^\d{1,12}$/.test(only ?? '');
}

/** An object whose keys are all of a verdict's. */
function scoreObject(plain: string): Degeneracy | null {
  const [body] = /^(?:```(?:json)?\s*)?\{[^{}]{1,600}\}(?:\s*```)?$/.exec(plain) ?? [];
  const keys = [...(body ?? '').matchAll(/["']([\w ]{1,30})["']\s*:/g)].map(([, key]) => key ?? '');
  const ofVerdicts =
    /^(?:score|pass|passed|verdict|grade|rating|reason|reasoning|rationale|explanation|confidence|is_correct|correct|winner|result|label|evaluation|nonce|criteria|feedback|judgement|judgment)$/;
  const named = keys.some((key) => /^(?:score|pass|passed|verdict|grade|rating|is_correct|correct|winner)$/.test(key));
  return named && keys.every((key) => ofVerdicts.test(key)) ? 'score' : null;
}
