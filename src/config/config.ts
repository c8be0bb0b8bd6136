import { z } from 'zod';
import { checksOptions } from '../checks/options';
import { replayOptions } from '../compose/options';
import { decodeOptions } from '../decode/options';
import { authOptions, linkOptions } from '../console/options';
import type { DeepReadonly } from '../domain/deep-readonly';
import { goldenOptions } from '../golden/options';
import { cascadeOptions, criterionOptions, judgeOptions, modelFamilyOptions, samplingOptions } from '../judge/options';
import { metricsOptions, serverOptions, telemetryOptions } from '../outputs/options';
import { budgetOptions } from '../policy/options';
import { privacyOptions } from '../privacy/options';
import { reviewOptions } from '../reviews/options';
import { sessionOptions } from '../sessions/options';
import { kafkaOptions, topicOptions, windowOptions } from '../source/options';
import { storeOptions } from '../store/options';
import { segmentOptions, watchOptions } from '../watch/options';
import { alertOptions, detectorOptions } from '../watch/options-alerts';

/** Kafka allows 249 characters; the rest is room for our suffixes. */
const topicPart = z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/, 'letters, digits, `.`, `_`, `-`; at most 200');

const instanceOptions = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/, 'letters, digits, `_`, `.`, `-`; at most 64')
    .describe('Name of this monitor. It is stamped into the ledger, which refuses every other instance.'),
  region: z.string().min(1).optional().describe('Where it runs; shown, not interpreted.'),
  tenant: z.string().min(1).optional().describe('Whose traffic it watches; shown, not interpreted.'),
  topicPrefix: topicPart
    .default('plumbline')
    .describe('Prefix of the topics it writes: `<prefix>.verdicts`, `<prefix>.ledger`, `<prefix>.dead-letters`.'),
  groupPrefix: topicPart.default('plumbline').describe('Prefix of its consumer groups: `<prefix>-score`.'),
});

const sourceOptions = z.strictObject({
  kafka: kafkaOptions.optional().describe('The cluster to read from and write to; absent = files only (`replay`).'),
  topics: topicOptions.prefault({}).describe('Topics that are read.'),
  window: windowOptions.prefault({}).describe('How much may be in flight before fetching pauses.'),
  onOffsetGap: z
    .enum(['fail', 'earliest'])
    .default('fail')
    .describe(
      'When the committed offset no longer exists in the topic: `fail` stops and says so, `earliest` goes on from the oldest record that is left.',
    ),
  ...decodeOptions.shape,
});

/** The whole configuration, section by section; each room owns the fragment it reads. */
export const configSchema = z.strictObject({
  instance: instanceOptions.describe('Who this monitor is.'),
  source: sourceOptions.prefault({}).describe('Where interactions come from and what shape they have.'),
  segments: segmentOptions.prefault({}).describe('The slices of the traffic that get their own figures.'),
  sampling: samplingOptions.prefault({}).describe('Which conversations are judged. Checks see every interaction.'),
  privacy: privacyOptions.prefault({}).describe('What is taken out of the text before anything else sees it.'),
  checks: checksOptions.prefault({}).describe('Deterministic checks, run on every interaction.'),
  criteria: z.array(criterionOptions).min(1).describe('What is judged, one rubric each.'),
  judges: z.array(judgeOptions).min(1).describe('The models that judge.'),
  models: z
    .array(modelFamilyOptions)
    .default([])
    .describe('Families of models that the built-in list does not know, or knows wrongly.'),
  cascade: cascadeOptions.describe('Who judges first, who judges the cases that need more, and which those are.'),
  budget: budgetOptions
    .prefault({})
    .describe('What judging may cost, and what is given up first when it does not last.'),
  sessions: sessionOptions.prefault({}).describe('How turns and behaviour become sessions, in event time.'),
  watch: watchOptions.prefault({}).describe('The fold of the ledger.'),
  detectors: detectorOptions
    .prefault({})
    .describe('What is watched for change, and how many false alarms that may give.'),
  alerts: alertOptions.prefault({}).describe('Who is told of what, and how gravely.'),
  store: storeOptions.prefault({}).describe('Where the console keeps what on-call reads.'),
  server: serverOptions
    .extend({
      auth: authOptions.optional().describe('Who may use console and API; absent = loopback only, without asking.'),
    })
    .prefault({})
    .describe('The telemetry port, and the port of console and API.'),
  links: linkOptions.prefault({}).describe('Where else one would look: templates of URLs that pages link to.'),
  golden: goldenOptions.prefault({}).describe('The frozen set that judges are held against, again and again.'),
  reviews: reviewOptions.prefault({}).describe('What people are asked to label, and by which guideline.'),
  telemetry: telemetryOptions.prefault({}).describe('Logs and traces of the monitor itself.'),
  replay: replayOptions.prefault({}).describe('Only for `replay`.'),
  metrics: metricsOptions.prefault({}).describe('Bounds of what is exported.'),
});

/** A file may hold any part of the configuration, and name further files. */
export const configFileSchema = configSchema.extend({
  include: z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .optional()
    .describe(
      'Further files, relative to this one, e.g. `conf.d/*.yaml`. Lists are concatenated, mappings are merged, two different values for one key are a fault. First file only.',
    ),
});

export type MonitorConfig = DeepReadonly<z.output<typeof configSchema>>;

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
