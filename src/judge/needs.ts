import type { Interaction, Message } from '../domain/interaction';
import type { CriterionOptions } from './options';

/** A part of an interaction beyond request, conversation and answer. */
export type Need = CriterionOptions['requires'][number];

/** True when the interaction has everything that the criterion requires; otherwise the criterion is not applicable. */
export function isApplicable(criterion: CriterionOptions, interaction: Interaction): boolean {
  return criterion.requires.every((need) => has(interaction, need));
}

/** A part that the criterion cannot be judged without and the interaction does not have; null when none is missing. */
export function missingNeed({ needs }: CriterionOptions, interaction: Interaction): string | null {
  return needs.find((need) => !hasNeed(interaction, need)) ?? null;
}

/** What the decoder leaves in the place of a part without text, on a line of its own. */
const UNSEEN_PART =
  /^\[(?:image|image_url|input_image|image_file|audio|input_audio|audio_url|video|video_url|file|input_file|document|blob|uri)\]$/m;

/**
 * True when a message holds a part that judges cannot be shown. The answer is not looked at: what a producer writes must
 * not keep it from being judged.
 */
export function hasUnseenPart({ input }: Interaction): boolean {
  return input.some(({ role, content }) => role !== 'assistant' && content.includes('[') && UNSEEN_PART.test(content));
}

/** What judges are shown for these criteria, beyond request, conversation and answer. */
export function partsShown(criteria: readonly CriterionOptions[]): ReadonlySet<Need> {
  return new Set(criteria.flatMap(({ requires, needs }) => [...requires, ...needs.map(partOf)]));
}

const FACT = 'facts.';

function partOf(need: string): Need {
  return need.startsWith(FACT) ? 'facts' : (need as Need);
}

function hasNeed(interaction: Interaction, need: string): boolean {
  if (!need.startsWith(FACT)) return has(interaction, need as Need);
  let value = interaction.facts;
  for (const key of need.slice(FACT.length).split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value !== null;
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
