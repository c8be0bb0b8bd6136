import type { UnjudgedReason } from '../domain/accounting';
import type { Interaction } from '../domain/interaction';
import type { JudgeAnswer, JudgeOutcome } from '../domain/verdict';
import type { JudgeCallListener } from './cascade-port';
import type { NonceSource } from './fence';
import type { Judge } from './judge';
import type { CriterionOptions, JudgeOptions } from './options';
import type { JudgeReply } from './port';
import { type Prompt, renderPrompt } from './prompt';
import { type Reading, type ReplyFormat, createReplyFormat } from './reply';
import { tokenScore } from './token-reading';

/** Criteria that are asked about in one call. */
export interface Question {
  readonly interaction: Interaction;
  readonly criteria: readonly CriterionOptions[];
  /** Names of deterministic checks that the item failed. */
  readonly failedChecks?: readonly string[];
  /** Another answer to the same input, for criteria that ask which one is better; never cached. */
  readonly rival?: Interaction['output'];
  /** True for golden runs, repeats, shadow judges and control items: the cache is neither asked nor fed (rule 8). */
  readonly fresh?: boolean;
}

/** One judge's answers to a question, by criterion. */
export type Answers = ReadonlyMap<string, JudgeAnswer>;

/** Asks one judge. Never rejects; resolves at the latest when `signal` aborts. */
export type Ask = (judge: Judge, question: Question, signal: AbortSignal) => Promise<Answers>;

export interface AskDeps {
  readonly monotonicMs: () => number;
  readonly drawNonce: NonceSource;
  readonly onCall: JudgeCallListener;
  /** Longest text per field, UTF-16 units. */
  readonly inputBudgetChars: number;
}

export function createAsk(deps: AskDeps): Ask {
  const formats = new Map<string, ReplyFormat>();

  /** Applicability makes a few sets of criteria per group; each set's schema is built once. */
  function formatFor(criteria: readonly CriterionOptions[]): ReplyFormat {
    const key = criteria.map((criterion) => criterion.name).join(' ');
    let format = formats.get(key);
    if (format === undefined) formats.set(key, (format = createReplyFormat(criteria)));
    return format;
  }

  return async ({ options, family, client, show = same }, question, signal) => {
    const { interaction, criteria, failedChecks = [], rival } = question;
    if (signal.aborted) return toAnswers(NO_CALL, 'deadline', 0);
    const format = formatFor(criteria);
    const startedAt = deps.monotonicMs();
    let { reply, readings } = await askOnce('');
    if (readings === 'unreadable' && reply.text !== null && options.repairs > 0 && !signal.aborted) {
      // With a nonce of its own, and without the reply, which may hold anything.
      const repaired = await askOnce(REPAIR);
      reply = afterRepair(reply, repaired.reply);
      readings = repaired.readings;
    }
    const ms = deps.monotonicMs() - startedAt;
    const answers = toAnswers(reply, readings, ms);
    deps.onCall({
      judge: options.name,
      family: family.family,
      outcome: callOutcome(readings),
      ms,
      inputTokens: reply.inputTokens,
      outputTokens: reply.outputTokens,
      costUsd: costUsd(reply, options.prices),
      attempts: reply.attempts,
    });
    return answers;

    async function askOnce(remark: string): Promise<{ reply: JudgeReply; readings: Readings }> {
      const prompt = renderPrompt(
        show(interaction),
        criteria,
        deps.inputBudgetChars,
        deps.drawNonce,
        failedChecks,
        // As it may be seen of any answer.
        rival && show({ ...interaction, output: rival }).output,
      );
      const schema = options.grammar === 'per_call' ? format.schemaFor(prompt.nonce) : format.schema;
      const request = { ...prompt, user: `${prompt.user}${remark}`, schema, schemaName: format.schemaName };
      const reply = await untilAborted(client.complete(request, signal), signal);
      return { reply, readings: readReply(reply, format, prompt) };
    }

    function toAnswers(reply: JudgeReply, readings: Readings, ms: number): Answers {
      const cost = costUsd(reply, options.prices) / criteria.length;
      const tokenScores = scoresByTokens(reply, readings, criteria);
      return new Map(
        criteria.map((criterion, i) => {
          const reading = typeof readings === 'string' ? null : (readings.get(criterion.name) ?? null);
          return [
            criterion.name,
            {
              judge: options.name,
              family: family.family,
              outcome: reading?.outcome ?? (typeof readings === 'string' ? readings : 'unreadable'),
              score: tokenScores.get(criterion.name) ?? reading?.score ?? null,
              writtenScore: tokenScores.has(criterion.name) ? (reading?.score ?? null) : null,
              confidence: reading?.confidence ?? null,
              rationale: reading?.rationale ?? null,
              inputTokens: share(reply.inputTokens, criteria.length, i),
              outputTokens: share(reply.outputTokens, criteria.length, i),
              costUsd: cost,
              ms,
              attempts: reply.attempts,
              reportedVersion: reply.reportedVersion,
            },
          ];
        }),
      );
    }
  };
}

