import type { KafkaAccess } from '../source/kafka-client';
import { createKafkaMember } from '../source/kafka-client-member';

export interface LedgerOwnerOptions extends KafkaAccess {
  /** The ledger: one partition, so one member of the group has it and the others wait. */
  readonly topic: string;
  /** E.g. `plumbline-watch`; the same in every process of the instance. */
  readonly groupId: string;
  readonly onOwned: () => void;
  readonly onLost: () => void;
  /** The membership cannot be had at all. */
  readonly onGone: (error: Error) => void;
}

export interface LedgerOwner {
  /** Resolves when the group has an owner; rejects with a MonitorError when this process cannot be a member. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Which process writes checkpoints, policy and exact figures. The group only elects: nothing is fetched in it and
 * nothing committed, since every process folds the whole ledger by itself and a new owner is up to date already. What a
 * paused former owner still writes is old but true, so two owners for a while are no fault.
 */
export function electLedgerOwner(options: LedgerOwnerOptions): LedgerOwner {
  const { topic, groupId, onOwned, onLost, onGone, ...access } = options;
  let owner = false;
  const become = (now: boolean): void => {
    if (owner === now) return;
    owner = now;
    if (now) onOwned();
    else onLost();
  };
  const member = createKafkaMember({
    ...access,
    topics: [topic],
    groupId,
    maxFetchBytes: 1024 * 1024,
    events: {
      onJoin(assigned) {
        member.pause(assigned);
        become(assigned.length > 0);
      },
      onBatch: () => {},
      onEmptyBatch: () => {},
      onHeartbeat: () => {},
      onRebalance: () => {},
      onDown: () => become(false),
      onGone(error) {
        become(false);
        onGone(error);
      },
    },
  });
  const started = member.start();
  started.catch(() => {});
  return {
    started,
    stop: () => member.stop(),
  };
}
