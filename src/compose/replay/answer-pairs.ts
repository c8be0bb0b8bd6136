import { createHash } from 'node:crypto';
import { type Arm, isInArm } from '../../compare/arm';
import type { Interaction } from '../../domain/interaction';
import { uniformDraw } from '../../judge/draw';
import type { Segmenter } from '../../watch/segments';
import { verdictsIn } from './recorded';

/** Two answers to the same input. */
export interface AnswerPair {
  readonly first: Interaction;
  readonly second: Interaction;
}

export interface AnswerPairs {
  /** Inputs that both recordings answer, with text of both. */
  readonly matched: number;
  /** Of those, with the very same answer: nothing to judge. */
  readonly same: number;
  /** Of the others, at most so many as were wanted; the same ones each time. */
  readonly pairs: readonly AnswerPair[];
}

/** Where the answers of one side are. */
export interface AnswersOf {
  readonly directory: string;
  readonly arm: Arm;
}

/** Stands where other draws have the policy's version. */
const PAIR_DRAW = 1;

/**
 * Answers that two recordings give to the same input: the same conversation, turn and messages. Only interactions whose
 * text the verdicts hold (`privacy.retain`). Memory: about 100 bytes an interaction, beside the pairs themselves.
 */
export async function readAnswerPairs(
  first: AnswersOf,
  second: AnswersOf,
  most: number,
  segmentsOf: Segmenter,
  salt: string,
): Promise<AnswerPairs> {
  const known = new Map<string, string>();
  await eachAnswer(first, segmentsOf, (key, { output }) => void known.set(key, hashOf(output.text)));
  let same = 0;
  const differing = new Set<string>();
  await eachAnswer(second, segmentsOf, (key, { output }) => {
    const other = known.get(key);
    // The second of two records of one turn, a duplicate, changes nothing.
    if (other === undefined || differing.has(key)) return;
    if (other !== hashOf(output.text)) return void differing.add(key);
    known.delete(key);
    same += 1;
  });
  const drawn = [...differing]
    .map((key) => ({ key, draw: uniformDraw('pair', salt, PAIR_DRAW, key) }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, most)
    .map(({ key }) => key);
  const wanted = new Set(drawn);
  const [firsts, seconds] = [await collect(first, segmentsOf, wanted), await collect(second, segmentsOf, wanted)];
  const pairs = drawn.flatMap((key): AnswerPair[] => {
    const [a, b] = [firsts.get(key), seconds.get(key)];
    return a === undefined || b === undefined ? [] : [{ first: a, second: b }];
  });
  return { matched: differing.size + same, same, pairs };
}

async function collect(
  side: AnswersOf,
  segmentsOf: Segmenter,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Interaction>> {
  const found = new Map<string, Interaction>();
  if (wanted.size === 0) return found;
  await eachAnswer(side, segmentsOf, (key, interaction) => {
    if (wanted.has(key) && !found.has(key)) found.set(key, interaction);
  });
  return found;
}

async function eachAnswer(
  { directory, arm }: AnswersOf,
  segmentsOf: Segmenter,
  visit: (key: string, interaction: Interaction) => void,
): Promise<void> {
  await verdictsIn(directory, ({ interaction }) => {
    if (interaction === null) return;
    const { producer, segments, conversationId, turnIndex, input } = interaction;
    const inSegments = segmentsOf({
      segments,
      producerModel: producer.model,
      producerRoute: producer.route,
      producerRelease: producer.release,
      producerProvider: producer.provider,
    });
    if (isInArm(inSegments, arm)) visit(hashOf(JSON.stringify([conversationId, turnIndex, input])), interaction);
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 22);
}
