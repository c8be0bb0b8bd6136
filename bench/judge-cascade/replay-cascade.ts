import { combineScores } from '../../src/judge/combine';
import { routeGroup } from '../../src/judge/route';
import { criterionOptions } from '../../src/judge/options';
import type { JudgeAnswer } from '../../src/domain/verdict';
import type { CascadeItem, CascadeSet, Units } from './item';

/** An item with what the ensemble says and what asking it costs. */
export interface Prepared {
  readonly item: CascadeItem;
  readonly ensemble: number;
  /** All members at once. */
  readonly together: Units;
  /** In rising order of price, until those left cannot change the verdict (`asking: until_decided`). */
  readonly untilDecided: Units;
  /** `together`, over all items alike: what always-ensemble costs here. */
  readonly price: Units;
}

const QUORUM = 2;

/** Items on which at least two members have a verdict; the others are unjudged. */
export function prepare(set: CascadeSet): Prepared[] {
  return set.items.flatMap((item): Prepared[] => {
    const scores = item.members.flatMap(({ score }) => score ?? []);
    if (scores.length < QUORUM) return [];
    const together = item.members.reduce((sum, { price }) => sum + price, 0);
    const untilDecided = askInTurn(item, set.scale);
    return [{ item, ensemble: vote(scores, set.scale), together, untilDecided, price: together }];
  });
}

/** The product's own combination: a majority, or on pairs the median, which is the majority or, without one, the tie. */
export function vote(scores: readonly number[], scale: readonly number[]): number {
  if (scale.length === 2) return combineScores(scores, 'majority', 0.5);
  const middle = combineScores(scores, 'median', 0.5);
  return scale.includes(middle) ? middle : 0.5;
}

function askInTurn(item: CascadeItem, scale: readonly number[]): Units {
  const heard: number[] = [];
  let cost = 0;
  for (const [i, { score, price }] of item.members.entries()) {
    cost += price;
    if (score !== null) heard.push(score);
    const left = item.members.length - i - 1;
    if (heard.length < QUORUM) continue;
    const ends = [vote(heard, scale), ...scale.map((end) => vote([...heard, ...repeat(end, left)], scale))];
    if (new Set(ends).size === 1) break;
  }
  return cost;
}

/**
 * What the product's route does with the readings as they are: sure reasons escalate, the others are audited. A margin
 * counts as a borderline score.
 */
export function routeProbability(item: CascadeItem, auditProbability: number): number {
  const answers = item.readings.map((score, i) => recorded(`reading ${i}`, score));
  const margin = item.unsure && item.readings.length === 1 ? [{ ...recorded('margin', 0.5) }] : answers;
  return routeGroup(
    { criteria: [CRITERION], cheap: new Map([['c', margin]]), failedChecks: [], bandEnabled: true, draw: 0 },
    { band: { low: 0.25, high: 0.75 }, auditProbability },
  ).probability;
}

const CRITERION = criterionOptions.parse({ name: 'c', rubric: 'recorded' });

function recorded(judge: string, score: number | null): JudgeAnswer {
  return {
    judge,
    family: judge,
    outcome: score === null ? 'unreadable' : 'scored',
    score,
    writtenScore: null,
    confidence: null,
    rationale: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    ms: 0,
    attempts: 1,
    reportedVersion: null,
  };
}

function repeat(value: number, times: number): number[] {
  return new Array<number>(times).fill(value);
}
