import fc from 'fast-check';
import { privacyOptions } from '../../../src/privacy/options';
import { createRedactor } from '../../../src/privacy/redactor';
import { buildInteraction } from '../../support/builders/interaction';

const redactor = createRedactor(privacyOptions.parse({}));

/** Pieces that finders look for, so that random texts hit their borders. */
const PIECES = [
  'jo@example.com',
  '@',
  '.',
  ' ',
  '-',
  '(',
  ')',
  '+',
  '/',
  ':',
  '::',
  '\n',
  '\\n',
  '"',
  '{',
  '}',
  '[',
  ']',
  'call ',
  'order ',
  '4111 1111 1111 1111',
  '4111111111111111',
  '415-555-0132',
  '415',
  '0132',
  '00',
  '1',
  '12345678',
  '2024-03-01',
  '192.0.2.1',
  '2001:db8::1',
  'DE89370400440532013000',
  'GB82',
  'sk-abcDEF0123456789abcdef',
  'eyJhbGciOiJIUzI1NiJ9',
  'Bearer ',
  'token=',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '[email]',
  '[phone]',
  'ß',
  '漢',
  '\ud800',
  'x12',
  'abc',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.json(),
);

describe('redaction', () => {
  it('settles at once: redacting twice changes nothing more', () => {
    fc.assert(
      fc.property(text, (input) => {
        const once = redactor.redactText(input);
        expect(redactor.redactText(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves a text of plain words exactly as it was', () => {
    const word = fc.stringMatching(/^[a-zA-Zäöüéñ]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.constantFrom(' ', ', ', '\n', '. '), (words, joint) => {
        expect(redactor.redactText(words.join(joint))).toBe(words.join(joint));
      }),
    );
  });

  it('lets no address through, whatever stands around it', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(redactor.redactText(`${left} somebody@example.org ${right}`)).not.toContain('somebody@example.org');
      }),
    );
  });

  it('keeps valid JSON valid', () => {
    const leaf = fc.oneof(fc.constantFrom(...PIECES), fc.integer(), fc.constant(4111111111111111), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(leaf)), (value) => {
        expect(() => JSON.parse(redactor.redactText(JSON.stringify(value))) as unknown).not.toThrow();
      }),
    );
  });

  it('cuts chunks anywhere without leaking and without losing plain text', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (parts) => {
        const chunks = parts.map((part, offsetMs) => ({ offsetMs, text: part }));
        const output = { text: '', finishReason: null, refusal: null, toolCalls: [], chunks };
        const redacted = redactor.redactInteraction(buildInteraction({ output })).interaction.output.chunks;
        expect(redacted).toHaveLength(parts.length);
        expect(redacted.map((chunk) => chunk.text).join('')).toBe(redactor.redactText(parts.join('')));
      }),
    );
  });
});
