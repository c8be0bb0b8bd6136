import { AsyncResource } from 'node:async_hooks';
import type { DecodeFault, Decoded } from '../decode/port';
import type { Interaction } from '../domain/interaction';
import type { BehaviourRecord, OutcomeRecord } from '../domain/ledger-record';
import type { Result } from '../domain/result';
import type { SourceCoordinates } from '../domain/coordinates';
import type { Verdict } from '../domain/verdict';
import type { Judging } from '../judge/cascade-port';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { type Observer, silentObserver } from '../platform/observer';
import { spanOrigin } from '../platform/trace-parent';
import { createLanes } from '../source/lanes';
import { errorClass, handlerFailed, invalid, placeOf, toDeadLetter } from './dead-letter';
import { HANDLER_TRIES } from './intake';
import type { Item, Partition } from './in-flight';
import { toBehaviourRecord, toDeadLetterOutcome, toItemlessOutcome } from './outcome';
import type { PipelineListener } from './ports';
import type { RecentIds } from './recent-ids';
import type { Prepared, Scorer } from './score';
import type { Timers } from './timers';
import { faultOf } from './validate';

/** A decoded record's way to its ledger line: the stages of DESIGN.md in their order, judging in lanes. */
export interface Flow {
  decoded(item: Item, decoded: Result<Decoded, DecodeFault>): void;
  /** The item's line is durable: copies of its interaction that waited for that go on as duplicates. */
  durable(item: Item): void;
  /** The item came to nothing: a copy of the same interaction that waited for it takes its place. */
  dropped(item: Item): void;
  /** Gives up what is judged, or waits to be, where `applies` says so; returns those items. */
  abandon(applies: (item: Item) => boolean): readonly Item[];
  /** Nothing new is begun: a copy whose turn comes now is given up, and so is what another call would have to judge. */
  close(): void;
}

export interface Waiter {
  readonly item: Item;
  readonly interaction: Interaction;
}

export interface FlowDeps {
  /** The stages as they are configured now; an item keeps those it has begun with. */
  readonly scorer: () => Scorer;
  readonly recentIds: RecentIds<Waiter>;
  readonly concurrency: number;
  readonly itemDeadlineMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly observer: Observer;
  /** What was concluded about an interaction, before it is published. */
  readonly onAnswered: PipelineListener['answered'];
  /** The item is ready to be published. */
  readonly onFinished: (item: Item) => void;
  /** The item is given up: its partition was lost, or the pipeline ends before its turn. */
  readonly onVoid: (item: Item) => void;
}

