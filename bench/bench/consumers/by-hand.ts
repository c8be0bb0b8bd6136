import { Counter, Registry } from 'prom-client';
import { createChecks } from '../../../src/checks/create-checks';
import { checksOptions } from '../../../src/checks/options';
import type { Interaction } from '../../../src/domain/interaction';
import { createTestKafka } from '../../../test/support/kafka/test-kafka';
import { type Consume, FETCH } from './consumer';

/**
 * What a person writes in an afternoon: `eachMessage`, `JSON.parse`, the same checks, counters with labels. No
 * redaction, no verdict, no record of what was seen: it can count, and cannot say afterwards what it counted.
 */
export const consumeByHand: Consume = (job, stopwatch) => consume(job, stopwatch, () => undefined);

/** The same with personal data replaced first by the regular expressions that one finds for it. */
export const consumeByHandRedacting: Consume = (job, stopwatch) => consume(job, stopwatch, redact);

type Json = Readonly<Record<string, unknown>>;

async function consume(
  { brokers, topic, groupId, records }: Parameters<Consume>[0],
  stopwatch: Parameters<Consume>[1],
  prepare: (interaction: Json) => void,
): Promise<void> {
  const consumer = createTestKafka(brokers)
    .client()
    .consumer({ groupId, ...FETCH });
  const checks = createChecks(checksOptions.parse({}));
  const registry = new Registry();
  const registers = [registry];
  const seen = new Counter({ name: 'records', help: 'x', labelNames: ['product', 'model'], registers });
  const checked = new Counter({ name: 'checks', help: 'x', labelNames: ['check', 'result', 'product'], registers });
  consumer.on(consumer.events.GROUP_JOIN, () => stopwatch.start());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let counted = 0;
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      autoCommit: false,
      eachMessage: ({ message }) => {
        const json = JSON.parse(message.value?.toString('utf8') ?? '') as Json;
        prepare(json);
        const interaction = toInteraction(json);
        const product = interaction.segments['product'] ?? '';
        seen.inc({ product, model: interaction.producer.model });
        for (const check of checks) {
          const { result } = check.run(interaction);
          checked.inc({ check: check.name, result, product });
        }
        counted += 1;
        if (counted >= records) resolve();
        return Promise.resolve();
      },
    });
  });
  stopwatch.stop();
  await consumer.disconnect();
}

/** The few names that differ; everything else is taken as it comes. */
function toInteraction(json: Json): Interaction {
  const output = json['output'] as Json;
  return {
    ...json,
    interactionId: json['interaction_id'],
    conversationId: json['conversation_id'],
    turnIndex: json['turn_index'],
    occurredAt: json['occurred_at'],
    referenceAnswer: json['reference_answer'],
    outputSchema: json['output_schema'],
    output: { ...output, finishReason: output['finish_reason'], toolCalls: output['tool_calls'] },
  } as unknown as Interaction;
}

interface Texts {
  readonly input: { content: string }[];
  readonly context: { text: string }[];
  readonly output: { text: string };
}

function redact(json: Json): void {
  const { input, context, output } = json as unknown as Texts;
  for (const message of input) message.content = replaceAll(message.content);
  for (const document of context) document.text = replaceAll(document.text);
  output.text = replaceAll(output.text);
}

/** The usual ones: e-mail, phone, card, IBAN, IPv4, IPv6, keys. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/[\w.%+-]+@[\w.-]+\.[A-Za-z]{2,}/g, '[email]'],
  [/(?:\+?\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{3,4}[ .-]?\d{3,4}\b/g, '[phone]'],
  [/\b(?:\d[ -]?){13,19}\b/g, '[card]'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b/g, '[iban]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[ip]'],
  [/\b(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{1,4}\b/gi, '[ip]'],
  [/\b(?:sk|pk|ghp|xoxb)[-_][\w-]{16,}|\bAKIA[A-Z0-9]{16}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[secret]'],
];

function replaceAll(text: string): string {
  let out = text;
  for (const [pattern, placeholder] of PATTERNS) out = out.replace(pattern, placeholder);
  return out;
}
