import { frictionOf, satisfactionOf } from '../../../src/sessions/friction';
import { countRecoveries, firstRecovery, type TurnLevel } from '../../../src/sessions/recovery';
import { createTotals, ratiosOf, recordOutcome } from '../../../src/sessions/totals';
import { event, MINUTE, run, type Step, turn } from './build';
import { outcome } from './outcomes';

/** One session of turns a minute apart, with events after the last turn. */
function session(texts: readonly string[], ...kinds: Parameters<typeof event>[2][]) {
  const steps: Step[] = texts.map((text, i) => ['turn', 'c', turn(`t${i}`, i, text)]);
  kinds.forEach((kind, i) => steps.push(['event', 'c', event(`e${i}`, texts.length + i, kind)]));
  const [only] = run([...steps, ['watermark', 1000]]).outcomes;
  if (only === undefined) throw new Error('no session');
  return only;
}

const ASK = 'Book a table for two in the north of town';
const ANGRY = "No, that's wrong, that is not what I want, try again";

describe('the ending of a session', () => {
  it.each([
    ['satisfied', [ASK, 'Great, thank you'], []],
    ['ended', [ASK, 'At seven, by the window'], []],
    ['abandoned', [ASK, ANGRY], []],
    ['abandoned', [ASK, 'Forget it'], []],
    ['abandoned', [ASK, 'Thanks'], ['thumbs_down']],
    ['satisfied', [ASK, 'At seven'], ['thumbs_up']],
    ['satisfied', [ASK], ['copy']],
    ['resolved', [ASK, ANGRY], ['resolved']],
    ['handed_off', [ASK, ANGRY], ['handoff']],
    ['handed_off', [ASK, 'Yes, please transfer me'], ['handoff']],
    ['resolved', [ASK, ANGRY], ['handoff', 'resolved']],
    ['abandoned', [ASK, 'Thanks'], ['abandon']],
  ] as const)('is %s after %j and %j', (ending, texts, kinds) => {
    expect(session(texts, ...kinds).ending).toBe(ending);
  });

  it('is not success when the goal was missed after a hand-over', () => {
    const steps: Step[] = [
      ['turn', 'c', turn('a', 0, ASK)],
      ['event', 'c', event('h', 1, 'handoff')],
      ['event', 'c', event('r', 2, 'resolved', { value: 0 })],
    ];
    expect(run([...steps, ['watermark', 1000]]).outcomes[0]?.ending).toBe('abandoned');
  });
});

describe('friction', () => {
  const frictions = (...texts: string[]): number[] =>
    frictionOf(texts.map((text, i) => turn(`t${i}`, i, text))).map(({ friction }) => friction);

  it('needs an answer to react to', () => {
    expect(frictions(ANGRY)[0]).toBeLessThan(0.01);
  });

  it('is high for complaints, low for thanks, and lingers', () => {
    const [, angry = 0, after = 0] = frictions(ASK, ANGRY, 'At seven');
    const [, thanks = 0, calm = 0] = frictions(ASK, 'Thanks, great', 'At seven');
    expect(angry).toBeGreaterThan(0.5);
    expect(thanks).toBeLessThan(0.02);
    expect(after).toBeGreaterThan(calm);
  });

  it('sees that the user has to say it again, by the sketch alone', () => {
    const [, again = 0] = frictions(ASK, 'Book a table for two people in the north of the town');
    const [, other = 0] = frictions(ASK, 'What is the weather like in Boston');
    expect(again).toBeGreaterThan(1.5 * other);
  });

  it('takes a polite no for what it is', () => {
    const [, polite = 0] = frictions(ASK, "No thanks, that's all");
    const [, plain = 0] = frictions(ASK, 'No, not that');
    expect(polite).toBeLessThan(plain / 4);
  });

  it('makes a session less satisfied the later it comes', () => {
    const satisfaction = (...texts: string[]): number =>
      satisfactionOf(frictionOf(texts.map((text, i) => turn(`t${i}`, i, text))));
    expect(satisfaction(ASK, ANGRY, 'At seven', 'By the window')).toBeGreaterThan(
      satisfaction(ASK, 'At seven', 'By the window', ANGRY),
    );
    expect(satisfaction(ASK)).toBe(0.5);
  });
});

describe('recovery', () => {
  const levels = (text: string): TurnLevel[] =>
    [...text].map((letter) => (letter === 'b' ? 'bad' : letter === 'g' ? 'good' : 'neutral'));

  it.each([
    ['', 1, { bad: 0, followed: 0, within: 0, ever: 0, goodWithin: 0, goodEver: 0 }],
    ['nb', 1, { bad: 1, followed: 0, within: 0, ever: 0, goodWithin: 0, goodEver: 0 }],
    ['bn', 1, { bad: 1, followed: 1, within: 1, ever: 1, goodWithin: 0, goodEver: 0 }],
    ['bbg', 1, { bad: 2, followed: 2, within: 1, ever: 2, goodWithin: 1, goodEver: 2 }],
    ['bnng', 2, { bad: 1, followed: 1, within: 1, ever: 1, goodWithin: 0, goodEver: 1 }],
  ] as const)('of %j within %d turns', (text, horizon, counts) => {
    expect(countRecoveries(levels(text), horizon)).toEqual(counts);
  });

  it('tells how long it took', () => {
    expect(firstRecovery(levels('nbbn'))).toEqual({ bad: 1, ok: 3 });
    expect(session([ASK, ANGRY, ANGRY, 'Yes, great, thanks']).recovery).toMatchObject({ turns: 2, ms: 2 * MINUTE });
  });
});

describe('totals', () => {
  it('count one value per session, and leave out what was cut off by the end of the stream', () => {
    const totals = createTotals();
    const recovery = { badTurns: 4, followed: 4, within: 1, ever: 2, turns: 1, ms: 1 };
    recordOutcome(totals, outcome({ ending: 'abandoned', recovery, badTurns: 4 }));
    recordOutcome(totals, outcome({ recovery: { ...recovery, badTurns: 1, within: 1 }, badTurns: 1 }));
    recordOutcome(totals, outcome({ ending: 'open', recovery, badTurns: 4 }));
    const { recovery: ratio, abandonment } = ratiosOf(totals, 28);
    expect(ratio).toMatchObject({ value: (0.25 + 1) / 2, n: 2 });
    expect(abandonment).toMatchObject({ value: 0.5, n: 2 });
  });
});
