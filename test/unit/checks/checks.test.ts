import { createChecks, runChecks } from '../../../src/checks/create-checks';
import { checksOptions } from '../../../src/checks/options';
import type { CheckResult } from '../../../src/domain/check';
import type { Interaction, Output } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';

const answer = (overrides: Partial<Output>): Interaction =>
  buildInteraction({
    output: {
      text: 'It arrives tomorrow.',
      finishReason: 'stop',
      refusal: null,
      toolCalls: [],
      chunks: [],
      ...overrides,
    },
  });

function resultOf(check: string, interaction: Interaction, options: Record<string, unknown> = {}): CheckResult {
  const result = runChecks(createChecks(checksOptions.parse(options)), interaction).find((r) => r.check === check);
  if (result === undefined) throw new Error(`no check ${check}`);
  return result;
}

const brief = ({ result, detail }: CheckResult): string => (detail === null ? result : `${result} ${detail}`);
const call = (args: string) => ({ name: 'find', arguments: args, result: null, ok: null });

describe('non_empty', () => {
  it.each([
    [answer({}), 'pass'],
    [answer({ text: '' }), 'fail empty'],
    [answer({ text: ' \n\u00a0\u200b' }), 'fail blank'],
    [answer({ text: '', toolCalls: [call('{}')] }), 'not_applicable tool_calls'],
    [answer({ text: '', refusal: 'No.' }), 'not_applicable refusal'],
  ])('case %# gives the expected outcome', (interaction, expected) => {
    expect(brief(resultOf('non_empty', interaction))).toBe(expected);
  });
});

describe('length', () => {
  it('holds the answer to the configured limits and points at what lies beyond', () => {
    expect(resultOf('length', answer({ text: 'abcdef' }), { maxLength: 4 })).toMatchObject({
      result: 'fail',
      detail: 'too_long',
      span: { start: 4, end: 6 },
    });
    expect(brief(resultOf('length', answer({ text: 'ab' }), { minLength: 3 }))).toBe('fail too_short');
    expect(brief(resultOf('length', answer({ text: '' }), { minLength: 3 }))).toBe('not_applicable empty');
    expect(brief(resultOf('length', answer({})))).toBe('pass');
  });
});

describe('finish_reason', () => {
  it.each([
    ['stop', 'pass'],
    ['tool_calls', 'pass'],
    ['length', 'pass'],
    ['content_filter', 'fail content_filter'],
    ['SAFETY', 'fail content_filter'],
    ['error', 'fail error'],
    [null, 'not_applicable'],
  ])('%s gives %s', (finishReason, expected) => {
    expect(brief(resultOf('finish_reason', answer({ finishReason })))).toBe(expected);
  });
});

describe('truncated', () => {
  const long = 'This is a sentence that goes on for quite a while and tells the reader about the matter in full';

  it.each([
    [answer({}), 'pass'],
    [answer({ finishReason: 'length' }), 'fail finish_reason=length'],
    [answer({ finishReason: 'MAX_TOKENS', text: `${long} and then` }), 'fail finish_reason=length,mid_sentence'],
    [answer({ text: `${long} and then` }), 'pass mid_sentence'],
    [answer({ text: 'Code:\n```js\nlet a;' }), 'fail unclosed_fence'],
    [answer({ text: 'Code:\n```js\nlet a;\n```\nDone.' }), 'pass'],
    [answer({ text: '````md\n```js\n```\n````' }), 'pass'],
    [answer({ text: '1. Do\n   ```sh\n   ls\n   ```' }), 'pass'],
    [answer({ text: 'Write ``` to open a fence.' }), 'pass'],
    [answer({ text: '```in one line```' }), 'pass'],
    [answer({ text: '' }), 'not_applicable empty'],
  ])('case %# gives the expected outcome', (interaction, expected) => {
    expect(brief(resultOf('truncated', interaction))).toBe(expected);
  });

  it('points at the open fence', () => {
    expect(resultOf('truncated', answer({ text: 'Code:\n```js\nlet a;' })).span).toEqual({ start: 6, end: 18 });
  });
});

describe('refusal', () => {
  it.each([
    ['en', "I'm sorry, but I can't help with that."],
    ['en', 'I cannot assist with this request.'],
    ['en', 'As an AI language model, I do not have opinions.'],
    ['de', 'Es tut mir leid, aber dabei kann ich nicht helfen.'],
    ['fr', 'Je suis désolé, mais je ne peux pas vous aider.'],
    ['es', 'Lo siento, pero no puedo ayudarte con eso.'],
    ['it', 'Mi dispiace, ma non posso aiutarti.'],
    ['pt', 'Desculpe, mas não posso ajudar com isso.'],
    ['nl', 'Het spijt me, maar ik kan je daar niet mee helpen.'],
    ['pl', 'Przykro mi, ale nie mogę pomóc.'],
    ['ru', 'Извините, но я не могу помочь с этим.'],
    ['zh', '抱歉，我无法提供这些信息。'],
    ['ja', '申し訳ありませんが、お手伝いできません。'],
  ])('hears a refusal in %s: %j', (language, text) => {
    expect(brief(resultOf('refusal', answer({ text })))).toMatch(`fail lexical=${language} style=`);
  });

  it.each([
    'I am sorry to hear that. Your parcel arrives tomorrow.',
    'You cannot help a friend who does not want help.',
    'Das kann ich gut verstehen. Hier ist die Antwort.',
    'Je peux vous aider avec plaisir.',
  ])('hears none in %j', (text) => {
    expect(brief(resultOf('refusal', answer({ text })))).toBe('pass');
  });

  it("takes the provider's signal", () => {
    expect(brief(resultOf('refusal', answer({ refusal: 'No.' })))).toBe('fail provider');
  });

  it('marks the words as evidence', () => {
    const text = 'Well. I cannot help with that.';
    const { span } = resultOf('refusal', answer({ text }));
    expect(text.slice(span?.start, span?.end)).toBe('I cannot help');
  });
});

