import { findMarkers } from '../../../src/signals/markers';
import { sketchSimilarity, textSketch } from '../../../src/signals/sketch';
import { turnSignals } from '../../../src/signals/turn-signals';
import { buildInteraction } from '../../support/builders/interaction';

describe('turn signals', () => {
  it('speak of the last user message and of the length of the answer', () => {
    const signals = turnSignals(
      buildInteraction({
        input: [
          { role: 'user', content: 'Where is my parcel?' },
          { role: 'assistant', content: 'In Paris.' },
          { role: 'user', content: "No, that's not what I asked for." },
          { role: 'tool', content: '{}' },
        ],
      }),
    );
    expect(signals).toEqual({
      markers: ['negation', 'correction', 'negative_word', 'rejection'],
      userLength: 32,
      answerLength: 20,
      userSketch: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      language: 'en',
    });
  });

  it('are empty without a user message', () => {
    expect(turnSignals(buildInteraction({ input: [] }))).toEqual({
      markers: [],
      userLength: 0,
      answerLength: 20,
      userSketch: '',
      language: null,
    });
  });
});

describe('markers', () => {
  it.each([
    ['No', ['negation', 'negative_word']],
    ['no, I meant Berlin', ['negation', 'correction', 'negative_word']],
    ['I said Thursday', ['correction']],
    ['This is useless and it doesn’t work', ['complaint', 'negative_word']],
    ['Is there another one?', ['request_alternative']],
    ['Thanks a lot!', ['thanks']],
    ['Never mind, forget it', ['give_up', 'negative_word']],
    ['Let me talk to a human', ['human_request']],
    ['Nein, das ist falsch', ['negation', 'correction', 'negative_word']],
    ['Gibt es noch etwas anderes?', ['request_alternative']],
    ['Merci', ['thanks']],
    ['Quiero hablar con una persona', ['human_request']],
    ['不是，我的意思是北京', ['negation', 'correction', 'negative_word']],
    ['Is November a notable month?', []],
    ["I don't like that one", ['negative_word', 'rejection']],
    ['Sorry, can you check once more?', ['apology', 'retry']],
    ['The area does not matter', ['negative_word', 'indifference']],
    ['Yes, that sounds great', ['affirmation', 'praise']],
    ["No, that's all, goodbye", ['negation', 'negative_word', 'closing']],
    ['Je n’aime pas ça', ['negative_word', 'rejection']],
    ['Perfecto, gracias', ['thanks', 'praise']],
    ['Book a table for two', []],
    ['', []],
  ])('of %j are %j', (text, markers) => {
    expect(findMarkers(text)).toEqual(markers);
  });
});

describe('the similarity sketch', () => {
  const similarity = (a: string, b: string): number => sketchSimilarity(textSketch(a), textSketch(b));

  it.each([
    ['Where is my parcel?', 'where is my parcel'],
    ['Find me a cheap hotel in the north', 'I need a cheap hotel in the north please'],
    ['cancel my subscription', 'please cancel the subscription I have'],
    ['How do I reset my password?', 'I asked how to reset my password'],
    ['我的包裹在哪里', '我的包裹现在在哪里呢'],
  ])('sees the same request in %j and %j', (a, b) => {
    expect(similarity(a, b)).toBeGreaterThan(0.5);
  });

  it.each([
    ['Where is my parcel?', 'How do I reset my password?'],
    ['Find me a cheap hotel in the north', 'What is the weather like in Boston tomorrow?'],
    ['cancel my subscription', 'book a table for four people'],
    ['我的包裹在哪里', '今天天气怎么样'],
  ])('sees nothing in common between %j and %j', (a, b) => {
    expect(similarity(a, b)).toBeLessThan(0.35);
  });

  it.each([
    ['Where is my parcel?', '41290da76e112b1884841c753f9223cb'],
    ['I already told you: the invoice of last month was charged twice!', 'a17ec711b539b1ef39d9bd32dd71bc9e'],
    ['我的包裹在哪里'.repeat(40), '8bd93e68a74563f716a6320d97bac711'],
  ])('stays what it was, since ledgers hold it: %#', (text, sketch) => {
    expect(textSketch(text)).toBe(sketch);
  });

  it('is like nothing when empty or malformed', () => {
    expect(sketchSimilarity('', '')).toBe(0);
    expect(sketchSimilarity(textSketch('a'), 'ff')).toBe(0);
  });
});
