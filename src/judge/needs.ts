import type { Interaction, Message } from '../domain/interaction';
import type { CriterionOptions } from './options';

export type Need = CriterionOptions['requires'][number];

/** True when the interaction has everything that the criterion requires; otherwise the criterion is not applicable. */
export function isApplicable(criterion: CriterionOptions, interaction: Interaction): boolean {
  return criterion.requires.every((need) => has(interaction, need));
}

function has(interaction: Interaction, need: Need): boolean {
  switch (need) {
    case 'context':
      return interaction.context.length > 0;
    case 'facts':
      return interaction.facts !== null && interaction.facts !== undefined;
    case 'reference_answer':
      return interaction.referenceAnswer !== null;
    case 'tools':
      return interaction.tools.length > 0 || interaction.output.toolCalls.length > 0;
    case 'output_schema':
      return interaction.outputSchema !== null && interaction.outputSchema !== undefined;
    case 'conversation':
      return interaction.input.slice(0, requestIndex(interaction.input)).some(isTurn);
  }
}

/** Where the request stands that the answer answers: the last user message; -1 when there is none. */
export function requestIndex(input: readonly Message[]): number {
  return input.findLastIndex((message) => message.role === 'user');
}

function isTurn(message: Message): boolean {
  return message.role === 'user' || message.role === 'assistant';
}
