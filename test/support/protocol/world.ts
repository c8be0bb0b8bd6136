import type { PartitionPosition } from '../../../src/domain/coordinates';
import type { LedgerRecord } from '../../../src/domain/ledger-record';
import type { CheckpointStore } from '../../../src/ledger/checkpoint-port';
import type { LedgerWriter } from '../../../src/ledger/port';
import { partitionKey } from '../../../src/domain/coordinates';
import type { SeededRandom } from '../builders/random';
import { createMemoryCheckpoints, type MemoryCheckpoints } from '../fakes/memory-checkpoints';
import { createMemoryLedger, type MemoryLedger } from '../fakes/memory-ledger';
import { createMemoryBroker, type MemorySource, type OpenMemoryBroker } from '../fakes/memory-source';
import { TOPIC } from '../../unit/pipeline/rig';

/** What outlives every process. */
export interface World {
  readonly broker: OpenMemoryBroker;
  readonly ledger: MemoryLedger;
  readonly checkpoints: MemoryCheckpoints;
  /** Chances of each write: that its effect comes and its acknowledgement does not, and that neither comes. */
  trouble: { lostAck: number; refused: number };
}

export function createWorld(): World {
  return {
    broker: createMemoryBroker({ [TOPIC]: 2 }),
    ledger: createMemoryLedger(),
    checkpoints: createMemoryCheckpoints(),
    trouble: { lostAck: 0, refused: 0 },
  };
}

/**
 * One process's way to the world. While it is frozen (SIGSTOP) nothing of it takes effect; when it thaws, all that it
 * was about to do happens, late. Once dead nothing happens any more, but what was on the wire may still arrive.
 */
export interface Hands {
  readonly ledger: LedgerWriter;
  readonly checkpoints: CheckpointStore;
  commit(source: MemorySource, positions: readonly PartitionPosition[], epoch: number): Promise<void>;
  freeze(): void;
  thaw(): void;
  kill(): void;
  isFrozen(): boolean;
  isDead(): boolean;
}

const NEVER = new Promise<never>(() => {});

export function createHands(world: World, random: SeededRandom): Hands {
  let state: 'alive' | 'frozen' | 'dead' = 'alive';
  let waiting: (() => void)[] = [];

  const alive = (): Promise<void> => {
    if (state === 'alive') return Promise.resolve();
    if (state === 'dead') return NEVER;
    return new Promise((resolve) => waiting.push(resolve));
  };

  /** A request and its answer, with all that may go wrong between the two. */
  const request = async (effect: () => Promise<void>): Promise<void> => {
    await alive();
    if (random.chance(world.trouble.refused)) throw unreachable();
    await effect();
    await alive();
    if (random.chance(world.trouble.lostAck)) throw unreachable();
  };

  return {
    ledger: {
      append: (records: readonly LedgerRecord[]) => request(() => world.ledger.append(records)),
      close: () => Promise.resolve(),
    },
    checkpoints: {
      load: () => world.checkpoints.load(),
      async write(records) {
        // One by one, so that a process can die between two of them.
        for (const record of records) await request(() => world.checkpoints.write([record]));
      },
      close: () => Promise.resolve(),
    },
    async commit(source, positions, epoch) {
      await alive();
      if (random.chance(world.trouble.refused)) return;
      const wasLate = state === 'alive' && positions.some((position) => !owns(source, position));
      // A broker takes the commit of a former owner when its generation cannot tell (kafkajs #1046): backwards, too.
      if (wasLate && random.chance(0.5)) return moveBack(world.broker, positions);
      await source.commit(positions, epoch);
    },
    freeze: () => void (state === 'alive' && (state = 'frozen')),
    thaw() {
      if (state !== 'frozen') return;
      state = 'alive';
      const late = waiting;
      waiting = [];
      for (const proceed of late) proceed();
    },
    kill() {
      // What was on its way to the broker may arrive after the end of its sender.
      if (state === 'frozen' && random.chance(0.3)) for (const proceed of waiting) proceed();
      state = 'dead';
      waiting = [];
    },
    isFrozen: () => state === 'frozen',
    isDead: () => state === 'dead',
  };
}

function owns(source: MemorySource, position: PartitionPosition): boolean {
  return source.state().assigned.some((at) => partitionKey(at) === partitionKey(position));
}

function moveBack(broker: OpenMemoryBroker, positions: readonly PartitionPosition[]): void {
  for (const position of positions) {
    const log = broker.logs.get(partitionKey(position));
    if (log !== undefined) log.committed = position.offset;
  }
}

function unreachable(): Error {
  return Object.assign(new Error('no acknowledgement'), { retriable: true });
}
