import type { Interaction } from '../domain/interaction';
import type { Field } from './fence';
import { type Need, requestIndex } from './needs';
import { normaliseForJudge } from './normalise';

/**
 * What a judge gets to see of an interaction, each text a field of its own: an instruction hidden in one message,
 * document or tool result cannot speak for another. Beyond the conversation and the answer only what the criteria
 * need. Nothing names the model that wrote the answer.
 *
 * @param budget longest text of one field; also of all messages, and of all documents, together.
 */
export function itemFields(
  interaction: Interaction,
  needs: ReadonlySet<Need>,
  budget: number,
  rival?: Interaction['output'],
): Field[] {
  const fields: Field[] = [];
  const single = (name: string, text: string): void => void fields.push(cutField(name, text, budget));
  if (needs.has('context')) {
    const documents = interaction.context.map(({ id, text }, i) => ({
      name: `context.${i + 1}`,
      text: `${id}\n${text}`,
    }));
    fields.push(...withMissing(fitInOrder(documents, budget), documents.length, 'documents'));
  }
  if (needs.has('facts') && interaction.facts !== null) single('facts', toJson(interaction.facts));
  if (needs.has('tools') && interaction.tools.length > 0) single('tools', toJson(interaction.tools));
  if (needs.has('output_schema') && interaction.outputSchema !== null) {
    single('output_schema', toJson(interaction.outputSchema));
  }
  if (needs.has('reference_answer') && interaction.referenceAnswer !== null) {
    single('reference_answer', interaction.referenceAnswer);
  }
  fields.push(...conversationFields(interaction, budget));
  const answer = (name: string, { text, toolCalls }: Interaction['output']): void => {
    single(name, text);
    if (toolCalls.length > 0) single(`${name}_tool_calls`, toJson(toolCalls));
  };
  answer('answer', interaction.output);
  if (rival !== undefined) answer('other_answer', rival);
  return fields;
}

/** True when a text is too long for the budget and a judge would see part of it, or not all of the documents and messages. */
export function isCut(fields: readonly Field[]): boolean {
  return fields.some(({ note }) => note !== null);
}

/** Earlier messages as `message.<n>.<role>`, the last user message as `request`, in the order of the conversation. */
function conversationFields({ input }: Interaction, budget: number): Field[] {
  const at = requestIndex(input);
  const texts = input.map(({ role, content }, i) => ({
    name: i === at ? 'request' : `message.${i + 1}.${role}`,
    text: content,
  }));
  // The latest messages say most about the request; the first one is often the product's own instruction.
  const [first, ...others] = texts.filter((_, i) => i !== at);
  const kept = texts.slice(Math.max(at, 0), at + 1).map(({ name, text }) => cutField(name, text, budget));
  if (first !== undefined) kept.push(cutField(first.name, first.text, Math.ceil(budget / 4)));
  kept.push(...fitInOrder(others.reverse(), Math.floor((budget * 3) / 4)));
  const byName = new Map(kept.map((field) => [field.name, field]));
  return withMissing(
    texts.flatMap(({ name }) => byName.get(name) ?? []),
    texts.length,
    'messages',
  );
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Whole texts while the budget lasts, then one cut to what is left. */
function fitInOrder(texts: readonly NamedText[], budget: number): Field[] {
  const fields: Field[] = [];
  let left = budget;
  for (const { name, text } of texts) {
    if (left <= 0) break;
    const field = cutField(name, text, left);
    fields.push(field);
    left -= field.text.length;
  }
  return fields;
}

/** States on the first field how many others did not fit. */
function withMissing(fields: readonly Field[], wanted: number, what: string): Field[] {
  const [first, ...others] = fields;
  const missing = wanted - fields.length;
  if (first === undefined || missing === 0) return [...fields];
  const remark = `${missing} ${what} not shown`;
  return [{ ...first, note: first.note === null ? remark : `${first.note}; ${remark}` }, ...others];
}

function cutField(name: string, text: string, budget: number): Field {
  const shown = normaliseForJudge(text, budget);
  return { name, text: shown, note: shown.length > budget ? 'middle left out' : null };
}

function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
