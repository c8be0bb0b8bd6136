import {
  JUDGE_MOVED_EVIDENCE,
  NO_VERDICT_DRIFT,
  stepVerdictDrift,
  verdictDriftEvidence,
} from '../../src/detectors/verdict-drift';
import { driftVectors, pairedShift, type Shift } from '../../src/stats/attribution';
import { causeOfDrift } from '../../src/stats/drift-cause';
import { Z_95 } from '../../src/stats/interval';
import { mean, standardErrorOfMean } from '../../src/stats/moments';
import { createRandom } from '../../src/stats/seeded-random';
import type { DriftFigure } from './figure';
import { mostCommon } from './figure';
import type { JudgedAnswer } from './rows';
import { dropAlarm, redraw } from './watch-stream';

/** A judge that is another from one day to the next while the product stays as it is. */
export interface JudgeCase {
  readonly before: string;
  readonly after: string;
  /** Items of the golden set; null = as many as there are rows. */
  readonly items: number | null;
}

const PER_DAY = 1000;
const BASELINE = 1000;
const WATCHED = 2000;
const SMALLEST_EFFECT = 0.02;

/**
 * Draws a golden set and a production stream from the same rows, lets the judge change, re-runs the golden set, reads
 * the cause off the drift vectors, and runs the score detector on the series corrected for the judge's drift.
 */
export function judgeCase(
  answers: readonly JudgedAnswer[],
  change: JudgeCase,
  draws: number,
  seed: number,
): DriftFigure {
  const random = createRandom(seed);
  const read = answers.flatMap((answer) => {
    const [before, after] = [answer.verdictOf(change.before), answer.verdictOf(change.after)];
    return before === null || after === null ? [] : [{ before, after }];
  });
  const items = change.items ?? read.length;
  let fired = 0;
  let blamed = 0;
  let rawPages = 0;
  const causes: string[] = [];
  const kinds = new Set<string>();
  for (let draw = 0; draw < draws; draw++) {
    const golden = redraw(read, items, random);
    const [sealed, now] = [golden.map(({ before }) => before), golden.map(({ after }) => after)];
    const drift = stepVerdictDrift(NO_VERDICT_DRIFT, sealed, now);
    const moved = verdictDriftEvidence(drift) >= JUDGE_MOVED_EVIDENCE;
    const reference = redraw(read, BASELINE, random).map(({ before }) => before);
    const stream = redraw(read, WATCHED, random).map(({ after }) => after);
    const judge = pairedShift(sealed, now) ?? { change: 0, standardError: 0 };
    const vectors = driftVectors(shiftOfMeans(reference, stream), { then: sealed, now }, { then: [], now: [] });
    causes.push(vectors === null ? 'judge unclear' : causeOfDrift(vectors, SMALLEST_EFFECT));
    if (moved) {
      fired += 1;
      kinds.add('judge_drift');
    }
    if (dropAlarm(reference, stream, PER_DAY, 'page') !== null) rawPages += 1;
    if (correctedAlarm(reference, stream, moved ? judge : null)) {
      blamed += 1;
      kinds.add('score_regression');
    }
  }
  return {
    fired_share: fired / draws,
    alert_kinds: [...kinds].sort(),
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    score_regression_share: blamed / draws,
    score_regression_share_uncorrected: rawPages / draws,
    items,
    draws,
  };
}

/** While the judge has moved its drift is taken off the scores, at the end of its interval that is slower to alarm. */
function correctedAlarm(reference: readonly number[], stream: readonly number[], judge: Shift | null): boolean {
  if (judge === null) return dropAlarm(reference, stream, PER_DAY, 'page') !== null;
  const taken = judge.change - Z_95 * judge.standardError;
  const range = [Math.min(0, -taken), Math.max(1, 1 - taken)] as const;
  const corrected = stream.map((x) => x - taken);
  return dropAlarm(reference, corrected, PER_DAY, 'page', range) !== null;
}

function shiftOfMeans(then: readonly number[], now: readonly number[]): Shift {
  const change = (mean(now) ?? 0) - (mean(then) ?? 0);
  return { change, standardError: Math.hypot(standardErrorOfMean(then) ?? 0, standardErrorOfMean(now) ?? 0) };
}
