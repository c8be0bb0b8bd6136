import type { Interaction } from '../domain/interaction';
import type { TurnSignals } from '../domain/ledger-record';
import { detectLanguage } from './language';
import { markersOf } from './markers';
import { sketchOf } from './sketch';
import { messageWords } from './words';

/** What the user's last message says without its text. Pure and total; bounded work however long the message. */
export function turnSignals(interaction: Interaction): TurnSignals {
  const message = lastUserMessage(interaction);
  const words = message === null ? '' : messageWords(message);
  return {
    markers: message === null ? [] : markersOf(words),
    userLength: message === null ? 0 : message.length,
    answerLength: interaction.output.text.length,
    userSketch: message === null ? '' : sketchOf(words),
    language: message === null ? null : detectLanguage(message),
  };
}

/** Null when no message is the user's. */
export function lastUserMessage(interaction: Interaction): string | null {
  for (let i = interaction.input.length - 1; i >= 0; i--) {
    const message = interaction.input[i];
    if (message?.role === 'user') return message.content;
  }
  return null;
}
