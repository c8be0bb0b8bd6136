import type { JudgeAnswer } from '../../../src/domain/verdict';
import type { Answers } from '../../../src/judge/ask';
import { askUntilDecided, isDecided } from '../../../src/judge/ask-members';
import { combineAnswers } from '../../../src/judge/combine';
import { criterion, fakeJudge } from './fake-judge';

const OPTIONS = { method: 'majority', quorum: 2 } as const;
const helpful = criterion('helpful');

/** `p`ass, `f`ail, `n`ot applicable, `m`issing. */
type Letter = 'p' | 'f' | 'n' | 'm';

const ANSWERS: Record<Letter, Pick<JudgeAnswer, 'outcome' | 'score'>> = {
  p: { outcome: 'scored', score: 0.9 },
  f: { outcome: 'scored', score: 0.2 },
  n: { outcome: 'not_applicable', score: null },
  m: { outcome: 'timeout', score: null },
};

function answerOf(judge: string, letter: Letter): JudgeAnswer {
  return {
    judge,
    family: judge,
    writtenScore: null,
    confidence: null,
    rationale: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    ms: 0,
    attempts: 1,
    reportedVersion: null,
    ...ANSWERS[letter],
  };
}

async function run(letters: string): Promise<{ asked: string[]; answers: JudgeAnswer[] }> {
  const panel = [...letters].map((_, i) => fakeJudge(`j${i}`, 'gpt-4', { hangs: true }));
  const asked: string[] = [];
  const replies = await askUntilDecided(panel, [helpful], OPTIONS, ({ options: { name } }) => {
    asked.push(name);
    const letter = letters[Number(name.slice(1))] as Letter;
    return Promise.resolve(new Map([['helpful', answerOf(name, letter)]]) as Answers);
  });
  return { asked, answers: replies.flatMap((reply) => reply.get('helpful') ?? []) };
}

describe('members asked until the verdict is decided', () => {
  it.each([
    ['ppf', 2],
    ['ffp', 2],
    ['nnp', 2],
    ['pfp', 3],
    ['pmp', 3],
    ['npp', 3],
    ['pppff', 3],
    ['ppfpf', 4],
    ['pp', 2],
  ])('of %s ask %i', async (letters, asked) => {
    expect((await run(letters)).asked).toHaveLength(asked);
  });

  it('give the verdict that all of them would, whatever they say', async () => {
    const letters: Letter[] = ['p', 'f', 'n', 'm'];
    const kinds = new Set<string>();
    for (const a of letters) {
      for (const b of letters) {
        for (const c of letters) {
          const all = [a, b, c].map((letter, i) => answerOf(`j${i}`, letter));
          const whole = combineAnswers(helpful, all, OPTIONS, true);
          const part = combineAnswers(helpful, (await run(a + b + c)).answers, OPTIONS, true);
          expect(part.kind).toBe(whole.kind);
          if (part.kind === 'scored' && whole.kind === 'scored') {
            expect(part.combined.score).toBe(whole.combined.score);
          }
          kinds.add(whole.kind);
        }
      }
    }
    expect([...kinds].sort()).toEqual(['not_applicable', 'scored', 'unjudged']);
  });

  it('are not decided before the first answer', () => {
    expect(isDecided(helpful, [], 3, OPTIONS)).toBe(false);
  });
});
