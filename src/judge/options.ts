import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

const name = z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/i, 'letters, digits, `_`, `.`, `-`; at most 64');
const probability = z.number().min(0).max(1);

const messageOptions = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) });

const exampleOptions = z.strictObject({
  expect: z.enum(['pass', 'fail', 'not_applicable']).describe('What careful people would say of it.'),
  earlier: z.array(messageOptions).default([]).describe('Turns before the request.'),
  request: z.string().min(1).describe('The user’s last message.'),
  answer: z.string().min(1).describe('The answer to judge.'),
  context: z.array(z.string().min(1)).default([]).describe('Retrieved documents.'),
  referenceAnswer: z.string().min(1).optional(),
});
export type CriterionExample = DeepReadonly<z.infer<typeof exampleOptions>>;

export const criterionOptions = z.strictObject({
  name: name.describe('Stable name; part of the series key.'),
  rubric: z.string().min(1).describe('What a pass is, in words for the judge. One yes/no question.'),
  appliesWhen: z
    .string()
    .min(1)
    .optional()
    .describe('When the question arises at all, in words for the judge; elsewhere it is to say `not_applicable`.'),
  kind: z.enum(['binary', 'scale']).default('binary'),
  scale: z
    .strictObject({ min: z.int(), max: z.int() })
    .optional()
    .describe('Only for `kind: scale`: the integer scale; mapped to [0, 1] by (s - min) / (max - min).'),
  passAt: probability.default(0.5).describe('A score at or above it is a pass.'),
  objective: z
    .number()
    .min(0.01)
    .max(0.99)
    .optional()
    .describe(
      'Agreed mean score: a page is due when the mean is below it, from the first session on, without learning.',
    ),
  safety: z.boolean().default(false).describe('Always escalated, and always judged by an independent judge.'),
  requires: z
    .array(z.enum(['context', 'facts', 'reference_answer', 'tools', 'output_schema', 'conversation']))
    .default([])
    .describe('The criterion is not applicable to an interaction without these.'),
  needs: z
    .array(
      z.union([
        z.enum(['context', 'facts', 'reference_answer', 'tools', 'output_schema', 'conversation']),
        z.string().regex(/^facts\.[\w.-]+$/, 'a part, or `facts.<path>`'),
      ]),
    )
    .default([])
    .describe(
      'Parts without which nobody can judge, e.g. `facts.order.status`: an interaction that lacks one is unjudged (missing_context), where `requires` would call the criterion not applicable.',
    ),
  cutInput: z
    .enum(['judge', 'too_long'])
    .default('judge')
    .describe(
      'When a text is longer than `cascade.inputBudgetChars`: `judge` what is left of it, as the judge is told, or leave it unjudged as `too_long`.',
    ),
  unseenInput: z
    .enum(['unsupported_content', 'judge'])
    .default('unsupported_content')
    .describe(
      'When a message holds a part that is no text, such as an image, of which judges see a marker alone: leave it unjudged as `unsupported_content`, or `judge` what the text says.',
    ),
  examples: z
    .array(exampleOptions)
    .max(100)
    .default([])
    .describe(
      'Answers whose verdict is known. Judges are never shown them as examples: they are for `criteria try` and, unmarked among the traffic, control items.',
    ),
  onSplit: z
    .enum(['ask', 'review'])
    .optional()
    .describe(
      'What becomes of a split ensemble, one vote from a tie (2 to 1, 2 to 2): `ask` one more judge, the first admissible one of `cascade.tieBreakers`, whose answer then counts like the others; or have people `review` it, always. Absent: it is combined as it is.',
    ),
  group: name.default('default').describe('Criteria of one group are asked in one judge call and escalate together.'),
});
export type CriterionOptions = DeepReadonly<z.infer<typeof criterionOptions>>;

