import type { Interaction } from '../domain/interaction';
import { guessLanguage, type LanguageGuess } from '../signals/language';
import { lastUserMessage } from '../signals/turn-signals';
import { LANGUAGE_NAMES } from './language-names';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'language_switch';
const VERSION = 2;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export const languageSwitch: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning: "The answer is in the language of the user's last message.",
  example: 'A question in German answered in English fails with detail `user=de answer=en`.',
  falsePositives:
    'Foreign words quoted at length. Short texts, code, and conversations that name a language or ask for a translation are not applicable.',
  run: (interaction) => {
    const { text } = interaction.output;
    const message = lastUserMessage(interaction);
    if (message === null || text.length < SHORTEST || message.length < SHORTEST) return notApplicable('too_short');
    const answer = sure(guessLanguage(text, SAMPLE));
    if (answer === null) return notApplicable('unsure');
    const user = sure(guessLanguage(message, SAMPLE));
    if (user === null) return notApplicable('unsure');
    if (user === answer) return pass();
    // Asked only now: most answers never come here.
    if (namesALanguage(interaction)) return notApplicable('language_named');
    return fail(`user=${user} answer=${answer}`, { start: 0, end: text.length });
  },
};

const SHORTEST = 12;
/** Some seventy words tell a language; the rest would double the cost of all checks. */
const SAMPLE = 400;
const LEAST_EVIDENCE = 4;
const LEAST_SHARE = 0.15;
const LEAST_MARGIN = 2.5;

function sure(guess: LanguageGuess | null): string | null {
  if (guess === null || guess.evidence < LEAST_EVIDENCE || guess.margin < LEAST_MARGIN) return null;
  return guess.evidence >= guess.words * LEAST_SHARE ? guess.language : null;
}

function namesALanguage(interaction: Interaction): boolean {
  return interaction.input.some(({ role, content }) => {
    if (role !== 'user' && role !== 'system') return false;
    // Instructions stand at either end of a long message.
    return LANGUAGE_NAMES.test(content.slice(0, 4000)) || LANGUAGE_NAMES.test(content.slice(-1000));
  });
}
