import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';
import { type BudgetOptions, budgetOptions } from '../policy/options';
import { type SessionOptions, sessionOptions } from '../sessions/options';
import { type AlertParams, alertParams } from './options-alerts';

export const segmentOptions = z.strictObject({
  dimensions: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/))
    .default(['product'])
    .describe('Keys of `segments` that are tracked, besides `model`, `route` and `release` of the producer.'),
  producer: z
    .array(z.enum(['model', 'route', 'release', 'provider']))
    .default(['model', 'route', 'release'])
    .describe('Properties of the producer that are dimensions too.'),
  crosses: z
    .array(z.array(z.string()).min(2).max(3))
    .default([])
    .describe('Chosen combinations, e.g. `[product, locale]`.'),
  maxValues: z.int().min(1).default(200).describe('Values per dimension; the rest is counted as `__other__`.'),
  keepDays: z
    .number()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      'A value that was silent for so many days of event time may lose its place to a new one; one with fewer than 100 records after a day. Its baselines are remembered: if it comes back it is held against them, for tickets only, until it has learned anew.',
    ),
  pinned: z
    .array(z.string().regex(/^[^=]+=.+$/))
    .default([])
    .describe(
      'Segments with a place of their own beyond `maxValues`, e.g. `product=support`, whenever they first appear.',
    ),
});
export type SegmentOptions = DeepReadonly<z.infer<typeof segmentOptions>>;

export const watchOptions = z.strictObject({
  idWindow: z
    .int()
    .min(1000)
    .default(1000000)
    .describe('Interaction ids remembered to recognise producer duplicates; SCORE remembers 100 000 of them at most.'),
});
export type WatchOptions = DeepReadonly<z.infer<typeof watchOptions>>;

/** What WATCH folds under; the body of a config record is its JSON text. */
export interface FoldOptions {
  readonly segments: SegmentOptions;
  readonly watch: WatchOptions;
  /** Default: those of `sessionOptions`. */
  readonly sessions?: SessionOptions;
  /** Names of the configured criteria; others found in the ledger are counted too. */
  readonly criteria: readonly string[];
  /** By criterion, a hash of what it asks for: under another one its series of scores start afresh. */
  readonly meanings?: Readonly<Record<string, string>> | undefined;
  /** Absent = nothing is watched for alerts. */
  readonly alerting?: AlertParams | undefined;
  /** Parts of the traffic whose spend is kept apart. Default: none. */
  readonly ceilings?: BudgetOptions['ceilings'] | undefined;
}

const foldOptions = z.object({
  segments: segmentOptions,
  watch: watchOptions,
  sessions: sessionOptions.prefault({}),
  criteria: z.array(z.string()),
  meanings: z.record(z.string(), z.string()).optional(),
  alerting: alertParams.optional(),
  ceilings: budgetOptions.shape.ceilings,
});

export const DEFAULT_SESSIONS: SessionOptions = sessionOptions.parse({});

/** Null for a text that this version cannot read. */
export function parseFoldOptions(body: string): FoldOptions | null {
  try {
    const parsed = foldOptions.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Keys in one order, whatever file they were written in, so that equal parameters have equal texts. */
export function foldOptionsBody(options: FoldOptions): string {
  const { segments, watch, sessions, criteria, meanings, alerting, ceilings = [] } = options;
  const { dimensions, producer, crosses, maxValues } = segments;
  return JSON.stringify({
    segments: { dimensions, producer, crosses, maxValues, ...keepDaysOf(segments), ...pinnedOf(segments) },
    watch: { idWindow: watch.idWindow },
    sessions: inSchemaOrder(sessions ?? DEFAULT_SESSIONS),
    criteria,
    ...(meanings === undefined ? {} : { meanings: Object.fromEntries(Object.entries(meanings).sort()) }),
    ...(alerting === undefined ? {} : { alerting: alertParams.parse(alerting) }),
    ...(ceilings.length === 0 ? {} : { ceilings: budgetOptions.shape.ceilings.parse(ceilings) }),
  });
}

function inSchemaOrder(sessions: SessionOptions): SessionOptions {
  return sessionOptions.parse(sessions);
}

/** Left out where it is the default, so that bodies of before mean the same. */
function keepDaysOf({ keepDays }: SegmentOptions): Partial<SegmentOptions> {
  return keepDays === segmentOptions.shape.keepDays.parse(undefined) ? {} : { keepDays };
}

/** Left out where empty, so that bodies of before mean the same. */
function pinnedOf({ pinned }: SegmentOptions): Partial<SegmentOptions> {
  return pinned.length === 0 ? {} : { pinned };
}