export function createFlow(deps: FlowDeps): Flow {
  const { recentIds, itemDeadlineMs, clock, timers, logger, observer, onAnswered, onFinished, onVoid } = deps;
  const lanes = createLanes({ concurrency: deps.concurrency });
  const traced = observer !== silentObserver;
  const inLanes = new Set<Item>();
  /** Conversations with something in a lane: what follows in them has to queue behind it. */
  const busy = new Map<string, number>();
  let closed = false;

  const route = (item: Item, decoded: Result<Decoded, DecodeFault>): void => {
    if (!decoded.ok) {
      bury(item, decoded.error);
      return;
    }
    const { value } = decoded;
    switch (value.kind) {
      case 'filtered':
        finish(item, toItemlessOutcome(sourceOf(item), 'filtered', clock.now()));
        return;
      case 'behaviour':
        item.eventTime = notAhead(value.behaviour.occurredAt, clock.now());
        finish(item, toBehaviourRecord(sourceOf(item), value.behaviour, clock.now()));
        return;
      case 'interaction':
        admit(item, value.interaction);
    }
  };

  const admit = (item: Item, interaction: Interaction): void => {
    const fault = faultOf(interaction);
    if (fault !== null) {
      bury(item, invalid(fault));
      return;
    }
    item.eventTime = notAhead(interaction.occurredAt, clock.now());
    if (interaction.trace !== null) item.span?.link(interaction.trace);
    item.traceId ??= interaction.trace === null ? null : interaction.trace.traceId;
    claim({ item, interaction });
  };

  const claim = (waiter: Waiter): void => {
    const { item, interaction } = waiter;
    if (closed || item.partition.lost) {
      onVoid(item);
      return;
    }
    switch (recentIds.claim(interaction.interactionId, waiter)) {
      case 'first':
        item.claimedId = interaction.interactionId;
        score(item, interaction);
        return;
      case 'duplicate':
        finishDuplicate(item);
        return;
      case 'wait':
    }
  };

  const finishDuplicate = (item: Item): void =>
    finish(item, toItemlessOutcome(sourceOf(item), 'duplicate', clock.now()));

  /** Stays synchronous to the end where no judge is asked: most records of most streams. */
  const score = (item: Item, interaction: Interaction): void => {
    const source = sourceOf(item);
    const scorer = deps.scorer();
    for (let tries = 1; ; tries++) {
      try {
        const prepared = scorer.prepare(source, interaction);
        if (prepared.sampling.sampled || busy.has(interaction.conversationId)) {
          enterLane(item, prepared, scorer);
        } else {
          const { line, verdict } = scorer.conclude(prepared, scorer.skip(prepared));
          onAnswered(prepared.interaction, prepared.checks);
          finish(item, line, verdict);
        }
        return;
      } catch (failure) {
        if (tries < HANDLER_TRIES) continue;
        buryBug(item, failure);
        return;
      }
    }
  };

  const enterLane = (item: Item, prepared: Prepared, scorer: Scorer): void => {
    const { conversationId } = prepared.interaction;
    const abort = new AbortController();
    const work = (): Promise<void> => judgeInTurn(item, prepared, scorer, abort);
    item.abort = abort;
    inLanes.add(item);
    busy.set(conversationId, (busy.get(conversationId) ?? 0) + 1);
    void lanes
      // The lane runs the task from whatever context finished the one before it; spans must find their own parent.
      .run(conversationId, traced ? AsyncResource.bind(work) : work, abort.signal)
      .catch((failure: unknown) => {
        if (item.stage !== 'gone') buryBug(item, failure);
      })
      .finally(() => {
        inLanes.delete(item);
        const left = (busy.get(conversationId) ?? 1) - 1;
        if (left === 0) busy.delete(conversationId);
        else busy.set(conversationId, left);
      });
  };

  const judgeInTurn = async (item: Item, prepared: Prepared, scorer: Scorer, abort: AbortController): Promise<void> => {
    item.stage = 'judging';
    const cancelDeadline = timers.after(itemDeadlineMs, () => abort.abort(new Error('item deadline')));
    try {
      for (let tries = 1; ; tries++) {
        try {
          const judging = prepared.sampling.sampled
            ? await scorer.judge(prepared, abort.signal)
            : scorer.skip(prepared);
          // Given up while a judge was thinking: the record is somebody else's now.
          if (isGone(item)) return;
          if (closed && isUnfinished(judging)) {
            onVoid(item);
            return;
          }
          const { line, verdict } = scorer.conclude(prepared, judging);
          onAnswered(prepared.interaction, prepared.checks);
          finish(item, line, verdict);
          return;
        } catch (failure) {
          if (isGone(item)) return;
          if (tries >= HANDLER_TRIES) throw failure;
        }
      }
    } finally {
      cancelDeadline();
    }
  };

  const buryBug = (item: Item, failure: unknown): void => {
    const { key } = item.partition;
    const { offset } = item;
    logger.error({ partition: key, offset, error: errorClass(failure), at: placeOf(failure) }, 'handler failed');
    bury(item, handlerFailed(failure, HANDLER_TRIES));
  };

  const bury = (item: Item, fault: DecodeFault): void => {
    const source = sourceOf(item);
    const now = clock.now();
    const value = item.record === null ? null : item.record.value;
    item.deadLetter = toDeadLetter(source, value, fault, now);
    item.span?.fail(fault.reason);
    finish(item, toDeadLetterOutcome(source, fault.reason, now));
  };

  const finish = (item: Item, line: OutcomeRecord | BehaviourRecord, verdict: Verdict | null = null): void => {
    item.line = line;
    item.verdict = verdict;
    item.record = null;
    item.abort = null;
    item.stage = 'publishing';
    if (item.span !== null) {
      item.span.set({ 'plumbline.outcome': line.kind === 'outcome' ? line.outcome : 'behaviour' });
      item.span.end();
      item.span = null;
    }
    onFinished(item);
  };

  return {
    decoded(item, decoded) {
      if (!traced) {
        route(item, decoded);
        return;
      }
      observer.inSpan(
        item.partition.spanName,
        messagingAttributes(item.partition, item.offset),
        (span) => {
          item.span = span;
          item.traceId = span.traceId;
          const { traceId, spanId } = span;
          item.publishLink = traceId === null || spanId === null ? null : { traceId, spanId };
          route(item, decoded);
        },
        spanOrigin(item.record?.headers ?? {}),
      );
    },
    durable(item) {
      const id = item.claimedId;
      if (id === null) return;
      item.claimedId = null;
      if (item.verdict === null) recentIds.release(id).forEach(claim);
      else for (const waiter of recentIds.settle(id)) finishWaiter(waiter);
    },
    dropped(item) {
      item.span?.fail('abandoned');
      item.span?.end();
      item.span = null;
      item.record = null;
      const id = item.claimedId;
      if (id === null) return;
      item.claimedId = null;
      recentIds.release(id).forEach(claim);
    },
    abandon(applies) {
      const given: Item[] = [];
      for (const item of inLanes) {
        if (item.stage !== 'gone' && item.stage !== 'publishing' && applies(item)) given.push(item);
      }
      for (const item of given) {
        const { abort } = item;
        onVoid(item);
        abort?.abort(new Error('abandoned'));
      }
      return given;
    },
    close() {
      closed = true;
    },
  };

  function finishWaiter({ item }: Waiter): void {
    if (item.partition.lost) onVoid(item);
    else finishDuplicate(item);
  }
}

function sourceOf({ partition, offset }: Item): SourceCoordinates {
  return { topic: partition.topic, partition: partition.partition, offset };
}

/** A producer's clock ahead of ours must not pull the event watermark with it. */
function notAhead(occurredAt: number, now: number): number {
  return occurredAt < now ? occurredAt : now;
}

/** A function, because the compiler believes that a stage set before an `await` still holds after it. */
function isGone(item: Item): boolean {
  return item.stage === 'gone';
}

/** Whether a judge was not asked, or not heard, before time was up. */
function isUnfinished({ criteria }: Judging): boolean {
  return criteria.some(({ cheap, ensemble }) => [...cheap, ...ensemble].some(({ outcome }) => outcome === 'deadline'));
}

function messagingAttributes(partition: Partition, offset: bigint): Record<string, string | number> {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': partition.topic,
    'messaging.destination.partition.id': String(partition.partition),
    'messaging.kafka.offset': Number(offset),
  };
}
