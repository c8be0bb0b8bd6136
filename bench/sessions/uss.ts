import { frictionOf } from '../../src/sessions/friction';
import { countRecoveries, type TurnLevel } from '../../src/sessions/recovery';
import { sketchSimilarity } from '../../src/signals/sketch';
import { areaUnderRoc } from '../../src/stats/auc';
import { spearman } from '../../src/stats/correlation';
import { createRandom } from '../../src/stats/seeded-random';
import { readDialogue, type ReadDialogue, utterancesOf } from './dialogue';

export interface UssRow {
  readonly dialogue_id: string;
  readonly domain: string;
  readonly overall_sat: readonly number[];
  readonly turns: readonly { readonly role: string; readonly text: string; readonly sat?: readonly number[] }[];
}

export const DOMAINS = ['sgd', 'mwoz', 'redial'] as const;
export type Domain = (typeof DOMAINS)[number];
type ByDomain = Readonly<Record<Domain, number | null>>;

export interface UssFigures {
  readonly dialogues: number;
  readonly rated_turns: number;
  readonly auc: ByDomain;
  readonly baseline_auc: Readonly<Record<'random' | 'turns_so_far' | 'message_length' | 'repetition', ByDomain>>;
  readonly overall_correlation: ByDomain;
  readonly baseline_correlation: Readonly<Record<'random' | 'turns' | 'length' | 'repetition', ByDomain>>;
  /** One annotator against the mean of the rest: what a person reaches. */
  readonly ceiling: ByDomain;
  readonly share_of_ceiling: ByDomain;
  readonly bad_turn: {
    readonly flagged: number | null;
    readonly precision: number | null;
    readonly recall: number | null;
  };
  readonly recovery: Readonly<Record<'bad' | 'next3' | 'next4' | 'ever3' | 'ever4', number | null>>;
  /** The same shares by our own bad turns, beside. */
  readonly behavioural_recovery: Readonly<Record<'next' | 'ever', number | null>>;
}

const LOW = 2.5;
const BAD_FROM = 0.2;

interface RatedTurn {
  readonly domain: string;
  readonly label: 0 | 1;
  readonly friction: number;
  readonly random: number;
  readonly turnsSoFar: number;
  readonly length: number;
  readonly repetition: number;
}

interface ReadRow {
  readonly row: UssRow;
  readonly read: ReadDialogue;
  readonly random: number;
}

export function ussFigures(rows: readonly UssRow[], seed: number): UssFigures {
  const random = createRandom(seed);
  const read: ReadRow[] = rows.map((row) => ({
    row,
    read: readDialogue(row.dialogue_id, utterancesOf(row.turns)),
    random: random(),
  }));
  const turns = read.flatMap((one) => ratedTurns(one, random));
  const auc = (score: (turn: RatedTurn) => number): ByDomain =>
    byDomain((domain) => {
      const own = turns.filter((turn) => turn.domain === domain);
      return (
        areaUnderRoc(
          own.map(score),
          own.map(({ label }) => label),
        )?.auc ?? null
      );
    });
  const correlation = (score: (one: ReadRow) => number): ByDomain =>
    byDomain((domain) => {
      const own = read.filter(({ row }) => row.domain === domain && row.overall_sat.length > 0);
      return spearman(
        own.map(score),
        own.map(({ row }) => mean(row.overall_sat)),
      );
    });
  const ceiling = byDomain((domain) => ceilingOf(rows.filter((row) => row.domain === domain)));
  const overall = correlation(({ read: { outcome } }) => outcome.satisfaction);
  return {
    dialogues: rows.length,
    rated_turns: turns.length,
    auc: auc(({ friction }) => friction),
    baseline_auc: {
      random: auc(({ random: value }) => value),
      turns_so_far: auc(({ turnsSoFar }) => turnsSoFar),
      message_length: auc(({ length }) => length),
      repetition: auc(({ repetition }) => repetition),
    },
    overall_correlation: overall,
    baseline_correlation: {
      random: correlation((one) => one.random),
      turns: correlation(({ read: { outcome } }) => -outcome.turns),
      length: correlation(({ read: { outcome } }) => -outcome.engagement.userLength),
      repetition: correlation(({ read: { turns: own } }) => -mean(own.map((_, i) => repetitionOf(own, i)))),
    },
    ceiling,
    share_of_ceiling: byDomain((domain) => ratio(overall[domain], ceiling[domain])),
    bad_turn: badTurns(turns),
    recovery: recoveryOfRatings(rows),
    behavioural_recovery: behaviouralRecovery(read),
  };
}

