import { createHmac } from 'node:crypto';
import type { Chunk, ContextDocument, Message, Output, ToolCall } from '../domain/interaction';
import { compilePatterns } from './custom-patterns';
import { isJsonText, jsonReplacements, type RedactString } from './json-text';
import type { PrivacyOptions } from './options';
import type { Redactor } from './port';
import { createPlainRedactor, type OnRedaction, type RedactPlain } from './redact-text';
import { redactFacts } from './redact-facts';
import { applyReplacements, type CutText } from './replace';

/**
 * Redaction of everything a producer, a user or a model wrote: messages, context, facts, answer, refusal, tool calls,
 * reference answer and streamed chunks. Ids, segments, names of tools and schemas stay. With `userHashSalt` the user
 * hash is hashed again (HMAC-SHA-256, hex), so that it cannot be joined with the producer's own.
 */
export function createRedactor(options: PrivacyOptions, userHashSalt?: string): Redactor {
  const plain = createPlainRedactor(options, compilePatterns(options));
  return {
    redactText: (text) => redactCut(plain, whole(text), ignoreRedaction).text,
    redactInteraction: (interaction) => {
      const counts = new Map<string, number>();
      const onRedaction: OnRedaction = (kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const redact: RedactString = (text) => redactCut(plain, whole(text), onRedaction).text;
      return {
        interaction: {
          ...interaction,
          userHash: saltedHash(interaction.userHash, userHashSalt),
          input: mapKeeping(interaction.input, (message) => redactMessage(message, redact)),
          context: mapKeeping(interaction.context, (document) => redactDocument(document, redact)),
          facts: redactFacts(interaction.facts, redact),
          referenceAnswer: interaction.referenceAnswer === null ? null : redact(interaction.referenceAnswer),
          output: redactOutput(interaction.output, redact, plain),
        },
        counts: [...counts]
          .map(([kind, count]) => ({ kind, count }))
          .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)),
      };
    },
  };
}

const ignoreRedaction: OnRedaction = () => undefined;

const NO_CUTS: readonly number[] = [];

function whole(text: string): CutText {
  return { text, cuts: NO_CUTS };
}

function redactCut(plain: RedactPlain, from: CutText, onRedaction: OnRedaction): CutText {
  if (from.text === '') return from;
  if (!isJsonText(from.text)) return plain(from, onRedaction);
  const replacements = jsonReplacements(from.text, (content) => plain(whole(content), onRedaction).text);
  return applyReplacements(from, replacements);
}

function redactMessage(message: Message, redact: RedactString): Message {
  const content = redact(message.content);
  return content === message.content ? message : { ...message, content };
}

function redactDocument(document: ContextDocument, redact: RedactString): ContextDocument {
  const text = redact(document.text);
  return text === document.text ? document : { ...document, text };
}

function redactOutput(output: Output, redact: RedactString, plain: RedactPlain): Output {
  return {
    ...output,
    text: redact(output.text),
    refusal: output.refusal === null ? null : redact(output.refusal),
    toolCalls: mapKeeping(output.toolCalls, (call) => redactToolCall(call, redact)),
    chunks: redactChunks(output.chunks, plain),
  };
}

function redactToolCall(call: ToolCall, redact: RedactString): ToolCall {
  return { ...call, arguments: redact(call.arguments), result: call.result === null ? null : redact(call.result) };
}

/**
 * A secret split across chunks must not leak, so the joined text is redacted and cut again at the same places: a
 * placeholder goes whole into the chunk where the original began. Not counted, as chunks repeat `output.text`.
 */
function redactChunks(chunks: readonly Chunk[], plain: RedactPlain): readonly Chunk[] {
  if (chunks.length === 0) return chunks;
  const starts: number[] = [];
  let length = 0;
  for (const chunk of chunks) {
    starts.push(length);
    length += chunk.text.length;
  }
  const joined = chunks.map((chunk) => chunk.text).join('');
  const redacted = redactCut(plain, { text: joined, cuts: starts }, ignoreRedaction);
  if (redacted.text === joined) return chunks;
  return chunks.map((chunk, k) => ({
    offsetMs: chunk.offsetMs,
    text: redacted.text.slice(redacted.cuts[k], redacted.cuts[k + 1]),
  }));
}

function saltedHash(userHash: string | null, salt: string | undefined): string | null {
  if (userHash === null || salt === undefined || salt === '') return userHash;
  return createHmac('sha256', salt).update(userHash).digest('hex');
}

function mapKeeping<T>(items: readonly T[], redact: (item: T) => T): readonly T[] {
  return items.length === 0 ? items : items.map(redact);
}