export const judgeOptions = z.strictObject({
  name,
  provider: z
    .enum(['openai', 'anthropic', 'gemini'])
    .default('openai')
    .describe(
      'Wire protocol. `openai`: OpenAI-compatible chat completions; `anthropic`: Messages; `gemini`: generateContent.',
    ),
  baseUrl: z.url().describe('Up to and including the version segment, e.g. `https://host/v1`.'),
  model: z.string().min(1),
  region: z
    .string()
    .min(1)
    .optional()
    .describe('Where the endpoint processes what it is sent, e.g. `eu`; rules of `privacy.allow` can name it.'),
  family: z.string().min(1).optional().describe('Overrides the family that the registry knows for `model`.'),
  lineage: z.array(z.string()).default([]).describe('Families it was distilled from or trained on, besides its own.'),
  apiKeyEnv: z.string().optional().describe('Name of the environment variable that holds the key.'),
  prices: z
    .strictObject({ inputPerMTok: z.number().min(0), outputPerMTok: z.number().min(0) })
    .default({ inputPerMTok: 0, outputPerMTok: 0 })
    .describe('USD per million tokens.'),
  temperature: z.number().min(0).max(2).optional().describe('Sent only when given; some models reject it.'),
  logprobs: z
    .boolean()
    .default(false)
    .describe(
      'Only `provider: openai`: asks for token probabilities; a score is then their expectation over the scale, and the number written is kept beside it.',
    ),
  grammar: z
    .enum(['shared', 'per_call'])
    .default('shared')
    .describe(
      '`shared`: one schema for all items, as hosted providers want it: they compile and cache each. `per_call`: a schema per item, for servers to which one costs nothing (llama.cpp, vLLM, Ollama): nonce and length of the rationale are then held by the decoder, which small models need.',
    ),
  maxOutputTokens: z.int().min(16).default(600),
  timeoutMs: z.int().min(50).max(600000).default(20000).describe('Deadline of one call, retries included, ms.'),
  maxConcurrent: z.int().min(1).default(32).describe('Calls in flight to this judge.'),
  requestsPerMinute: z
    .number()
    .positive()
    .optional()
    .describe(
      'Calls a minute to this endpoint; judges of one `baseUrl` and key share the smallest. Default unlimited.',
    ),
  tokensPerMinute: z
    .number()
    .positive()
    .optional()
    .describe('Tokens a minute, in and out, shared likewise. Counted before the call by length. Default unlimited.'),
  repairs: z
    .int()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      '1: an answer that is not the JSON asked for is asked for once more, at its price. 0: it is `unreadable`.',
    ),
  retries: z.int().min(0).max(5).default(2).describe('Further attempts after 429, 5xx or a broken connection.'),
});
export type JudgeOptions = DeepReadonly<z.infer<typeof judgeOptions>>;

const panel = z.array(name).min(1);

