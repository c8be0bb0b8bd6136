import { causeOfDrift } from '../../src/stats/drift-cause';
import { driftVectors } from '../../src/stats/attribution';
import { attributeMixShift, type PeriodMix } from '../../src/stats/mix-shift';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';
import { type DriftFigure, mostCommon } from './figure';
import { dropAlarm, redraw } from './watch-stream';

const PER_DAY = 1000;
const BASELINE = 1000;
const WATCHED = 3000;
const SMALLEST_EFFECT = 0.02;
const GOLDEN = 400;

/**
 * The product answers with one model and then another; the judge is people themselves, so it cannot have moved. The
 * segment is named by the dimension whose mix carries the change: model, or one that has nothing to do with it.
 */
export function modelCase(
  byModel: ReadonlyMap<string, readonly number[]>,
  from: string,
  to: string,
  orders: number,
  seed: number,
): DriftFigure {
  const random = createRandom(seed);
  const [before, after] = [byModel.get(from) ?? [], byModel.get(to) ?? []];
  let fired = 0;
  let named = 0;
  const delays: number[] = [];
  const causes: string[] = [];
  for (let order = 0; order < orders; order++) {
    const reference = redraw(before, BASELINE, random);
    const stream = redraw(after, WATCHED, random);
    const alarm = dropAlarm(reference, stream, PER_DAY, 'page');
    if (alarm !== null) {
      fired += 1;
      delays.push(alarm);
    }
    const seen = alarm === null ? stream : stream.slice(0, alarm);
    const observed = {
      change: (mean(seen) ?? 0) - (mean(reference) ?? 0),
      standardError: Math.hypot(standardErrorOfMean(seen) ?? 0, standardErrorOfMean(reference) ?? 0),
    };
    const golden = redraw(before, GOLDEN, random);
    const vectors = driftVectors(observed, { then: golden, now: golden }, { then: golden, now: golden });
    causes.push(vectors === null ? 'judge unclear' : causeOfDrift(vectors, SMALLEST_EFFECT));
    if (alarm !== null && segmentOf(from, to, reference, seen, random) === `model=${to}`) named += 1;
  }
  return {
    fired_share: fired / orders,
    alert_kinds: fired > 0 ? ['score_regression'] : [],
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    segment: `model=${to}`,
    named_segment_share: named / orders,
    median_items_to_alarm: quantile(delays, 0.5),
    items: WATCHED,
    draws: orders,
  };
}

/** Splits the change by model and by a dimension drawn at random; names the new segment of the one whose mix explains it. */
function segmentOf(
  from: string,
  to: string,
  before: readonly number[],
  after: readonly number[],
  random: () => number,
): string {
  const byModel = attributeMixShift(
    { weights: [before.length, 0], means: [[mean(before)], [null]] },
    { weights: [0, after.length], means: [[null], [mean(after)]] },
    [1],
  );
  const [beforeHalves, afterHalves] = [before, after].map((values) => {
    const halves: number[][] = [[], []];
    for (const value of values) halves[random() < 0.5 ? 0 : 1]!.push(value);
    return { weights: halves.map((half) => half.length), means: halves.map((half) => [mean(half)]) };
  }) as unknown as [PeriodMix, PeriodMix];
  const byChance = attributeMixShift(beforeHalves, afterHalves, [1]);
  if (Math.abs(byModel.mixTotal) <= Math.abs(byChance.mixTotal)) return 'half';
  const largest = byModel.mixBySegment.indexOf(Math.min(...byModel.mixBySegment));
  // Both carry half of it; the one that came is what on-call looks for.
  return byModel.mixBySegment[1]! < 0 || largest === 1 ? `model=${to}` : `model=${from}`;
}
