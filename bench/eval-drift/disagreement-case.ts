import { mean } from '../../src/stats/moments';
import { createRandom } from '../../src/stats/seeded-random';
import { type DriftFigure, mostCommon } from './figure';
import { createFoldStream, kindsOf, redraw } from './fold-stream';
import type { JudgedAnswer } from './rows';

const BASELINE = 2000;
const WATCHED = 4000;
/** Share of answers that people review, drawn at random. */
const REVIEWED = 0.2;

/**
 * The product changes model, people find the answers worse and the judge finds them better. Reviews are a random fifth
 * and come as label records; the fold does the rest.
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
  const causes: string[] = [];
  const kinds = new Set<string>();
  for (let order = 0; order < orders; order++) {
    const stream = createFoldStream({ reference: 1000 });
    const serve = (items: ReturnType<typeof pool>, model: string): void => {
      for (const { human, judged } of items) {
        stream.session([{ score: judged, model }]);
        if (random() < REVIEWED) stream.label(human, judged, REVIEWED);
      }
    };
    serve(redraw(before, BASELINE, random), models[0]);
    serve(redraw(after, WATCHED, random), models[1]);
    const { alerts } = stream.finish();
    const raised = kindsOf(alerts);
    for (const kind of raised) kinds.add(kind);
    const strict = alerts.some(({ series }) => series.criterion.endsWith(':strict'));
    if (raised.has('judge_human_disagreement')) fired += 1;
    if (raised.has('score_regression')) regressions += 1;
    causes.push(
      !raised.has('judge_human_disagreement')
        ? 'nothing'
        : strict
          ? 'judge stricter than people'
          : 'product, misread by the judge',
    );
  }
  const share = (items: ReturnType<typeof pool>, of: 'human' | 'judged'): number =>
    mean(items.map((one) => one[of])) ?? 0;
  return {
    fired_share: fired / orders,
    alert_kinds: [...kinds].sort(),
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    score_regression_share: regressions / orders,
    judge_moved_by: share(after, 'judged') - share(before, 'judged'),
    people_moved_by: share(after, 'human') - share(before, 'human'),
    items: WATCHED,
    draws: orders,
  };
}
