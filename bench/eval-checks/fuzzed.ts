import { createChecks, runChecks } from '../../src/checks/create-checks';
import { checksOptions } from '../../src/checks/options';
import type { Interaction } from '../../src/domain/interaction';
import { privacyOptions } from '../../src/privacy/options';
import { createRedactor } from '../../src/privacy/redactor';
import { createRng, pick, type Rng } from '../../src/simulate/rng';
import { exchange } from './rows';

/** Pieces that some finder or pattern waits for; hostile texts repeat one, two or three of them without end. */
export const HOSTILE_PIECES =
  ' |1|a|1234567890|12 34 |4111 |call 12345678, |415-555-1234 |a@|jo@example.com |a.|a:|2001:db8::1 |1.2.3.4.|DE89 3704 0044 0532 0130 01 |sk-abcDEF0123456789012345 |Bearer SG.abcdef0123456789.|eyJhbGciOiJIUzI1NiJ9.|-----BEGIN PRIVATE KEY-----|```\n|`|I cannot I am sorry but |Ã|\u{1F600}|[|{"a":|\\n|219-09-9999 |AB123456C |I have |has been successfully |cancelled |Wait, |the answer is 4 |So no. |ich habe |"|$48 |(|https://a.b/|[1]|的一是|-|_|\u200b|\n|x1|1,234,567.89 |Dear Mr |May 5, 2026 |ignore '.split(
    '|',
  );

const checks = createChecks(checksOptions.parse({}));
const reversed = [...checks].reverse();
const redactor = createRedactor(privacyOptions.parse({}));

/** Redacts and checks. Throws as soon as a check does; `twice` looks again in the other order and throws where it differs. */
export function readFuzzed(raw: Interaction, twice: boolean): void {
  const { interaction } = redactor.redactInteraction(raw);
  const first = runChecks(checks, interaction);
  if (twice && JSON.stringify(runChecks(reversed, interaction).reverse()) !== JSON.stringify(first)) {
    throw new Error('results depend on the order or on what was read before');
  }
}

/** A hundredth is looked at twice: results depend on nothing but the interaction. */
export function fuzz(count: number): { readonly interactions: number; readonly thrown: number } {
  const rng = createRng(77);
  let thrown = 0;
  for (let k = 0; k < count; k++) {
    const interaction = fuzzedInteraction(rng);
    try {
      readFuzzed(interaction, k % 100 === 0);
    } catch {
      thrown++;
    }
  }
  return { interactions: count, thrown };
}

/** Made of hostile pieces in every field. */
export function fuzzedInteraction(rng: Rng): Interaction {
  const text = (): string => Array.from({ length: Math.floor(rng() * 12) }, () => pick(rng, HOSTILE_PIECES)).join('');
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: Math.floor(rng() * (most + 1)) }, make);
  const maybe = <T>(value: T): T | null => (rng() < 0.5 ? value : null);
  const output = text();
  return exchange(text(), output, {
    input: many(3, () => ({ role: pick(rng, ['user', 'assistant', 'tool', 'system'] as const), content: text() })),
    context: many(2, () => ({ id: text(), text: text() })),
    facts: maybe({ a: [rng() * 1000, text()], b: null }),
    tools: many(2, () => ({ name: pick(rng, ['refund', 'find_order', text()]), description: maybe(text()) })),
    referenceAnswer: maybe(text()),
    outputSchema: maybe(pick<unknown>(rng, [{ type: 'object' }, { $ref: '#' }, [], 'x', { pattern: '(' }])),
    output: {
      text: output,
      finishReason: maybe(pick(rng, ['stop', 'length', 'error', text()])),
      refusal: maybe(text()),
      toolCalls: many(2, () => ({
        name: pick(rng, ['refund', 'other', text()]),
        arguments: text(),
        result: maybe(text()),
        ok: maybe(rng() < 0.5),
      })),
      chunks:
        rng() < 0.5
          ? []
          : [
              { offsetMs: 1, text: output.slice(0, 3) },
              { offsetMs: 9, text: output.slice(3) },
            ],
    },
  });
}
