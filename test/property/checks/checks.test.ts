import fc from 'fast-check';
import { createChecks, runChecks } from '../../../src/checks/create-checks';
import { checksOptions } from '../../../src/checks/options';
import type { Interaction } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';

const checks = createChecks(checksOptions.parse({}));

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.json(),
  fc
    .array(
      fc.constantFrom(
        '```',
        '\n',
        'I cannot help',
        'I have refunded $48 to your card. ',
        'Wait, no, the answer is 1,234.5. ',
        '"four words in quotes" [3] https://a.example/b ',
        'ha',
        'Ã©',
        '\ufffd',
        '{"a":',
        '}',
        'der die das ',
        'the and of ',
        ' ',
        '漢字',
      ),
      {
        maxLength: 80,
      },
    )
    .map((pieces) => pieces.join('')),
);
const maybe = (value: fc.Arbitrary<string>) => fc.option(value, { nil: null });

const interactions: fc.Arbitrary<Interaction> = fc
  .record({
    input: fc.array(fc.record({ role: fc.constantFrom('user', 'system', 'assistant', 'tool'), content: text }), {
      maxLength: 3,
    }),
    context: fc.array(fc.record({ id: text, text }), { maxLength: 2 }),
    facts: fc.oneof(fc.constant(null), fc.jsonValue()),
    tools: fc.array(fc.record({ name: text, description: maybe(text) }), { maxLength: 2 }),
    outputSchema: fc.oneof(
      fc.constant(null),
      fc.jsonValue(),
      fc.constantFrom({ type: 'object' }, { $ref: '#' }, { minLength: 2 }),
    ),
    output: fc.record({
      text,
      finishReason: fc.oneof(maybe(text), fc.constantFrom('stop', 'length', 'error')),
      refusal: maybe(text),
      toolCalls: fc.array(
        fc.record({ name: text, arguments: text, result: maybe(text), ok: fc.constantFrom(null, true, false) }),
        {
          maxLength: 2,
        },
      ),
      chunks: fc.array(fc.record({ offsetMs: fc.nat(9999), text }), { maxLength: 3 }),
    }),
  })
  .map((parts) => buildInteraction(parts as Partial<Interaction>));

describe('every check', () => {
  it('is total and keeps its span inside the answer', () => {
    fc.assert(
      fc.property(interactions, (interaction) => {
        for (const { span, result, detail } of runChecks(checks, interaction)) {
          expect(['pass', 'fail', 'not_applicable']).toContain(result);
          expect(detail === null || detail.length <= 60).toBe(true);
          if (span === null) continue;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(interaction.output.text.length);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is deterministic, in any order and whatever was checked before', () => {
    fc.assert(
      fc.property(interactions, interactions, (one, other) => {
        const first = runChecks(checks, one);
        const reversed = [...createChecks(checksOptions.parse({}))].reverse();
        runChecks(reversed, other);
        expect(runChecks(reversed, one).reverse()).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
});