export const cascadeOptions = z.strictObject({
  cheap: z
    .array(panel)
    .min(1)
    .describe('Ordered panels; the first whose judges are all independent of the model judges.'),
  ensemble: z.array(panel).min(1).describe('Ordered panels of at least two families; three by default.'),
  band: z
    .strictObject({ low: probability, high: probability })
    .default({ low: 0.25, high: 0.75 })
    .describe('Cheap scores inside [low, high] are borderline and escalate for sure.'),
  tuned: z
    .strictObject({
      kept: z
        .record(name, probability)
        .describe('Share of judged items whose cheap score lies outside `band`, by criterion.'),
      tolerance: z.number().min(0.01).max(0.5).default(0.05).describe('How far the live share may be from it.'),
    })
    .optional()
    .describe(
      'The operating point that `band` was tuned to, as `plumbline tune` writes it: when the share of items that the cheap stage is sure of leaves it, a ticket says so (`traffic_mix_shift`). Absent: `cheap_kept_ratio` is not watched.',
    ),
  auditProbability: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.1)
    .describe('Every confident verdict is escalated with this probability; also the floor of every probability.'),
  spread: z
    .array(
      z.strictObject({
        criterion: name,
        upTo: z.array(probability).min(1).max(100).describe('Upper ends of steps of the cheap score, rising.'),
        probability: z.array(probability).min(1).max(100).describe('Of an escalation, of each step.'),
      }),
    )
    .default([])
    .describe(
      'Confident verdicts are escalated with the probability of their step where that is more than the audit, as `plumbline tune --escalation` writes it: most where cheap judge and ensemble differ most. Estimates stay unbiased; for the same number of escalations their intervals are narrower. Off while the budget has the band off.',
    ),
  valueBound: z
    .number()
    .min(1.5)
    .max(20)
    .optional()
    .describe(
      'Largest estimator value, e.g. 3: a confident fail is then escalated more often, with probability at least (1 - score) / (bound - score), and drops are seen in a third of the items. Absent: 1 / auditProbability.',
    ),
  tieBreakers: z
    .array(name)
    .default([])
    .describe(
      'For `onSplit: ask`, in order: the first that is independent of the model judged, not on the panel and not paused. It is part of the series of such criteria, asked or not.',
    ),
  method: z.enum(['mean', 'median', 'majority']).default('mean'),
  asking: z
    .enum(['together', 'until_decided', 'learned'])
    .default('together')
    .describe(
      '`until_decided`: ensemble members are asked in the panel’s order, the cheapest first, until those left cannot change the verdict; only with `method: majority`. The same verdicts for less; disagreement is then that of the members asked. `learned`: members are asked one by one as long as the rule of `stopping` finds the doubt about the whole panel’s verdict worth the price; what it foretells is then the score. Audits, safety and failed checks still get the whole panel.',
    ),
  stopping: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File of the rule for `asking: learned`, written by `plumbline judges learn`. A criterion or panel that it does not cover is routed by band and audit.',
    ),
  grouping: z
    .enum(['together', 'separate'])
    .default('together')
    .describe(
      '`together`: criteria of one group share calls and the escalation draw. `separate`: each has its own, for several times the price; no criterion then colours another.',
    ),
  quorum: z.int().min(1).default(2).describe('Fewest ensemble answers that make a score.'),
  deadlineMs: z.int().min(100).default(120000).describe('Longest time from fetch to verdict of one item, ms.'),
  independence: z
    .enum(['enforce', 'warn', 'observe'])
    .default('enforce')
    .describe(
      '`warn`: own-family judges may score non-safety criteria, marked. `observe`: for benches on recorded judges.',
    ),
  shadows: z
    .array(z.strictObject({ judge: name, beside: name }))
    .default([])
    .describe(
      'Judges that are tried out: `judge` is asked about interactions that `beside` has scored, whatever its family, and never counted. `plumbline golden status` shows how far it lies from the other; `plumbline judges promote` puts it in its place.',
    ),
  shadowRate: probability
    .default(0.1)
    .describe(
      'Share of judged interactions that shadow judges see. Paid from the first half of `budget.goldenShare`; then they rest.',
    ),
  controlRate: z
    .number()
    .min(0)
    .max(0.05)
    .default(0.005)
    .describe(
      'Share of judged interactions beside which a control item is judged: an example of a criterion whose verdict is known. It is part of no estimate; what judges miss is told by `control_items_total` and the alert `control_item_missed`. Paid from the first half of `budget.goldenShare`; then there are none.',
    ),
  cacheEntries: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Answers of judges kept in memory, about 2 KB each, for interactions with the same text. 0 = none.'),
  inputBudgetChars: z
    .int()
    .min(1000)
    .default(48000)
    .describe('Longest text shown to a judge per field; longer ones keep head and tail, and say so.'),
});
export type CascadeOptions = DeepReadonly<z.infer<typeof cascadeOptions>>;

export const samplingOptions = z.strictObject({
  salt: z.string().min(1).default('plumbline').describe('Changing it draws another sample.'),
  rate: probability.default(0.1).describe('Share of conversations that are judged where no cell says otherwise.'),
  cells: z
    .array(z.strictObject({ where: z.record(z.string(), z.string()), rate: probability }))
    .default([])
    .describe('The first cell whose segments all match decides the rate.'),
});
export type SamplingOptions = DeepReadonly<z.infer<typeof samplingOptions>>;

export const modelFamilyOptions = z.strictObject({
  match: z.string().min(1).describe('Model name, or a prefix ending in `*`.'),
  family: z.string().min(1),
  lineage: z.array(z.string()).default([]),
});
export type ModelFamilyOptions = DeepReadonly<z.infer<typeof modelFamilyOptions>>;
