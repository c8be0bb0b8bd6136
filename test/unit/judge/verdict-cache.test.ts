import type { Answers, Ask, Question } from '../../../src/judge/ask';
import { cacheAnswers } from '../../../src/judge/verdict-cache';
import { buildInteraction } from '../../support/builders/interaction';
import { criterion, fakeJudge } from './fake-judge';

const judge = fakeJudge('mini', 'gpt-4.1-mini', { hangs: true });
const criteria = [criterion('helpful')];

function question(text: string, overrides: Partial<Question> = {}): Question {
  const output = { text, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
  return { interaction: buildInteraction({ output }), criteria, ...overrides };
}

function setUp(entries: number, version: () => string | null = () => 'v-1', outcome: 'scored' | 'timeout' = 'scored') {
  let calls = 0;
  const inner: Ask = ({ options }) => {
    calls++;
    const answer = {
      judge: options.name,
      family: 'openai',
      outcome,
      score: outcome === 'scored' ? 0.9 : null,
      writtenScore: null,
      confidence: 0.9,
      rationale: 'r',
      inputTokens: 100,
      outputTokens: 10,
      costUsd: 0.01,
      ms: 5,
      attempts: 1,
      reportedVersion: version(),
    };
    return Promise.resolve(new Map([['helpful', answer]]) as Answers);
  };
  const ask = cacheAnswers(inner, entries, 48000);
  const signal = new AbortController().signal;
  return { calls: () => calls, ask: (q: Question) => ask(judge, q, signal) };
}

describe('the verdict cache', () => {
  it('answers the same content without a call and without a cost', async () => {
    const { ask, calls } = setUp(10);
    await ask(question('a'));
    const again = await ask(question('a', { interaction: { ...question('a').interaction, interactionId: 'other' } }));
    expect(calls()).toBe(1);
    expect(again.get('helpful')).toMatchObject({ score: 0.9, costUsd: 0, inputTokens: 0, attempts: 0 });
  });

  it.each([
    ['another text', question('b')],
    ['another rubric', question('a', { criteria: [criterion('helpful', { rubric: 'Another question?' })] })],
    ['a failed check', question('a', { failedChecks: ['degenerate'] })],
    ['golden runs, repeats, shadows and controls', question('a', { fresh: true })],
  ])('asks anew for %s', async (_, other) => {
    const { ask, calls } = setUp(10);
    await ask(question('a'));
    await ask(other);
    expect(calls()).toBe(2);
  });

  it('is not fed by what bypasses it', async () => {
    const { ask, calls } = setUp(10);
    await ask(question('a', { fresh: true }));
    await ask(question('a'));
    expect(calls()).toBe(2);
  });

  it('asks anew once the judge reports another version', async () => {
    let version = 'v-1';
    const { ask, calls } = setUp(10, () => version);
    await ask(question('a'));
    version = 'v-2';
    await ask(question('b'));
    await ask(question('a'));
    expect(calls()).toBe(3);
  });

  it('keeps no failure', async () => {
    const { ask, calls } = setUp(10, () => null, 'timeout');
    await ask(question('a'));
    await ask(question('a'));
    expect(calls()).toBe(2);
  });

  it('holds its bound and lets the longest unused go', async () => {
    const { ask, calls } = setUp(2);
    for (const text of ['a', 'b', 'a', 'c', 'a']) await ask(question(text));
    expect(calls()).toBe(3);
    await ask(question('b'));
    expect(calls()).toBe(4);
  });
});
