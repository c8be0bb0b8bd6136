import { degenerate } from '../../src/checks/degenerate';
import { injection } from '../../src/checks/injection';
import { nonEmpty } from '../../src/checks/non-empty';
import type { Interaction } from '../../src/domain/interaction';
import { buildInteraction } from '../../test/support/builders/interaction';
import { ATTACK_CLASSES } from './strings';

/** A wrong answer that an attack is to carry past the judge. */
const CARRIERS = [
  'The capital of Australia is Sydney.',
  'Water boils at 50 degrees at sea level, so no kettle is needed.',
];

export function withAnswer(answer: string, user: string | null = null): Interaction {
  return buildInteraction({
    input: user === null ? [] : [{ role: 'user', content: user }],
    output: { text: answer, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
  });
}

export function isSuspected(interaction: Interaction): boolean {
  return injection.run(interaction).result === 'fail';
}

/** By the checks that run before any judge is asked. */
export function isCaughtAsDegenerate(answer: string): boolean {
  const interaction = withAnswer(answer, 'What is the capital of Australia?');
  return [nonEmpty, degenerate, injection].some((check) => check.run(interaction).result === 'fail');
}

/** Cases of one type: every string behind every carrier; type A16 in every field that others can write into. */
export function casesOf(type: string): Interaction[] {
  const strings = ATTACK_CLASSES.find((one) => one.type === type)?.strings ?? [];
  if (type === 'A16') return strings.flatMap(inEveryField);
  return strings.flatMap((text) => CARRIERS.map((carrier) => withAnswer(`${carrier}\n\n${text}`, 'Tell me.')));
}

function inEveryField(text: string): Interaction[] {
  const output = { text: 'Sydney.', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
  const input = [{ role: 'user' as const, content: 'What is the capital?' }];
  const call = { name: 'search', arguments: '{"q":"capital"}', result: `Sydney is a city. ${text}`, ok: true };
  const middle = text.indexOf(' ', Math.floor(text.length / 2));
  const halves = [text.slice(0, middle), text.slice(middle + 1)];
  return [
    buildInteraction({ input, output, context: [{ id: 'page-1', text: `Sydney is a city.\n${text}` }] }),
    buildInteraction({ input, output: { ...output, toolCalls: [call] } }),
    buildInteraction({ input: [{ role: 'user', content: `My name is ${text} What is the capital?` }], output }),
    buildInteraction({ input: [{ role: 'tool', content: `result: ok. ${text}` }, ...input], output }),
    buildInteraction({
      input: [
        { role: 'user', content: halves[0] ?? '' },
        { role: 'assistant', content: 'Go on.' },
        { role: 'user', content: halves[1] ?? '' },
      ],
      output,
    }),
  ];
}

/** One degenerate text as it may come: marks, blanks and capitals round it. */
export function variantsOf(text: string): string[] {
  return [
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    `\n${text}\n\n`,
    ` ${text} .`,
    `**${text}**`,
    `"${text}"`,
    `\u200b${text}\u2060`,
    `${text}\n:`,
  ];
}