describe('repetition', () => {
  const story =
    'The river rises in the hills, runs past three small towns and a mill, and reaches the sea near a lighthouse. ' +
    'Fishers set out before dawn; by noon the market smells of salt, bread and oranges brought from the south.';

  it.each([
    ['a loop of sentences', 'The answer is that we do not know. '.repeat(20), 'fail'],
    ['one syllable without end', 'ha'.repeat(300), 'fail'],
    ['one letter without end', 'a'.repeat(500), 'fail'],
    ['a loop of Chinese', '我们不知道这个问题的答案是什么。'.repeat(30), 'fail'],
    ['ordinary prose', story, 'pass'],
    ['prose with a rule of hyphens', `${story}\n${'-'.repeat(400)}\n`, 'pass'],
    ['prose said twice in part', `${story} In short: the river rises in the hills.`, 'pass'],
    ['too little to tell', 'no no no no', 'not_applicable'],
  ])('judges %s', (_, text, expected) => {
    expect(resultOf('repetition', answer({ text })).result).toBe(expected);
  });

  it('holds JSON to a higher share, as its keys repeat', () => {
    const items = Array.from({ length: 30 }, (_, k) => ({
      identifierOfTheItem: k,
      descriptionOfTheItem: `n${k * 7919}`,
    }));
    expect(resultOf('repetition', answer({ text: JSON.stringify(items) })).result).toBe('pass');
    expect(resultOf('repetition', answer({ text: `[${'{"a":"the same thing again"},'.repeat(50)}1]` })).result).toBe(
      'fail',
    );
  });

  it('points at the longest repeat', () => {
    const text = `${story} ${'and so on and so forth, '.repeat(30)}`;
    const { span, result } = resultOf('repetition', answer({ text }));
    expect(result).toBe('fail');
    expect(span?.start).toBeGreaterThan(story.length);
    expect(span?.end).toBeGreaterThan(text.length - 10);
  });
});

describe('language_switch', () => {
  const german = 'Wo ist mein Paket und warum ist es noch nicht bei mir?';
  const english = 'Your parcel is on its way and it will be with you tomorrow, as far as we can see.';
  const turn = (question: string, text: string, system = 'Be kind.'): Interaction => ({
    ...answer({ text }),
    input: [
      { role: 'system', content: system },
      { role: 'user', content: question },
    ],
  });

  it('sees an answer in another language', () => {
    expect(brief(resultOf('language_switch', turn(german, english)))).toBe('fail user=de answer=en');
  });

  it.each([
    [
      'the same language',
      turn(german, 'Ihr Paket ist auf dem Weg und wird morgen bei Ihnen sein, wenn nichts ist.'),
      'pass',
    ],
    ['a translation asked for', turn(`${german} Bitte übersetze das.`, english), 'not_applicable language_named'],
    ['a language set by the system', turn(german, english, 'Answer in English.'), 'not_applicable language_named'],
    ['code', turn(german, 'const a = require("b"); a.run(function (x) { return x + 1; });'), 'not_applicable unsure'],
    ['a short question', turn('Paket?', english), 'not_applicable too_short'],
  ])('lets %s be', (_, interaction, expected) => {
    expect(brief(resultOf('language_switch', interaction))).toBe(expected);
  });
});

describe('encoding_damage', () => {
  it.each([
    ['donâ€™t', 'fail mojibake'],
    ['cafÃ©', 'fail mojibake'],
    ['ðŸ˜€', 'fail mojibake'],
    ['caf\ufffd', 'fail replacement_character'],
    ['a\ud83d', 'fail lone_surrogate'],
    ['a\u0000b', 'fail control_character'],
    ['plain, naïve café – “quoted” 😀 SÃO PAULO € 10', 'pass'],
    ['Привет, 世界, سلام', 'pass'],
    ['Âge, Être, à côté', 'pass'],
  ])('%j gives %s', (text, expected) => {
    expect(brief(resultOf('encoding_damage', answer({ text })))).toBe(expected);
  });

  it("does not blame the answer for the input's damage", () => {
    const interaction = { ...answer({ text: 'donâ€™t' }), input: [{ role: 'user' as const, content: 'donâ€™t' }] };
    expect(brief(resultOf('encoding_damage', interaction))).toBe('not_applicable input_damaged');
  });
});

describe('tool_arguments', () => {
  it.each([
    [[], 'not_applicable'],
    [['{"a":1}', '{}'], 'pass'],
    [[''], 'pass'],
    [['{}', '{"a":'], 'fail call=1 not_json'],
    [['[1]'], 'fail call=0 not_object'],
    [['null'], 'fail call=0 not_object'],
    [[`"${'x'.repeat(300_000)}"`], 'fail call=0 too_large'],
  ])('case %# gives the expected outcome', (args, expected) => {
    expect(brief(resultOf('tool_arguments', answer({ toolCalls: args.map(call) })))).toBe(expected);
  });
});
