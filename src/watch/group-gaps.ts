import type { Label } from '../domain/label';
import { segmentLabel, type SegmentKey } from '../domain/segment';
import type { GroupGap } from '../domain/session-outcome';
import { classOf, FEWEST_IN_CLASS, type JudgedScores } from '../sessions/judged-groups';
import { addScore, standardisedGap } from '../stats/group-gap';
import { HUMAN_PASS, standsForTraffic } from './label-agreement';
import { ALL_SEGMENTS, OTHER_VALUE } from './segments';

/** The scores of a group, or of everyone. */
export interface JudgedGroup {
  readonly segment: SegmentKey;
  readonly judged: readonly JudgedScores[];
}

/**
 * Where judges score a group differently from others whose cases were as good. Of several panels the one that scored most
 * of the group speaks. `__other__` is an ever-changing mixture and is left out. Widest gap first.
 */
export function groupGaps(groups: readonly JudgedGroup[], by: GroupGap['by'], minGroup: number): GroupGap[] {
  const everyone = groups.find(({ segment }) => segment.dimension === ALL_SEGMENTS.dimension)?.judged ?? [];
  const gaps = groups.flatMap(({ segment, judged }) => {
    if (segment.dimension === ALL_SEGMENTS.dimension || segment.value === OTHER_VALUE) return [];
    return largestPanels(judged).flatMap((own): GroupGap[] => {
      const all = everyone.find(({ criterion, panel }) => criterion === own.criterion && panel === own.panel);
      const estimate =
        all === undefined
          ? null
          : standardisedGap(
              [
                [own.poor, all.poor],
                [own.good, all.good],
              ],
              FEWEST_IN_CLASS,
            );
      if (estimate === null || estimate.n < minGroup) return [];
      const [lower, upper] = estimate.interval;
      const { criterion, panel } = own;
      return [{ segment, criterion, panel, by, gap: { value: estimate.gap, lower, upper, n: estimate.n } }];
    });
  });
  return gaps.sort((a, b) => Math.abs(b.gap.value) - Math.abs(a.gap.value));
}

/** The published scores of labelled items by what people said of them, by segment of the item. */
export function labelledGroups(labels: Iterable<Label>): JudgedGroup[] {
  const groups = new Map<string, { readonly segment: SegmentKey; readonly judged: JudgedScores[] }>();
  for (const label of labels) {
    const { value, score, criterion, panel, segments } = label;
    if (value === null || score === null || !standsForTraffic(label)) continue;
    const keys = Object.entries(segments).map(([dimension, of]): SegmentKey => ({ dimension, value: of }));
    for (const segment of [ALL_SEGMENTS, ...keys]) {
      const name = segmentLabel(segment);
      let group = groups.get(name);
      if (group === undefined) groups.set(name, (group = { segment, judged: [] }));
      addScore(classOf(group.judged, 0, criterion, panel ?? '', value >= HUMAN_PASS), score);
    }
  }
  return [...groups.values()];
}

function largestPanels(judged: readonly JudgedScores[]): JudgedScores[] {
  const best = new Map<string, JudgedScores>();
  for (const one of judged) {
    const other = best.get(one.criterion);
    if (other === undefined || sizeOf(one) > sizeOf(other)) best.set(one.criterion, one);
  }
  return [...best.values()];
}

function sizeOf({ poor, good }: JudgedScores): number {
  return poor.n + good.n;
}
