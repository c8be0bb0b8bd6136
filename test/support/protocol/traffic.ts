import type { TopicPartition } from '../../../src/domain/coordinates';
import type { CriterionVerdict } from '../../../src/domain/verdict';
import { P0, P1, skippedTurn, type TestRecord, turn } from '../../unit/pipeline/rig';
import type { SeededRandom } from '../builders/random';
import {
  buildCriterionVerdict,
  buildEscalatedVerdict,
  buildNotApplicableVerdict,
  buildUnjudgedVerdict,
} from '../builders/verdict';

export interface Produced {
  readonly at: TopicPartition;
  readonly record: TestRecord;
}

/** What must be counted in the end, whatever happened on the way; numbers by name, so that two can be compared. */
export type Expected = Readonly<Record<string, number>>;

/** Records of every kind over two partitions; some interactions are sent twice, the copies equal in every field. */
export function randomTraffic(random: SeededRandom, count: number): Produced[] {
  return Array.from({ length: count }, (_, index) => ({
    at: random.chance(0.5) ? P0 : P1,
    record: one(random, index),
  }));
}

function one(random: SeededRandom, index: number): TestRecord {
  const kind = random.int(16);
  if (kind === 0) return { kind: 'filtered' };
  if (kind === 1) return { kind: 'fault' };
  if (kind === 2) return { kind: 'behaviour' };
  if (kind === 3) return { kind: 'check_bug', interaction: { interactionId: `bug-${index}` } };
  if (kind < 7) return skippedTurn(`i-${index}`, { conversationId: `c-${random.int(4)}` });
  const id = random.int(40);
  return turn(`s-${id}`, { segments: { product: id % 3 === 0 ? 'support' : 'search' } });
}

/** The judge's opinion depends on the id alone; scores are dyadic, so that sums are exact in any order. */
export function verdictOf(id: string): CriterionVerdict {
  const n = [...id].reduce((hash, unit) => (hash * 31 + unit.charCodeAt(0)) >>> 0, 7);
  const cheap = (n % 17) / 16;
  if (n % 7 === 0) return buildUnjudgedVerdict('timeout');
  if (n % 7 === 1) return buildNotApplicableVerdict();
  if (n % 7 < 4) return buildEscalatedVerdict(cheap, (n % 5) / 4, n % 2 === 0 ? 0.25 : 1);
  return buildCriterionVerdict({ score: cheap, pass: cheap >= 0.5, estimatorValue: cheap });
}

/** From the traffic alone, without any of the code under test. */
export function expectedOf(traffic: readonly Produced[]): Expected {
  const counts: Record<string, number> = {};
  const add = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const seen = new Set<string>();
  for (const { record } of traffic) {
    add('in');
    if (record.kind === 'filtered' || record.kind === 'behaviour') add(record.kind);
    else if (record.kind !== 'interaction') add('dead_lettered');
    else {
      const { interactionId = '', segments } = record.interaction ?? {};
      if (seen.has(interactionId)) {
        add('duplicate');
        continue;
      }
      seen.add(interactionId);
      add('interactions');
      if (segments?.['sampled'] === 'no') {
        add('checked_only');
        add('result not_sampled');
        continue;
      }
      const { result, pass } = verdictOf(interactionId);
      add(result === 'not_applicable' ? 'checked_only' : 'judged');
      add(`result ${result}`);
      if (result === 'scored') add(pass === true ? 'pass' : 'fail');
    }
  }
  return counts;
}
