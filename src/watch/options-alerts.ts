import { z } from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES } from '../domain/alert';
import type { DeepReadonly } from '../domain/deep-readonly';

const budget = (days: number, tolerance: number): z.ZodType<{ days: number; tolerance: number }> =>
  z.strictObject({
    days: z
      .number()
      .min(0.01)
      .max(3650)
      .default(days)
      .describe('One false alarm per so many days of event time, on average, over all series together.'),
    tolerance: z
      .number()
      .min(0)
      .max(0.5)
      .default(tolerance)
      .describe('A mean may lie this far below its baseline without that being a change.'),
  });

const share = z.number().min(0).max(1);

/** What a baseline is learned from when it is not learned from live traffic. */
export const seededBaseline = z.strictObject({
  kind: z.enum(ALERT_KINDS),
  segment: z.string().min(1).describe('As in metrics: `all` or `product=support`.'),
  criterion: z.string(),
  panel: z.string().default(''),
  values: z
    .array(z.tuple([z.number(), z.int().min(1)]))
    .min(1)
    .describe('Reference values, each with how often it came.'),
});
export type SeededBaseline = DeepReadonly<z.infer<typeof seededBaseline>>;

export const detectorOptions = z.strictObject({
  page: budget(30, 0.02).prefault({ days: 30, tolerance: 0.02 }).describe('The budget of pages.'),
  ticket: budget(3, 0).prefault({ days: 3, tolerance: 0 }).describe('The budget of tickets.'),
  maxSeries: z
    .int()
    .min(1)
    .max(20000)
    .default(500)
    .describe(
      'Series on the full tier, which learn a baseline; each has one part in so many of the budgets. The first to appear, and from the day on which they no longer all fit those of the segments with most traffic: one that waits takes the place of one with less than half of its traffic.',
    ),
  maxLightSeries: z
    .int()
    .min(1)
    .max(200000)
    .default(10000)
    .describe(
      'Score series beyond `maxSeries` that are held to the objective of their criterion or to their seeded baseline and learn nothing, about a kilobyte each. They share a twenty-fifth of the budget of pages.',
    ),
  reference: z
    .int()
    .min(100)
    .max(20000)
    .default(1000)
    .describe('Values a baseline is learned from; more see changes sooner.'),
  referenceDays: z
    .number()
    .min(0)
    .max(90)
    .default(7)
    .describe(
      'Shortest time of a baseline, days of event time, so that it holds whole weeks: where weekdays differ, the paging tolerance is at least their spread.',
    ),
  referenceLabels: z
    .int()
    .min(50)
    .max(20000)
    .default(200)
    .describe('Reviews that a baseline of human labels is learned from.'),
  borrow: z
    .boolean()
    .default(false)
    .describe(
      'A score series that is still learning is held against the whole stream meanwhile, marked as borrowed; it then raises tickets only. Sensible where segments are alike.',
    ),
  holidays: z
    .array(z.iso.date())
    .default([])
    .describe('Days (UTC, e.g. 2026-12-25) whose values are neither learned from nor tested: they are like no other.'),
  targets: z
    .strictObject({
      judgedRatio: share.default(0.8).describe('At least this share of sampled items should be judged.'),
      judgeFailures: share
        .default(0.2)
        .describe('At most this share of sampled items should fail for want of a judge.'),
      deadLetters: share.default(0.02).describe('At most this share of records should be unusable.'),
      invalidOutput: share
        .default(0.1)
        .describe('At most this share of sampled items should end unjudged for replies that cannot be read.'),
      overBudget: share
        .default(0.05)
        .describe('At most this share of sampled items should go unjudged for want of budget.'),
      controlItems: share.default(0.9).describe('At least this share of control items should be judged as known.'),
      offsetGap: z
        .int()
        .min(1)
        .default(100)
        .describe('Consecutive source offsets without a record that are a gap; transactions leave small ones.'),
      familyBias: share.default(0.05).describe('Points by which a judge may favour the answers of one family.'),
    })
    .prefault({})
    .describe('Known targets; series held to one need no learning.'),
  baselines: z
    .array(seededBaseline)
    .default([])
    .describe('Seeded baselines: their series are watched from the first value on.'),
});
export type DetectorOptions = DeepReadonly<z.infer<typeof detectorOptions>>;

