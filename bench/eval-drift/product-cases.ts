import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';
import { type DriftFigure, mostCommon } from './figure';
import { createFoldStream, type FoldStream, kindsOf, PER_DAY, redraw } from './fold-stream';

const BASELINE = 1000;
const WATCHED = 3000;
const GOLDEN = 400;

/**
 * The product answers with one model and then another; the judge is people themselves, so re-runs on the frozen set find
 * it where it was. Named is the cause in the alert's own words, and the segment among what it says came with the change.
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
  const kinds = new Set<string>();
  for (let order = 0; order < orders; order++) {
    const stream = createFoldStream({ reference: BASELINE });
    const changedAt = tellModelChange(stream, { from, to, before, after }, random);
    const { alerts, incidents } = stream.finish();
    const drops = alerts.filter(({ series }) => series.kind === 'score_regression');
    for (const kind of kindsOf(alerts)) kinds.add(kind);
    const first = drops[0];
    if (first === undefined) {
      causes.push('nothing');
      continue;
    }
    fired += 1;
    delays.push(((first.firedAt - changedAt) / 86_400_000) * PER_DAY);
    const label = `model=${to}`;
    const isNamed = first.newSince.includes(label) || incidents.some(({ scope }) => scope.value === to);
    if (isNamed) named += 1;
    causes.push(first.text.includes('Judge ruled out') ? 'product' : 'judge not ruled out');
  }
  return {
    fired_share: fired / orders,
    alert_kinds: [...kinds].sort(),
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    segment: `model=${to}`,
    named_segment_share: named / orders,
    median_items_to_alarm: quantile(delays, 0.5),
    items: WATCHED,
    draws: orders,
  };
}

export interface ModelChange {
  readonly from: string;
  readonly to: string;
  /** What people say of the answers of either. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A baseline from the one model, then the other; asked about the frozen set, the judge is where it was. Returns when. */
export function tellModelChange(
  stream: FoldStream,
  { from, to, before, after }: ModelChange,
  random: () => number,
): number {
  const golden = redraw(before, GOLDEN, random);
  stream.goldenRun('schedule', golden, golden);
  for (const score of redraw(before, BASELINE, random)) stream.session([{ score, model: from }]);
  const changedAt = stream.now();
  for (const score of redraw(after, WATCHED, random)) {
    stream.session([{ score, model: to }]);
    if (stream.isSuspected()) stream.goldenRun('suspicion', golden, golden);
  }
  return changedAt;
}
