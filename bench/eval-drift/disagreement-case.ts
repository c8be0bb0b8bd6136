import { driftVectors } from '../../src/stats/attribution';
import { causeOfDrift } from '../../src/stats/drift-cause';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';
import { type DriftFigure, mostCommon } from './figure';
import type { JudgedAnswer } from './rows';
import { dropAlarm, redraw } from './watch-stream';

const PER_DAY = 1000;
const BASELINE = 2000;
const WATCHED = 4000;
/** Share of answers that people review, drawn at random. */
const REVIEWED = 0.2;
const SMALLEST_EFFECT = 0.02;

/**
 * The product changes model, people find the answers worse and the judge finds them better. Reviews are a random fifth;
 * the series is "people minus judge" on reviewed answers, moved into [0, 1], and its fall is the disagreement.
 */
export function disagreementCase(
  answers: readonly JudgedAnswer[],
  judge: string,
  models: readonly [before: string, after: string],
  orders: number,
  seed: number,
): DriftFigure {
  const random = createRandom(seed);
  const pool = (model: string): { human: number; judged: number }[] =>
    answers.flatMap((answer) => {
      const judged = answer.verdictOf(judge);
      return answer.model === model && judged !== null ? [{ human: answer.human, judged }] : [];
    });
  const [before, after] = models.map(pool) as [ReturnType<typeof pool>, ReturnType<typeof pool>];
  let fired = 0;
  let regressions = 0;
  const delays: number[] = [];
  const causes: string[] = [];
  for (let order = 0; order < orders; order++) {
    const reference = redraw(before, BASELINE, random);
    const stream = redraw(after, WATCHED, random);
    const reviewed = (items: typeof reference): number[] =>
      items.flatMap(({ human, judged }) => (random() < REVIEWED ? [(human - judged + 1) / 2] : []));
    const alarm = dropAlarm(reviewed(reference), reviewed(stream), PER_DAY * REVIEWED, 'ticket');
    if (alarm !== null) {
      fired += 1;
      delays.push(alarm / REVIEWED);
    }
    const judgedOf = (items: typeof reference): number[] => items.map(({ judged }) => judged);
    if (dropAlarm(judgedOf(reference), judgedOf(stream), PER_DAY, 'page') !== null) regressions += 1;
    causes.push(causeFrom(judgedOf(reference), judgedOf(stream), alarm !== null));
  }
  const kinds = [...(fired > 0 ? ['judge_human_disagreement'] : []), ...(regressions > 0 ? ['score_regression'] : [])];
  const share = (items: readonly { human: number; judged: number }[], of: 'human' | 'judged'): number | null =>
    mean(items.map((item) => item[of]));
  return {
    fired_share: fired / orders,
    alert_kinds: kinds,
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    score_regression_share: regressions / orders,
    judge_moved_by: (share(after, 'judged') ?? 0) - (share(before, 'judged') ?? 0),
    people_moved_by: (share(after, 'human') ?? 0) - (share(before, 'human') ?? 0),
    median_items_to_alarm: quantile(delays, 0.5),
    items: WATCHED,
    draws: orders,
  };
}

/** The judge's answers on the frozen set are the same as ever: what moved is the product, and the judge misreads it. */
function causeFrom(then: readonly number[], now: readonly number[], isDisputed: boolean): string {
  const golden = then.slice(0, 400);
  const vectors = driftVectors(
    {
      change: (mean(now) ?? 0) - (mean(then) ?? 0),
      standardError: Math.hypot(standardErrorOfMean(then) ?? 0, standardErrorOfMean(now) ?? 0),
    },
    { then: golden, now: golden },
    { then: golden, now: golden },
  );
  const cause = vectors === null ? 'judge unclear' : causeOfDrift(vectors, SMALLEST_EFFECT);
  return isDisputed && cause === 'product' ? 'product, misread by the judge' : cause;
}