const minutes = (fallback: number): z.ZodDefault<z.ZodNumber> => z.number().min(1).max(525600).default(fallback);

const alertRules = z.strictObject({
  mode: z
    .enum(['observe', 'ticket', 'page'])
    .default('page')
    .describe('The gravest severity that is given: `observe` makes everything info, `ticket` never pages.'),
  modes: z
    .record(z.string(), z.enum(['observe', 'ticket', 'page']))
    .default({})
    .describe(
      'The same per segment, e.g. `product=support: observe`; it holds for crosses with that segment too. What is withheld is listed as what would have fired.',
    ),
  observeDays: z
    .number()
    .min(0)
    .max(365)
    .default(14)
    .describe(
      'A series whose baseline was learned from live traffic is observed for so many days of event time after that, whatever the mode; seeded baselines and targets are not.',
    ),
  severities: z
    .partialRecord(z.enum(ALERT_KINDS), z.enum([...ALERT_SEVERITIES, 'off']))
    .default({})
    .describe('Gravest severity per kind where it is not the usual one; `off` = not watched.'),
  owners: z
    .record(z.string(), z.string())
    .default({})
    .describe('Who owns the alerts of a segment, e.g. `product=support: team-support`; `all` = everything else.'),
  resolveMinutes: minutes(120).describe('How long the mean must have been back before an alert resolves, event time.'),
  noDataMinutes: z
    .number()
    .min(0.1)
    .max(525600)
    .default(60)
    .describe('Silence after which a firing series is `no_data`.'),
  goldenWaitMinutes: z
    .number()
    .min(0)
    .max(120)
    .default(15)
    .describe('How long a page on a score waits for the judges to be re-run on the golden set.'),
  goldenStaleHours: z
    .number()
    .min(1)
    .max(8760)
    .default(48)
    .describe('Age of the last complete golden run, by the clock, from which it is stale.'),
  trafficAbsentMinutes: minutes(15).describe('Silence of the whole stream that is `traffic_absent`.'),
});
export type AlertOptions = DeepReadonly<z.infer<typeof alertRules>>;

export const alertOptions = alertRules.extend({
  maxResets: z
    .int()
    .min(0)
    .default(50)
    .describe(
      'A changed configuration that would make more series than this learn afresh is refused unless `run` was given `--accept`; `config diff` says which.',
    ),
});

/**
 * What the alert engine works under. Any change of its `detectionPart` starts the state afresh; another tuned point only
 * the series that are held to it.
 */
export interface AlertParams {
  readonly detectors: DetectorOptions;
  readonly alerts: AlertOptions;
  /** Largest value that a pseudo-outcome can take, and the least probability of escalation: the range of scores. */
  readonly scores: { readonly largest: number; readonly floor: number };
  /** Agreed level of criteria that have one: held from the first session on. */
  readonly objectives: Readonly<Record<string, number>>;
  /** The operating point that was tuned; absent = none is watched. */
  readonly kept?: KeptPoint | undefined;
}

const keptPoint = z.object({
  low: share,
  high: share,
  tolerance: share,
  shares: z.record(z.string(), share),
});

/** Share of items whose cheap score lies outside [low, high], by criterion, and how far from it the live share may be. */
export type KeptPoint = DeepReadonly<z.infer<typeof keptPoint>>;

/** Options that say how alerts are told, not what is detected: a change of them costs no baseline. */
const TELLING: ReadonlySet<string> = new Set<keyof AlertOptions>(['mode', 'modes', 'observeDays', 'owners']);

export function detectionPart({ kept: _, ...params }: AlertParams): object {
  return { ...params, alerts: without(params.alerts, TELLING) };
}

/** As version 0.1.0 had it: under `mode` and `owners` too, without what it did not know. */
export function detectionPartOf010({ kept: _, ...params }: AlertParams): object {
  return {
    ...params,
    detectors: without(params.detectors, new Set(['maxLightSeries'])),
    alerts: without(params.alerts, new Set(['modes', 'observeDays'])),
  };
}

function without(options: object, names: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name)));
}

export const alertParams = z.object({
  detectors: detectorOptions,
  // Without what concerns only who reads the configuration.
  alerts: z.object(alertRules.shape),
  scores: z.object({ largest: z.number().min(1), floor: z.number().min(0.001).max(1) }),
  objectives: z.record(z.string(), share).default({}),
  kept: keptPoint.optional(),
});
