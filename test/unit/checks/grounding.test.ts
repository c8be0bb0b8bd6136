import { createGroundingCheck } from '../../../src/checks/grounding/grounding';
import { writtenNumbers } from '../../../src/checks/numbers';
import { checksOptions } from '../../../src/checks/options';
import { buildInteraction } from '../../support/builders/interaction';

const context = [
  {
    id: 'terms',
    text: 'The fee is $35.50 per month. Revenue rose 12% to 1,234,567 euros. See https://acme.example/terms/fees.',
  },
  { id: 'faq', text: 'Members may leave at the end of any month without giving a reason.' },
];

function brief(text: string, grounding: Record<string, unknown> = {}): string {
  const output = { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
  const { result, detail, span } = createGroundingCheck(checksOptions.parse({ grounding })).run(
    buildInteraction({ context, output, input: [{ role: 'user', content: 'I pay for 24 months.' }] }),
  );
  return span === null ? result : `${result} ${detail} ${text.slice(span.start, span.end)}`;
}

describe('grounding', () => {
  it.each([
    ['The fee is $35.50, or about 36 dollars.', 'pass'],
    ['The fee is $350.', 'fail number 350'],
    ['Revenue was about 1.2 million euros, up 12 percent.', 'pass'],
    ['Revenue was about 1.4 million euros.', 'fail number 1.4 million'],
    ['For 24 months at $35.50 that is $852.', 'pass'],
    ['It takes 3 steps.', 'pass'],
    ['See https://acme.example/terms/fees.', 'pass'],
    ['See https://acme.example/terms/other.', 'fail url https://acme.example/terms/other.'],
    ['As said [1] and [2].', 'pass'],
    ['As said [3].', 'fail citation [3]'],
    ['The rule: "Members may leave, at the end of any month".', 'pass'],
    ['The rule: "Members must give three months of notice".', 'fail quote "Members must give three months of notice"'],
  ])('%j gives %s', (text, expected) => {
    expect(brief(text)).toBe(expected);
  });

  it('lets be what the configuration allows', () => {
    expect(brief('See https://help.acme.test/x for all 99 answers.', { allow: ['acme.test', '99'] })).toBe('pass');
    expect(brief('All 99 answers.', { numbers: false })).toBe('pass');
  });

  it('does not apply without documents', () => {
    const { detail } = createGroundingCheck(checksOptions.parse({})).run(buildInteraction());
    expect(detail).toBe('no_context');
  });
});

describe('numbers as written', () => {
  it.each<[string, readonly number[]]>([
    ['1,234.5 and 1 234,5', [1234.5, 1, 234.5]],
    ['1.234.567,89', [1234567.89]],
    ['3,5 kg, -4 °C, 2k, 1.5 million, 40%', [3.5, -4, 2000, 1.5e6, 40]],
    ['A7 and 3rd and x2y are none', []],
  ])('%j holds %j', (text, expected) => {
    expect(writtenNumbers(text, 100).map(({ value }) => value)).toEqual(expected);
  });
});
