import { uniformDraw } from '../judge/draw';
import { type EmittedBehaviour, type EmittedInteraction, type OptionalField, toRecord } from './record';

export type { EmittedBehaviour, EmittedInteraction } from './record';

export interface OutgoingBatch {
  readonly topic: string;
  readonly messages: { readonly key: string; readonly value: string }[];
}

/** Why records were not sent; `queue_full` and `send_failed` mean that Kafka does not keep up. */
export type DropReason = 'queue_full' | 'send_failed' | 'invalid';

export interface EmitterOptions {
  /** Hands messages to a Kafka client; the `send` of a kafkajs producer fits as it is. */
  readonly send: (batch: OutgoingBatch) => Promise<unknown>;
  /** Defaults: `llm.interactions`, `llm.behaviour`. */
  readonly topics?: { readonly interactions?: string; readonly behaviour?: string };
  /** Share of conversations sent, in (0, 1]; default 1. Whole conversations, with what their users do. */
  readonly rate?: number;
  /** Optional fields that may leave the process; default all. Everything else is cut off before it is queued. */
  readonly fields?: readonly OptionalField[];
  /** Records held at most; default 1,000. What comes on top is dropped and counted. */
  readonly maxQueued?: number;
  /** How long a record waits for others, ms; default 50. */
  readonly lingerMs?: number;
  /** Called for records that are given up; must not throw. */
  readonly onDropped?: (reason: DropReason, records: number) => void;
}

export interface EmitterTotals {
  readonly sent: number;
  readonly dropped: number;
  /** Of conversations that the rate left out. */
  readonly sampledOut: number;
  readonly queued: number;
}

/** Neither function waits, throws or slows the caller down: what cannot be sent is dropped and counted. */
export interface Emitter {
  interaction(interaction: EmittedInteraction): void;
  behaviour(event: EmittedBehaviour): void;
  /** Resolves when the queue is empty or after `timeoutMs`; call it before the process ends. */
  flush(timeoutMs?: number): Promise<void>;
  totals(): EmitterTotals;
}

const MAX_BATCH = 100;
const TRIES = 2;
const RETRY_MS = 500;

interface Queued {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/**
 * Sends interactions and behaviour to Plumbline's topics from an application. Sampling is by conversation and told in the record
 * (`upstream_sampling`), so that estimates stay unbiased; the same conversation is kept or left out in every process.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { send, rate = 1, fields, maxQueued = 1000, lingerMs = 50 } = options;
  if (!(rate > 0 && rate <= 1)) throw new RangeError(`rate: wanted a number in (0, 1], saw ${rate}`);
  const topics = { interactions: 'llm.interactions', behaviour: 'llm.behaviour', ...options.topics };
  const allowed = fields === undefined ? null : new Set<string>([...REQUIRED, ...fields]);
  const queue: Queued[] = [];
  const totals = { sent: 0, dropped: 0, sampledOut: 0 };
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;

  const drop = (reason: DropReason, records: number): void => {
    totals.dropped += records;
    try {
      options.onDropped?.(reason, records);
    } catch {
      // The caller's own handler must not break the caller either.
    }
  };

  const push = (topic: string, conversation: string, record: () => object): void => {
    if (rate < 1 && uniformDraw('emit', '', 0, conversation) >= rate) {
      totals.sampledOut += 1;
      return;
    }
    if (queue.length >= maxQueued) return drop('queue_full', 1);
    try {
      queue.push({ topic, key: conversation, value: JSON.stringify(record()) });
    } catch {
      return drop('invalid', 1);
    }
    schedule();
  };

  const schedule = (): void => {
    if (timer !== null || sending !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void drain();
    }, lingerMs);
    timer.unref();
  };

  const drain = (): Promise<void> => {
    sending ??= sendAll().finally(() => {
      sending = null;
      if (queue.length > 0) schedule();
    });
    return sending;
  };

  const sendAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const topic = queue[0]?.topic ?? '';
      const other = queue.findIndex((one) => one.topic !== topic);
      const batch = queue.splice(0, Math.min(MAX_BATCH, other === -1 ? queue.length : other));
      if (await trySending(topic, batch)) totals.sent += batch.length;
      else drop('send_failed', batch.length);
    }
  };

  const trySending = async (topic: string, batch: readonly Queued[]): Promise<boolean> => {
    const messages = batch.map(({ key, value }) => ({ key, value }));
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        await send({ topic, messages });
        return true;
      } catch {
        if (attempt < TRIES) await pause(RETRY_MS);
      }
    }
    return false;
  };

  return {
    interaction(interaction) {
      const conversation = interaction.conversationId ?? interaction.interactionId;
      push(topics.interactions, conversation, () => {
        const kept = allowed === null ? interaction : only(interaction, allowed);
        const sampling = rate < 1 ? { upstreamSampling: { probability: rate, scheme: 'plumbline-emit' } } : {};
        return toRecord({ ...kept, ...sampling });
      });
    },
    behaviour: (event) => push(topics.behaviour, event.conversationId, () => toRecord(event)),
    async flush(timeoutMs = 5_000) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      const emptied = (async () => {
        while (queue.length > 0 || sending !== null) await drain();
      })();
      await Promise.race([emptied, pause(timeoutMs)]);
    },
    totals: () => ({ ...totals, queued: queue.length }),
  };
}

const REQUIRED = ['interactionId', 'conversationId', 'turnIndex', 'occurredAt', 'producer', 'input', 'output'] as const;

function only(interaction: EmittedInteraction, allowed: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(interaction).filter(([key]) => allowed.has(key)));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
