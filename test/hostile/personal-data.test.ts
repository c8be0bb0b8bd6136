import { createNonceSource } from '../../src/judge/fence';
import { criterionOptions } from '../../src/judge/options';
import { renderPrompt } from '../../src/judge/prompt';
import { privacyOptions } from '../../src/privacy/options';
import { createRedactor } from '../../src/privacy/redactor';
import { buildInteraction } from '../support/builders/interaction';
import { seededRandom } from '../support/builders/random';

const TOKENS = 1000;
const random = seededRandom(1000);
const digits = (count: number): string => Array.from({ length: count }, () => random.int(10)).join('');
const letters = (count: number): string =>
  Array.from({ length: count }, () => 'abcdefghjkmnpqrstuvwxyz'[random.int(23)]).join('');

/** Luhn's check digit behind what is given. ISO/IEC 7812-1, annex B. */
function withLuhn(body: string): string {
  let sum = 0;
  [...body].reverse().forEach((digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return body + String((10 - (sum % 10)) % 10);
}

const KINDS: readonly (() => string)[] = [
  () => `${letters(8)}.${letters(6)}@${letters(9)}.example`,
  () => withLuhn(`4${digits(14)}`),
  () => `10.${random.int(256)}.${random.int(256)}.${random.int(256)}`,
  () => `sk-${letters(6)}${digits(6)}${letters(12)}`,
  () => `+49 30 ${digits(4)} ${digits(4)}`,
];

describe('personal data on its way to a judge', () => {
  it(`is in no prompt, whichever field it came in (${TOKENS} tokens)`, () => {
    const redactor = createRedactor(privacyOptions.parse({}));
    const criteria = [
      criterionOptions.parse({
        name: 'c',
        rubric: 'Is it good?',
        requires: ['context', 'reference_answer', 'tools', 'facts'],
      }),
    ];
    const nonces = createNonceSource(() => digits(32));
    const leaked: string[] = [];
    for (let n = 0; n < TOKENS; n++) {
      const token = (KINDS[n % KINDS.length] as () => string)();
      const text = `Please note: ${token} is what we have on file.`;
      const raw = buildInteraction({
        input: [{ role: 'user', content: n % 5 === 0 ? text : 'Hello' }],
        context: [{ id: 'd', text: n % 5 === 1 ? text : 'A page.' }],
        facts: n % 5 === 2 ? { note: text } : { note: 1 },
        referenceAnswer: n % 5 === 3 ? text : 'None.',
        output: {
          text: n % 5 === 4 ? text : 'Fine.',
          finishReason: 'stop',
          refusal: null,
          toolCalls: [{ name: 'find', arguments: JSON.stringify({ q: text }), result: text, ok: true }],
          chunks: [],
        },
      });
      const { interaction } = redactor.redactInteraction(raw);
      const prompt = renderPrompt(interaction, criteria, 48_000, nonces);
      if (prompt.user.includes(token) || prompt.system.includes(token)) leaked.push(token);
    }
    expect(leaked).toEqual([]);
  });
});
