import type { MarkerPosition, MarkerRecord } from '../domain/ledger-record';
import type { LedgerWriter } from '../ledger/port';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Source } from '../source/port';
import { type Item, type Partition, toMarkerPosition } from './in-flight';
import type { Outbox } from './outbox';
import { ENDED, isRetriable, type Persistence } from './retry';
import type { Timers } from './timers';

/**
 * The one writer: flushes, markers and commits follow one another here, so none can overtake what it rests on. A marker
 * says what is acknowledged at that moment; its positions are committed after it is durable.
 */
export interface Publisher {
  /** Begins to publish and to mark every interval. */
  start(): void;
  add(item: Item): void;
  /** Publishes what was added, writes the last marker, commits it and ends. */
  finish(final: boolean): Promise<void>;
}

export interface PublisherDeps {
  readonly outbox: Outbox;
  readonly ledger: LedgerWriter;
  readonly source: Pick<Source, 'commit'>;
  readonly persistence: Persistence;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly markerIntervalMs: number;
  /** Aborts when the pipeline ends without `finish`. */
  readonly ended: AbortSignal;
  /** The partitions owned now, and the epoch of that assignment. */
  readonly owned: () => { readonly partitions: Iterable<Partition>; readonly epoch: number };
  /** True while fetching rests: a partition is not idle then, however quiet. */
  readonly fetchingRests: () => boolean;
  /** The items' lines are durable. */
  readonly onDurable: (items: readonly Item[]) => void;
  readonly onMarker: () => void;
  readonly onFatal: (error: unknown) => void;
}

interface Closing {
  readonly final: boolean;
  readonly resolve: () => void;
}

interface Mark {
  readonly positions: readonly MarkerPosition[];
  readonly owners: readonly Partition[];
  readonly epoch: number;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  const { outbox, ledger, source, persistence, timers, clock, logger, markerIntervalMs } = deps;
  let markerDue = false;
  let closing: Closing | null = null;
  let wake = (): void => {};
  let cancelMarker = (): void => {};
  let committing: Promise<void> | null = null;

  const armMarker = (): void => {
    cancelMarker = timers.after(markerIntervalMs, () => {
      markerDue = true;
      wake();
    });
  };

  const takeMark = (): Mark => {
    const { partitions, epoch } = deps.owned();
    const positions: MarkerPosition[] = [];
    const owners: Partition[] = [];
    for (const partition of partitions) {
      const position = toMarkerPosition(partition, deps.fetchingRests());
      if (position === null) continue;
      positions.push(position);
      owners.push(partition);
    }
    return { positions, owners, epoch };
  };

  const writeMarker = async (final: boolean): Promise<Mark> => {
    const mark = takeMark();
    await persistence.persist('marker', () => {
      // A partition lost while the ledger was away is its new owner's to mark; our position would be true, but old.
      const positions = mark.positions.filter((_, index) => mark.owners[index]?.lost === false);
      const marker: MarkerRecord = { kind: 'marker', recordedAt: clock.now(), positions, final };
      return ledger.append([marker]);
    });
    deps.onMarker();
    return mark;
  };

  const commit = async ({ positions, owners, epoch }: Mark): Promise<void> => {
    const moved = positions.filter((position, index) => {
      const owner = owners[index];
      return owner !== undefined && !owner.lost && (owner.committed === null || position.offset > owner.committed);
    });
    if (moved.length === 0) return;
    await source.commit(moved, epoch);
    positions.forEach((position, index) => {
      const owner = owners[index];
      if (owner !== undefined) owner.committed = position.offset;
    });
  };

  /** Beside the loop, so that a slow group coordinator holds up no result; a failed one is made good by the next. */
  const commitSoon = (mark: Mark): void => {
    if (committing !== null) return;
    committing = commit(mark)
      .catch((failure: unknown) => {
        if (!isRetriable(failure)) deps.onFatal(failure);
        else logger.warn({ failure: failure instanceof Error ? failure.name : typeof failure }, 'commit failed');
      })
      .finally(() => {
        committing = null;
      });
  };

  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        wake = () => {};
        resolve();
      };
    });

  const close = async ({ final, resolve }: Closing): Promise<void> => {
    await committing;
    const mark = await writeMarker(final);
    await persistence.persist('commit', () => commit(mark));
    resolve();
  };

  const run = async (): Promise<void> => {
    armMarker();
    while (!deps.ended.aborted) {
      if (markerDue) {
        markerDue = false;
        commitSoon(await writeMarker(false));
        armMarker();
      } else if (outbox.size() > 0) {
        deps.onDurable(await outbox.flush());
      } else if (closing !== null) {
        return close(closing);
      } else {
        await rest();
      }
    }
  };

  return {
    start() {
      deps.ended.addEventListener('abort', () => wake(), { once: true });
      void run()
        .catch((failure: unknown) => {
          if (failure !== ENDED) deps.onFatal(failure);
        })
        .finally(() => cancelMarker());
    },
    add(item) {
      outbox.add(item);
      wake();
    },
    finish(final) {
      return new Promise((resolve) => {
        closing = { final, resolve };
        wake();
      });
    },
  };
}
