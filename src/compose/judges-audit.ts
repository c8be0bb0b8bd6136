import {
  auditAgainstPeople,
  type HumanAudit,
  PUBLISHED,
  raterDrift,
  type RaterDrift,
} from '../calibration/human-audit';
import type { LoadedConfig } from '../config/load';
import { createRecordCodec } from '../decode/avro-codec';
import { checkpointsOf, readLedgerOf } from './data-directory';
import { readJsonLines } from './json-lines';
import { foldDirectory } from './ledger-fold';

export interface AuditReport extends HumanAudit {
  readonly raterDrift: readonly RaterDrift[];
}

/** Every judge of a data directory beside the labels in its ledger, and its pass rates put right. */
export async function auditDirectory(directory: string, loaded: LoadedConfig): Promise<AuditReport> {
  const parts = { reader: readLedgerOf(directory), checkpoints: checkpointsOf(directory) };
  const { labels } = await foldDirectory(parts, loaded);
  const all = labels.map(({ value }) => value);
  const pool = await poolOf(directory);
  return { ...auditAgainstPeople(all, { pool, targets: loaded.config.reviews.targets }), raterDrift: raterDrift(all) };
}

const verdicts = createRecordCodec('verdict');

/** Scores of the published values, and of the cheap stage's judges: those alone see every item that is judged. */
async function poolOf(directory: string): Promise<Map<string, number[]>> {
  const pool = new Map<string, number[]>();
  const add = (judge: string, criterion: string, score: number | null): void => {
    if (score === null) return;
    const key = `${judge}\n${criterion}`;
    const scores = pool.get(key);
    if (scores === undefined) pool.set(key, [score]);
    else scores.push(score);
  };
  for await (const json of readJsonLines(`${directory}/verdicts.jsonl`)) {
    const verdict = verdicts.fromJson(json);
    if (!verdict.ok) continue;
    for (const { criterion, score, cheap } of verdict.value.criteria) {
      add(PUBLISHED, criterion, score);
      for (const answer of cheap) add(answer.judge, criterion, answer.score);
    }
  }
  return pool;
}
