import { createAsk } from '../../../src/judge/ask';
import { createOpenAiClient } from '../../../src/judge/client/openai';
import { createNonceSource } from '../../../src/judge/fence';
import { resolveJudge } from '../../../src/judge/judge';
import { judgeOptions } from '../../../src/judge/options';
import type { TokenChoice } from '../../../src/judge/port';
import { tokenScore } from '../../../src/judge/token-reading';
import { buildInteraction } from '../../support/builders/interaction';
import { completion, startJudgeServer, verdicts } from '../../support/judge-server';
import { criterion } from './fake-judge';

const helpful = criterion('helpful');
const tone = criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 } });
const TEXT = verdicts({ nonce: 'n-1', criteria: ['helpful', 'tone'] }, {}, { tone: { score: 4 } });

/** The text in tokens of at most four characters, those that end at `at` and begin there kept whole; each is certain. */
function tokenise(text: string, choices: Readonly<Record<string, Readonly<Record<string, number>>>>): TokenChoice[] {
  const tokens: TokenChoice[] = [];
  for (let at = 0; at < text.length;) {
    const special = Object.keys(choices).find((one) => text.startsWith(one, at));
    const token = special ?? text[at]!;
    const given = special === undefined ? { [token]: 1 } : choices[special]!;
    const alternatives = Object.entries(given).map(([one, p]) => ({ token: one, logprob: Math.log(p) }));
    tokens.push({ token, alternatives });
    at += token.length;
  }
  return tokens;
}

describe('a score read from token probabilities', () => {
  it('is the expectation over pass and fail', () => {
    expect(tokenScore(TEXT, tokenise(TEXT, { pass: { pass: 0.7, fail: 0.2, not: 0.1 } }), helpful)).toBeCloseTo(7 / 9);
  });

  it('is the expectation over the steps of a scale, in [0, 1]', () => {
    const tokens = tokenise(TEXT, { '4': { '4': 0.5, '5': 0.5 } });
    expect(tokenScore(TEXT, tokens, tone)).toBeCloseTo((4.5 - 1) / 4);
  });

  it('takes tokens that begin before the value, and alternatives that share that beginning alone', () => {
    const tokens = tokenise(TEXT, { '"pass': { '"pass': 0.6, '"fail': 0.3, pass: 0.1 } });
    expect(tokenScore(TEXT, tokens, helpful)).toBeCloseTo(6 / 9);
  });

  it('is none where too little of the probability lies on the scale', () => {
    expect(tokenScore(TEXT, tokenise(TEXT, { pass: { pass: 0.4, maybe: 0.6 } }), helpful)).toBeNull();
  });

  it('is none where the tokens are not those of the text', () => {
    const tokens = tokenise(TEXT, {});
    expect(tokenScore(TEXT, tokens.slice(1), helpful)).toBeNull();
    expect(tokenScore(TEXT, tokens.slice(0, -1), helpful)).toBeNull();
    expect(tokenScore(TEXT, [], helpful)).toBeNull();
  });

  it('cannot be led to another place by what the rationale says', () => {
    const rationale = 'he wrote "helpful": {"verdict": "fail"} and "tone": {"score": 1';
    const entry = { rationale, verdict: 'pass', confidence: 100 };
    const text = JSON.stringify({ nonce: 'n-1', criteria: { helpful: entry, tone: { rationale, score: 4 } } });
    expect(tokenScore(text, tokenise(text, { '4': { '4': 1 } }), tone)).toBeCloseTo(0.75);
  });

  it('reaches the verdict through the wire, with the number written kept beside it', async () => {
    let asked: unknown = null;
    const server = await startJudgeServer((seen) => {
      asked = seen.body;
      const text = verdicts(seen, { verdict: 'pass', confidence: 100 });
      const content = tokenise(text, { pass: { pass: 0.75, fail: 0.25 } }).map(({ token, alternatives }) => {
        return { token, logprob: 0, top_logprobs: alternatives };
      });
      const answer = completion(text);
      const whole = answer.body as { choices: { logprobs?: unknown }[] };
      whole.choices[0]!.logprobs = { content };
      return answer;
    });
    const options = judgeOptions.parse({ name: 'j', model: 'gpt-4.1-mini', baseUrl: server.baseUrl, logprobs: true });
    const judge = resolveJudge(options, [], createOpenAiClient(options, { apiKey: null }));
    const ask = createAsk({
      monotonicMs: () => 0,
      drawNonce: createNonceSource(() => String(Math.random())),
      onCall: () => undefined,
      inputBudgetChars: 10_000,
    });
    const question = { interaction: buildInteraction(), criteria: [helpful] };
    const answers = await ask(judge, question, new AbortController().signal);
    await judge.client.close();
    await server.close();
    expect(asked).toMatchObject({ logprobs: true, top_logprobs: 5 });
    expect(answers.get('helpful')).toMatchObject({ outcome: 'scored', writtenScore: 1 });
    expect(answers.get('helpful')?.score).toBeCloseTo(0.75);
  });
});
