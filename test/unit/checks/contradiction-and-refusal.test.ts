import { partialRefusal } from '../../../src/checks/partial-refusal';
import type { Check } from '../../../src/checks/port';
import { refusal } from '../../../src/checks/refusal';
import { selfContradiction } from '../../../src/checks/self-contradiction';
import type { Chunk, Interaction } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';

const answer = (text: string, chunks: readonly Chunk[] = []): Interaction =>
  buildInteraction({ output: { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks } });

const brief = (check: Check, text: string): string => {
  const { result, detail } = check.run(answer(text));
  return detail === null ? result : `${result} ${detail}`;
};

describe('self_contradiction', () => {
  it.each([
    ['Yes, you can cancel any time. No, actually, that needs 30 days of notice.', 'fail retraction'],
    ['The fee is 5 euros per day. Wait, no, it is 7 euros.', 'fail retraction'],
    ['Das geht sofort und ohne Kosten. Nein, eigentlich erst ab Montag.', 'fail retraction'],
    ['Yes. A bat has wings but no feathers, and birds have both. So the answer is no.', 'fail verdict'],
    ['**No**, the lease ends in May. Therefore, no.', 'pass'],
    ['The answer is 42, as six times seven. Adding two, the answer is 44.', 'fail number'],
    ['1. The answer is 4 for the first.\n2. The answer is 5 for the second.', 'pass'],
    ['The answer is 1,200 because of the rate. So the final answer is 1200.', 'pass'],
    ['She said: "Wait, no, I meant the red one." Then they left.', 'pass'],
    ['Yes, it arrives on Monday. So yes, you can be sure.', 'pass'],
    ['Well.', 'not_applicable too_short'],
  ])('%j gives %s', (text, expected) => {
    expect(brief(selfContradiction, text)).toBe(expected);
  });

  it('says what the user had seen, and for how long', () => {
    const parts = ['Yes, you can do that. ', 'It is free for members. ', 'No, actually, it is not.'];
    const chunks = parts.map((text, k) => ({ offsetMs: 100 + k * 1500, text }));
    const { detail, span } = selfContradiction.run(answer(parts.join(''), chunks));
    expect(detail).toBe('retraction seen_chars=46 seen_ms=3000');
    expect(span).toEqual({ start: 46, end: 58 });
    expect(selfContradiction.run(answer(parts.join(''), [{ offsetMs: 1, text: 'Other' }])).detail).toBe('retraction');
  });
});

describe('partial_refusal', () => {
  const help =
    'However, here are some general pointers that many people find useful: rest well, drink enough water, and see a doctor soon.';

  it.each([
    [`I'm sorry, but I can't give medical advice. ${help}`, 'fail opening lexical=en style=apology'],
    [`As an AI language model, I cannot diagnose. ${help}`, 'fail opening lexical=en style=identity'],
    ["I'm sorry, but I can't help with that.", 'not_applicable refusal'],
    [`${help} ${help} ${help} I cannot provide a diagnosis, though.`, 'fail later style=inability'],
    [`${help} ${help} ${help}`, 'pass'],
    [
      'Es tut mir leid, aber dabei kann ich nicht helfen. Allerdings gibt es einige allgemeine Hinweise, die vielen Menschen in dieser Lage gut getan haben: viel trinken und ruhen.',
      'fail opening lexical=de style=apology',
    ],
  ])('%j gives %s', (text, expected) => {
    expect(brief(partialRefusal, text)).toBe(expected);
  });

  it('leaves the style of a whole refusal to `refusal`', () => {
    expect(brief(refusal, 'I cannot help with that, as it is against my guidelines.')).toBe(
      'fail lexical=en style=policy',
    );
    expect(brief(refusal, 'I cannot help with that request.')).toBe('fail lexical=en style=inability');
  });
});
