import { areaUnderRoc } from '../../src/stats/auc';
import { spearman } from '../../src/stats/correlation';
import { readDialogue } from './dialogue';

export interface TopicalRow {
  readonly dialogue_id: string;
  readonly conversation_rating: Readonly<Record<string, number | null>>;
  readonly turns: readonly { readonly speaker: string; readonly text: string; readonly rating: number | null }[];
}

export interface TopicalFigures {
  readonly conversations: number;
  /** Of a speaker's satisfaction with the rating that goes with the speaker. */
  readonly correlation: number | null;
  readonly auc_low_turns: number | null;
  readonly note: string;
}

/**
 * Chats of two people, each taken as the user of the other. Nobody is served here, so nobody has to complain: the figures
 * say how far the signals carry outside of what they are made for.
 */
export function topicalFigures(rows: readonly TopicalRow[]): TopicalFigures {
  const satisfaction: number[] = [];
  const ratings: number[] = [];
  const frictions: number[] = [];
  const low: number[] = [];
  for (const { dialogue_id: id, turns, conversation_rating: rated } of rows) {
    for (const speaker of ['agent_1', 'agent_2']) {
      const own = turns.filter((turn) => turn.speaker === speaker);
      const rating = rated[speaker];
      if (own.length < 2) continue;
      const read = readDialogue(
        `${id}/${speaker}`,
        own.map(({ text }) => ({ text, answer: '' })),
      );
      if (typeof rating === 'number') {
        satisfaction.push(read.outcome.satisfaction);
        ratings.push(rating);
      }
      // Over half of the raters give one value throughout: only the others tell turns apart.
      const given = own.flatMap(({ rating: value }) => (typeof value === 'number' ? [value] : []));
      if (new Set(given).size < 2) continue;
      const center = given.reduce((sum, value) => sum + value, 0) / given.length;
      own.forEach(({ rating: value }, i) => {
        if (typeof value !== 'number') return;
        frictions.push(read.frictions[i]?.friction ?? 0);
        low.push(value < center - 0.5 ? 1 : 0);
      });
    }
  }
  return {
    conversations: rows.length,
    correlation: spearman(satisfaction, ratings),
    auc_low_turns: areaUnderRoc(frictions, low)?.auc ?? null,
    note: 'chats of people with people: no service, hardly any friction; shown for honesty, not as a goal',
  };
}
