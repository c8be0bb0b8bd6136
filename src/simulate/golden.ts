import type { GoldenAnswer, GoldenScore, GoldenTrigger } from '../domain/golden';
import { type JudgePersona, opinionOf, reportedVersion } from './judge-endpoint';
import { INTENTS, type JudgedText } from './world';

/** A judge of the demo: its name in the configuration and how it judges now. */
export interface SimulatedJudge {
  readonly name: string;
  readonly family: string;
  readonly persona: JudgePersona;
  readonly sealed: JudgePersona;
}

/** Enough to rule a judge out. */
const ITEMS = 420;
/** In turn the makers of the items' answers, so that a judge's bias can be told. */
const PRODUCERS = ['openai', 'anthropic'] as const;
const CRITERIA = ['correct', 'grounded', 'safe'] as const;

/** The demo's frozen set: simulated answers, nine in ten right, each with a text of its own. */
const GOLDEN_TEXTS: readonly JudgedText[] = Array.from({ length: ITEMS }, (_, i) => {
  const intent = INTENTS[i % INTENTS.length]!;
  const claim = i % 10 === 9 ? intent.wrong[0]! : intent.fact;
  return { question: intent.questions[0]!, answer: `${claim}. Item ${i}.` };
});

/** One run of one simulated judge over the frozen set, held against how it judged when the set was sealed. */
export function goldenRun(judge: SimulatedJudge, run: string, trigger: GoldenTrigger): GoldenAnswer[] {
  return GOLDEN_TEXTS.map((text, i): GoldenAnswer => {
    const wrong = i % 10 === 9;
    const scores = CRITERIA.map((criterion): GoldenScore => {
      const sealed = opinionOf(judge.sealed, criterion, text).passes ? 1 : 0;
      const score = opinionOf(judge.persona, criterion, text).passes ? 1 : 0;
      const human = criterion !== 'safe' && wrong ? 0 : 1;
      return { criterion, outcome: 'scored', score, sealed, base: sealed, human, passAt: 0.5 };
    });
    return {
      set: 'demo',
      seal: 'simulated',
      run,
      trigger,
      variant: 'plain',
      judge: judge.name,
      family: judge.family,
      model: judge.persona.model,
      reportedVersion: reportedVersion(judge.persona),
      promptHash: 'simulated',
      total: ITEMS,
      item: `golden-${i}`,
      repeat: 0,
      fresh: false,
      producerFamily: PRODUCERS[Math.floor(i / 10) % PRODUCERS.length]!,
      costUsd: 0,
      scores,
    };
  });
}
