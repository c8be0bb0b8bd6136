import { createHmac } from 'node:crypto';
import { privacyOptions } from '../../../src/privacy/options';
import { createRedactor } from '../../../src/privacy/redactor';
import { buildInteraction } from '../../support/builders/interaction';

const redactor = createRedactor(privacyOptions.parse({}));
const EMAIL = 'jo@example.com';

describe('redaction of an interaction', () => {
  const everywhere = buildInteraction({
    input: [
      { role: 'user', content: `I am ${EMAIL}` },
      { role: 'tool', content: `{"to":"${EMAIL}"}` },
    ],
    context: [{ id: EMAIL, text: `From: ${EMAIL}` }],
    facts: { [EMAIL]: { list: [1, EMAIL, null] } },
    referenceAnswer: `Write ${EMAIL}`,
    segments: { product: EMAIL },
    output: {
      text: `Written to ${EMAIL}`,
      finishReason: 'stop',
      refusal: `not ${EMAIL}`,
      toolCalls: [{ name: 'send', arguments: `{"to":"${EMAIL}"}`, result: EMAIL, ok: true }],
      chunks: [
        { offsetMs: 0, text: 'Written to jo@ex' },
        { offsetMs: 9, text: 'ample.c' },
        { offsetMs: 12, text: 'om' },
      ],
    },
  });

  it('covers every text field and leaves ids, keys and segments alone', () => {
    const { interaction, counts } = redactor.redactInteraction(everywhere);
    expect(interaction.input.map((message) => message.content)).toEqual(['I am [email]', '{"to":"[email]"}']);
    expect(interaction.context).toEqual([{ id: EMAIL, text: 'From: [email]' }]);
    expect(JSON.stringify(interaction.facts)).toBe(`{"${EMAIL}":{"list":[1,"[email]",null]}}`);
    expect(interaction.referenceAnswer).toBe('Write [email]');
    expect(interaction.segments).toEqual({ product: EMAIL });
    expect(interaction.output.text).toBe('Written to [email]');
    expect(interaction.output.refusal).toBe('not [email]');
    expect(interaction.output.toolCalls).toEqual([
      { name: 'send', arguments: '{"to":"[email]"}', result: '[email]', ok: true },
    ]);
    expect(counts).toEqual([{ kind: 'email', count: 9 }]);
  });

  it('puts the placeholder of a secret split across chunks into the chunk where it began', () => {
    const { output } = redactor.redactInteraction(everywhere).interaction;
    expect(output.chunks).toEqual([
      { offsetMs: 0, text: 'Written to [email]' },
      { offsetMs: 9, text: '' },
      { offsetMs: 12, text: '' },
    ]);
  });

  it('cuts chunks of a JSON answer so that they join to the redacted answer', () => {
    const text = '{"card":4111111111111111,"note":"x\\n415-555-0132"}';
    const chunks = [...text].map((char, offsetMs) => ({ offsetMs, text: char }));
    const { output } = redactor.redactInteraction(
      buildInteraction({ output: { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks } }),
    ).interaction;
    expect(output.chunks.map((chunk) => chunk.text).join('')).toBe(output.text);
    expect(output.text).toBe('{"card":"[card]","note":"x\\n[phone]"}');
  });

  it('keeps facts without personal data as they came', () => {
    const facts = { a: [{ b: 'c' }], n: 4111111111111111 };
    expect(redactor.redactInteraction(buildInteraction({ facts })).interaction.facts).toBe(facts);
  });

  it('carries a key named __proto__ over as a key', () => {
    const facts = JSON.parse(`{"__proto__":{"mail":"${EMAIL}"}}`) as unknown;
    const redacted = redactor.redactInteraction(buildInteraction({ facts })).interaction.facts;
    expect(JSON.stringify(redacted)).toBe('{"__proto__":{"mail":"[email]"}}');
  });

  it('drops what lies deeper than any honest record instead of overflowing', () => {
    let facts: unknown = EMAIL;
    for (let k = 0; k < 20_000; k++) facts = [facts];
    expect(JSON.stringify(redactor.redactInteraction(buildInteraction({ facts })).interaction.facts)).not.toContain(
      '@',
    );
  });

  it('hashes the user again only when there is a salt', () => {
    expect(redactor.redactInteraction(buildInteraction()).interaction.userHash).toBe('u-1');
    const salted = createRedactor(privacyOptions.parse({}), 'pepper');
    const expected = createHmac('sha256', 'pepper').update('u-1').digest('hex');
    expect(salted.redactInteraction(buildInteraction()).interaction.userHash).toBe(expected);
    expect(salted.redactInteraction(buildInteraction({ userHash: null })).interaction.userHash).toBeNull();
  });
});