function ratedTurns({ row, read }: ReadRow, random: () => number): RatedTurn[] {
  const users = row.turns.filter(({ role }) => role === 'user');
  return users.flatMap(({ sat, text }, i) => {
    const friction = read.frictions[i]?.friction;
    if (sat === undefined || sat.length === 0 || friction === undefined) return [];
    return [
      {
        domain: row.domain,
        label: mean(sat) <= LOW ? 1 : 0,
        friction,
        random: random(),
        turnsSoFar: i,
        length: text.length,
        repetition: repetitionOf(read.turns, i),
      } as const,
    ];
  });
}

function repetitionOf(turns: ReadDialogue['turns'], i: number): number {
  return sketchSimilarity(turns[i - 1]?.userSketch ?? '', turns[i]?.userSketch ?? '');
}

/** The first annotator against the mean of the others of the same dialogue. */
function ceilingOf(rows: readonly UssRow[]): number | null {
  const several = rows.filter(({ overall_sat: ratings }) => ratings.length >= 2);
  return spearman(
    several.map(({ overall_sat: ratings }) => ratings[0] ?? 0),
    several.map(({ overall_sat: ratings }) => mean(ratings.slice(1))),
  );
}

function badTurns(turns: readonly RatedTurn[]): UssFigures['bad_turn'] {
  const flagged = turns.filter(({ friction }) => friction >= BAD_FROM);
  const low = turns.filter(({ label }) => label === 1);
  const right = flagged.filter(({ label }) => label === 1).length;
  return {
    flagged: ratio(flagged.length, turns.length),
    precision: ratio(right, flagged.length),
    recall: ratio(right, low.length),
  };
}

/** One annotator at a time; 2 and below is bad, 4 and above good. */
function recoveryOfRatings(rows: readonly UssRow[]): UssFigures['recovery'] {
  const total = { followed: 0, next3: 0, next4: 0, ever3: 0, ever4: 0 };
  for (const { turns } of rows) {
    const rated = turns.flatMap(({ sat }) => (sat === undefined ? [] : [sat]));
    const annotators = Math.max(0, ...rated.map((sat) => sat.length));
    for (let a = 0; a < annotators; a++) {
      const levels = rated.flatMap((sat): TurnLevel[] => {
        const rating = sat[a];
        return rating === undefined ? [] : [rating <= 2 ? 'bad' : rating >= 4 ? 'good' : 'neutral'];
      });
      const counts = countRecoveries(levels, 1);
      total.followed += counts.followed;
      total.next3 += counts.within;
      total.next4 += counts.goodWithin;
      total.ever3 += counts.ever;
      total.ever4 += counts.goodEver;
    }
  }
  const share = (n: number): number | null => ratio(n, total.followed);
  return {
    bad: total.followed,
    next3: share(total.next3),
    next4: share(total.next4),
    ever3: share(total.ever3),
    ever4: share(total.ever4),
  };
}

function behaviouralRecovery(read: readonly ReadRow[]): UssFigures['behavioural_recovery'] {
  const total = { followed: 0, next: 0, ever: 0 };
  for (const { read: one } of read) {
    const levels = frictionOf(one.turns).map(({ friction }): TurnLevel => (friction >= BAD_FROM ? 'bad' : 'neutral'));
    const counts = countRecoveries(levels, 1);
    total.followed += counts.followed;
    total.next += counts.within;
    total.ever += counts.ever;
  }
  return { next: ratio(total.next, total.followed), ever: ratio(total.ever, total.followed) };
}

function byDomain(figure: (domain: Domain) => number | null): ByDomain {
  return { sgd: figure('sgd'), mwoz: figure('mwoz'), redial: figure('redial') };
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}
