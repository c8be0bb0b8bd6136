import { auditAgainstPeople, type HumanAudit, PUBLISHED } from '../../calibration/human-audit';
import { type RaterDrift, raterDrift } from '../../calibration/rater-drift';
import type { LoadedConfig } from '../../config/load';
import { openRecorded, type Recorded, type RecordedPlace } from '../replay/recorded';
import { reviewPartsOf } from '../labels/reviews';

export interface AuditReport extends HumanAudit {
  readonly raterDrift: readonly RaterDrift[];
}

/** Every judge beside people's labels, and its pass rates put right. */
export async function auditJudges(place: RecordedPlace, loaded: LoadedConfig): Promise<AuditReport> {
  const recorded = await openRecorded(loaded, place);
  const { labels } = recorded;
  const pool = await poolOf(recorded);
  const { golden } = await reviewPartsOf(loaded);
  const firsts = new Map(
    golden.flatMap(({ id, human }) =>
      Object.entries(human).map(([criterion, value]): [string, number] => [`${id}\n${criterion}`, value]),
    ),
  );
  const { targets } = loaded.config.reviews;
  return { ...auditAgainstPeople(labels, { pool, targets }), raterDrift: raterDrift(labels, firsts) };
}

/** Scores of the published values, and of the cheap stage's judges: those alone see every item that is judged. */
async function poolOf(recorded: Recorded): Promise<Map<string, number[]>> {
  const pool = new Map<string, number[]>();
  const add = (judge: string, criterion: string, score: number | null): void => {
    if (score === null) return;
    const key = `${judge}\n${criterion}`;
    const scores = pool.get(key);
    if (scores === undefined) pool.set(key, [score]);
    else scores.push(score);
  };
  await recorded.eachVerdict(({ criteria }) => {
    for (const { criterion, score, cheap } of criteria) {
      add(PUBLISHED, criterion, score);
      for (const answer of cheap) add(answer.judge, criterion, answer.score);
    }
  });
  return pool;
}
