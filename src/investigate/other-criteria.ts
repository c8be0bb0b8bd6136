import type { EvidenceStore } from '../store/port';
import type { Effect } from './effect';
import type { Subject } from './gather';
import { summary } from './summary';

export interface CriterionChange {
  readonly criterion: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly change: Effect | null;
}

const MOST_CRITERIA = 10;
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

/** What became of the other criteria meanwhile, from the hourly sums: the hour of the change counts as after it. */
export async function otherCriteria(store: EvidenceStore, subject: Subject): Promise<CriterionChange[]> {
  const { segment, to } = subject;
  const changeAt = Math.floor(subject.changeAt / HOUR_MS) * HOUR_MS;
  const names = (await store.criteria()).filter((name) => name !== subject.criterion);
  const changes: CriterionChange[] = [];
  for (const criterion of names.slice(0, MOST_CRITERIA)) {
    const before = summary(await store.series(segment, criterion, changeAt - WEEK_MS, changeAt));
    const after = summary(await store.series(segment, criterion, changeAt, to));
    const isKnown = before.mean !== null && after.mean !== null;
    changes.push({
      criterion,
      before: before.mean,
      after: after.mean,
      change: isKnown
        ? { change: after.mean - before.mean, standardError: Math.hypot(before.error, after.error) }
        : null,
    });
  }
  return changes;
}
