import type { Interaction } from '../../src/domain/interaction';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { createRng, pick, type Rng } from '../../src/simulate/rng';

export type Format = 'avro' | 'json';

/** A message of the interactions topic. */
export interface Encoded {
  readonly key: string;
  readonly value: Buffer;
}

/** The Avro schema id under which a registry serves our interaction schema to the consumers. */
export const SCHEMA_ID = 1;

/** Texts are made once and used again under other ids: the consumers see as many ids as records. */
const DISTINCT = 400;
const START = 1_772_442_000_000;

const codec = createRecordCodec('interaction');

/** What a registry has to say about `SCHEMA_ID`. */
export const interactionSchema = (): unknown => codec.schemaJson();

/**
 * Seeded support conversations of English words in sentences: about a third context document, a third answer, the rest
 * instructions and question, some numbers, personal data in three of a hundred. Each encoded value has about `bytes`.
 */
export function makeTraffic(seed: number, count: number, bytes: number, format: Format): Encoded[] {
  const rng = createRng(seed);
  const overhead = encode(makeInteraction(rng, 0, 0), format).length;
  const templates = Array.from({ length: Math.min(count, DISTINCT) }, (_, index) =>
    makeInteraction(rng, index, Math.max(60, bytes - overhead)),
  );
  return Array.from({ length: count }, (_, index) => {
    const template = pick(rng, templates);
    const conversationId = `c-${Math.floor(index / 3)}`;
    const ids = { interactionId: `i-${seed}-${index}`, conversationId, turnIndex: index % 3 };
    return { key: conversationId, value: encode({ ...template, ...ids, occurredAt: START + index }, format) };
  });
}

/** One interaction whose texts have `characters` together. */
export function makeInteraction(rng: Rng, index: number, characters: number): Interaction {
  const share = (part: number): string => prose(rng, Math.floor(characters * part));
  const model = pick(rng, ['gpt-4.1-mini', 'claude-sonnet-4']);
  return {
    interactionId: `i-${index}`,
    conversationId: `c-${index}`,
    conversationKnown: true,
    turnIndex: 0,
    userHash: `u-${index % 97}`,
    occurredAt: START,
    producer: { provider: 'acme', model, modelVersion: null, route: 'primary', release: 'r7', promptVersion: 'p3' },
    experiments: [],
    segments: { product: pick(rng, ['support', 'search', 'billing']), locale: 'en' },
    input: [
      { role: 'system', content: share(0.15) },
      { role: 'user', content: share(0.18) + (rng() < 0.03 ? pick(rng, PERSONAL) : '') },
    ],
    context: [{ id: 'returns.md', text: share(0.33) }],
    facts: null,
    tools: [],
    referenceAnswer: null,
    outputSchema: null,
    output: { text: share(0.34), finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
    usage: { inputTokens: 640, outputTokens: 320, costUsd: null, latencyMs: 840, ttftMs: 190 },
    upstreamSampling: { probability: 1, scheme: null },
    trace: null,
  };
}

function encode(interaction: Interaction, format: Format): Buffer {
  if (format === 'json') return Buffer.from(JSON.stringify(codec.toJson(interaction)));
  const head = Buffer.alloc(5);
  head.writeInt32BE(SCHEMA_ID, 1);
  return Buffer.concat([head, codec.encode(interaction)]);
}

/** Exactly `characters` of sentences of 5 to 17 words, common words oftener than rare ones. */
function prose(rng: Rng, characters: number): string {
  let text = '';
  while (text.length < characters) {
    const words = Array.from({ length: 5 + Math.floor(rng() * 13) }, () => word(rng));
    const sentence = words.join(' ');
    text += `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${pick(rng, ['.', '.', '.', '?', ':', '!'])} `;
  }
  return text.slice(0, characters);
}

function word(rng: Rng): string {
  if (rng() < 0.02) return String(Math.floor(rng() * 100_000));
  return WORDS[Math.floor(WORDS.length * rng() * rng())] ?? '';
}

const PERSONAL = [' Write to jo.miller@example.com.', ' Call +49 30 901820.', ' Card 4111 1111 1111 1111.'];

const WORDS = (
  'the to and of a you your is in for we it that will not on this be with are can if or from please have our as by at order ' +
  'but do address account was which any one has parcel time card payment email when then there so all would about been them ' +
  'delivery return refund day may change need new also after only within more days other their an back was first what up out ' +
  'use item customer service label number send shipping open page before money contact working store help again between ' +
  'invoice amount plan business month sign password settings button choose click date receive confirm confirmation track ' +
  'tracking courier warehouse package damaged replaced original product colour size stock available price discount code ' +
  'subscription renew cancel cancelled trial billing credit bank transfer processed expected usually three five weekday ' +
  'weekend holiday morning evening country region customs duty tax included separate request form fill attach picture ' +
  'photograph quality complaint manager review response promised apologise inconvenience understand situation explain ' +
  'possible however although because therefore whether unless until during through across against without another several ' +
  'already always never sometimes often immediately currently recently previously further additional information details ' +
  'instructions following steps website application device browser notification message telephone support assistant agreement'
).split(' ');