const same = (interaction: Interaction): Interaction => interaction;

/** Only for criteria that were scored, and whose tokens say enough. */
function scoresByTokens(
  { text, tokens }: JudgeReply,
  readings: Readings,
  criteria: readonly CriterionOptions[],
): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  if (tokens === undefined || text === null || typeof readings === 'string') return scores;
  for (const criterion of criteria) {
    if (readings.get(criterion.name)?.outcome !== 'scored') continue;
    const score = tokenScore(text, tokens, criterion);
    if (score !== null) scores.set(criterion.name, score);
  }
  return scores;
}

/** Readings by criterion, or why there are none. */
type Readings = ReadonlyMap<string, Reading> | UnjudgedReason;

function readReply(reply: JudgeReply, format: ReplyFormat, prompt: Prompt): Readings {
  if (reply.failure !== null) return reply.failure;
  if (reply.text === null) return 'unreadable';
  const readings = format.parse(reply.text, prompt.nonce);
  return readings.ok ? readings.value : 'unreadable';
}

/** One word for a call: scored when any of its criteria is. */
function callOutcome(readings: Readings): JudgeOutcome {
  if (typeof readings === 'string') return readings;
  return [...readings.values()].some((reading) => reading.outcome === 'scored') ? 'scored' : 'not_applicable';
}

const REPAIR =
  '\n\nAn earlier reply to this was not the JSON object asked for. Reply with that object and nothing else.';

/** The second reply, with what both cost. */
function afterRepair(first: JudgeReply, second: JudgeReply): JudgeReply {
  return {
    ...second,
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
    attempts: first.attempts + second.attempts,
  };
}

const NO_CALL: JudgeReply = {
  text: null,
  failure: 'deadline',
  failureDetail: null,
  inputTokens: 0,
  outputTokens: 0,
  reportedVersion: null,
  attempts: 0,
};

/** Holds a client to its promises: an answer when the item's time is up, and no rejection. */
function untilAborted(reply: Promise<JudgeReply>, signal: AbortSignal): Promise<JudgeReply> {
  return new Promise((resolve) => {
    const settle = (result: JudgeReply): void => {
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    // A turn of the event loop later: a client that hears the abort tells how many attempts it made.
    const onAbort = (): void => void setImmediate(() => resolve({ ...NO_CALL, attempts: 1 }));
    signal.addEventListener('abort', onAbort, { once: true });
    reply.then(settle, () => settle({ ...NO_CALL, failure: signal.aborted ? 'deadline' : 'error', attempts: 1 }));
  });
}

/** USD. */
function costUsd(reply: JudgeReply, prices: JudgeOptions['prices']): number {
  return (reply.inputTokens * prices.inputPerMTok + reply.outputTokens * prices.outputPerMTok) / 1e6;
}

/** The `index`th of `parts` whole shares of `total`, which add up to it exactly. */
function share(total: number, parts: number, index: number): number {
  return Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);
}
