import { partitionKey, type TopicPartition } from '../../../src/domain/coordinates';
import type { CriterionVerdict } from '../../../src/domain/verdict';
import type { JudgingRequest } from '../../../src/judge/cascade-port';
import { createCheckpointer } from '../../../src/watch/checkpointer';
import type { Fold } from '../../../src/watch/fold';
import type { FoldOptions } from '../../../src/watch/options';
import { writtenIn } from '../../../src/watch/partitions';
import type { FoldState } from '../../../src/watch/state';
import { createWatch, type Watch } from '../../../src/watch/watch';
import { createRig, type Rig } from '../../unit/pipeline/rig';
import type { VirtualTime } from '../virtual-time';
import type { SeededRandom } from '../builders/random';
import { createMemorySource, type MemorySource } from '../fakes/memory-source';
import { commitHighest, multiRecordCheckpoints, type Mutant, withoutDedupe } from './mutants';
import { verdictOf } from './traffic';
import { createHands, type Hands, type World } from './world';

export interface ScoreProcess {
  readonly hands: Hands;
  readonly source: MemorySource;
  readonly rig: Rig;
  /** Configuration under which it was started. */
  readonly configVersion: number;
  answerSome(): void;
  kill(): void;
}

export interface Setting {
  readonly world: World;
  readonly random: SeededRandom;
  readonly time: VirtualTime;
  readonly mutant: Mutant | null;
  readonly fold: Fold;
  readonly options: FoldOptions;
}

/** The real pipeline as a process of its own. */
export async function startScore(
  { world, random, time, mutant, fold }: Setting,
  name: string,
  assigned: readonly TopicPartition[],
  configVersion: number,
): Promise<ScoreProcess> {
  const hands = createHands(world, random);
  const source = createMemorySource({ broker: world.broker, assigned, batchSize: 1 + random.int(8) });
  const { judge, answerSome } = erraticJudge(random);
  // Its own process may fold or not; a mutant's ledger is not one to go by.
  const looksUp = mutant === null && random.chance(0.5);
  const foldedNow = (): FoldState => {
    const state = fold.initial();
    for (const entry of world.ledger.entries) fold.applyEntry(state, entry);
    return state;
  };
  const wrong = mutant === 'commit highest completed' ? commitHighest(hands.ledger) : null;
  const rig = createRig({
    broker: world.broker,
    time,
    judge,
    attempt: name,
    deps: {
      ...(looksUp ? { written: (at) => Promise.resolve(writtenIn(foldedNow().partitions.get(partitionKey(at)))) } : {}),
      ledger: wrong?.ledger ?? hands.ledger,
      source: {
        ...source,
        commit: (positions, epoch) => hands.commit(source, wrong?.positions(positions) ?? positions, epoch),
      },
    },
    options: {
      itemDeadlineMs: 10_000_000,
      batchRecords: 1 + random.int(8),
      concurrency: 1 + random.int(6),
      window: { maxBytes: 1_000_000, maxRecords: 4 + random.int(20), resumeRatio: 0.5 },
    },
  });
  await rig.pipeline.start();
  return {
    hands,
    source,
    rig,
    configVersion,
    answerSome,
    kill() {
      hands.kill();
      void rig.pipeline.stop();
    },
  };
}

/** Answers in any order, some of them late. */
function erraticJudge(random: SeededRandom): {
  readonly judge: (request: JudgingRequest) => Promise<readonly CriterionVerdict[]>;
  readonly answerSome: () => void;
} {
  let waiting: (() => void)[] = [];
  return {
    judge({ interaction, signal }) {
      const answer = [verdictOf(interaction.interactionId)];
      if (random.chance(0.3)) return Promise.resolve(answer);
      return new Promise((resolve) => {
        waiting.push(() => resolve(answer));
        signal.addEventListener('abort', () => resolve(answer), { once: true });
      });
    },
    answerSome() {
      const due = random.shuffle(waiting).slice(0, 1 + random.int(waiting.length + 1));
      waiting = waiting.filter((answer) => !due.includes(answer));
      for (const answer of due) answer();
    },
  };
}

export interface WatchProcess {
  readonly hands: Hands;
  readonly watch: Watch;
  kill(): void;
}

/** Where a mutant keeps the position apart from the state. */
export interface GroupPosition {
  value: bigint;
}

/** The real watch, restored from what the world's store holds. */
export async function startWatch(setting: Setting, name: string, group: GroupPosition): Promise<WatchProcess> {
  const { world, random, time, mutant, options } = setting;
  const hands = createHands(world, random);
  const everyRecords = BigInt(1 + random.int(12));
  const isOwner = (): boolean => !hands.isDead();
  const checkpoints =
    mutant === 'multi-record snapshot'
      ? multiRecordCheckpoints(hands.checkpoints, everyRecords, isOwner)
      : createCheckpointer({
          store: hands.checkpoints,
          instance: 'sim',
          writer: name,
          monotonicMs: () => time.clock.monotonicMs(),
          breathe: () => new Promise((resolve) => setImmediate(resolve)),
          everyRecords,
          oneRecordBytes: random.chance(0.5) ? 0 : 600_000,
          isOwner,
          onFailure: () => {},
        });
  const restored = await checkpoints.restore(options);
  if (restored !== null && mutant === 'state without position') restored.state.position = group.value;
  const fold = mutant === 'no dedupe' ? withoutDedupe(setting.fold) : setting.fold;
  const watch = createWatch({
    reader: {
      read: (reading) =>
        world.ledger.read({
          ...reading,
          async onEntries(entries) {
            // A stopped process reads nothing either.
            while (hands.isFrozen()) await time.settle();
            if (hands.isDead()) return;
            await reading.onEntries(entries);
            group.value = watch.position();
          },
        }),
    },
    fold,
    follow: true,
    checkpoints,
    instance: 'sim',
    ...(restored === null ? {} : { restored: restored.state }),
  });
  watch.start();
  return {
    hands,
    watch,
    kill() {
      hands.kill();
      void watch.stop().catch(() => {});
    },
  };
}
