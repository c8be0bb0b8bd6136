import type { EpochMs } from '../domain/time';
import { createRng, pick, pickWeighted, type Rng } from './rng';
import { type Scenario, USUAL_BROKEN, USUAL_CUT_OFF } from './scenario';
import { INTENTS, type Intent } from './world';

/** One simulated record as it would lie on a topic. */
export interface SimulatedRecord {
  readonly topic: 'interactions' | 'behaviour';
  readonly key: string;
  readonly value: Buffer;
  /** Event time. */
  readonly at: EpochMs;
}

export interface TrafficOptions {
  readonly seed: number;
  readonly scenario: Scenario;
  /** Interactions to make; a few more may come so that the last conversations end properly. */
  readonly interactions: number;
  readonly startAt: EpochMs;
  /** Told how far the story has gone, 0 to 1, and its time, before each conversation. */
  readonly onProgress?: (progress: number, at: EpochMs) => void;
  /** Event time between the starts of conversations, ms, on average. */
  readonly gapMs: number;
}

type Flaw = 'none' | 'wrong' | 'empty' | 'cut_off' | 'repeats' | 'refusal' | 'language';

/** Models in use, with how often; `house-7b` is in no registry, so no judge can be shown to be independent of it. */
const MODELS = { 'gpt-4.1-mini': 0.6, 'claude-sonnet-4': 0.37, 'house-7b': 0.03 } as const;
/** Serves when the usual models do not. */
const FAILOVER_MODEL = 'llama-3.1-8b-instruct';

const PROVIDERS: Record<keyof typeof MODELS | typeof FAILOVER_MODEL, string> = {
  [FAILOVER_MODEL]: 'self_hosted',
  'gpt-4.1-mini': 'openai',
  'claude-sonnet-4': 'anthropic',
  'house-7b': 'self_hosted',
};

const PERSONAL = [
  ' You can reach me at jo.miller@example.com.',
  ' My number is +49 30 901820.',
  ' Card 4111 1111 1111 1111.',
];

/**
 * Seeded traffic of several products in event-time order per conversation: multi-turn conversations with retries after
 * bad answers, abandonment, hand-over and thanks; now and then a broken record or a producer duplicate.
 */
export function* simulateTraffic(options: TrafficOptions): Generator<SimulatedRecord> {
  const rng = createRng(options.seed);
  let made = 0;
  let at = options.startAt;
  for (let conversation = 0; made < options.interactions; conversation++) {
    at += Math.ceil(-Math.log(1 - rng()) * options.gapMs);
    options.onProgress?.(made / options.interactions, at);
    for (const record of simulateConversation(rng, options, conversation, at, made / options.interactions)) {
      if (record.topic === 'interactions') made++;
      yield record;
    }
  }
}

function* simulateConversation(
  rng: Rng,
  { scenario, seed }: TrafficOptions,
  index: number,
  start: EpochMs,
  progress: number,
): Generator<SimulatedRecord> {
  const conversationId = `sim-${seed}-c${index}`;
  const intent = pick(rng, INTENTS);
  const chance = (probability: number): boolean => probability > 0 && rng() < probability;
  const isFailover = chance(scenario.failoverProbability?.({ progress }) ?? 0);
  const where = { product: intent.product, locale: intent.locale, progress, isFailover };
  const model = isFailover ? FAILOVER_MODEL : pickWeighted(rng, MODELS);
  const userHash = `sim-user-${Math.floor(rng() * 400)}`;
  const history: { role: string; content: string }[] = [];
  let at = start;
  for (let turn = 0; turn < 4; turn++) {
    const flaw = drawFlaw(rng, scenario.wrongProbability(where), scenario.cutOffProbability?.(where) ?? USUAL_CUT_OFF);
    const question = askAgain(rng, intent, turn) + (rng() < 0.06 ? pick(rng, PERSONAL) : '');
    const answer = composeAnswer(rng, intent, flaw);
    history.push({ role: 'user', content: question });
    const interactionId = `${conversationId}-t${turn}`;
    const value = encode({
      interaction_id: interactionId,
      conversation_id: conversationId,
      turn_index: turn,
      user_hash: userHash,
      occurred_at: at,
      producer: {
        provider: PROVIDERS[model],
        model,
        route: isFailover || model === 'house-7b' ? 'failover' : 'primary',
        release: scenario.release(where),
      },
      segments: { product: intent.product, locale: intent.locale, plan: rng() < 0.2 ? 'business' : 'free' },
      input: history.map((message) => ({ ...message })),
      context: rng() < 0.6 ? [{ id: `${intent.name}.md`, text: intent.document }] : [],
      output: { text: answer, finish_reason: flaw === 'cut_off' ? 'length' : 'stop' },
      usage: {
        input_tokens: 200 + turn * 80,
        output_tokens: Math.ceil(answer.length / 4),
        latency_ms: Math.round(400 + rng() * 900),
      },
    });
    yield { topic: 'interactions', key: conversationId, value, at };
    if (rng() < 0.004) yield { topic: 'interactions', key: conversationId, value, at };
    if (rng() < (scenario.brokenProbability?.({ progress }) ?? USUAL_BROKEN))
      yield { topic: 'interactions', key: conversationId, value: value.subarray(0, value.length >> 1), at };
    history.push({ role: 'assistant', content: answer });
    at += 15_000 + Math.floor(rng() * 45_000);
    const isUnhappy = flaw !== 'none' || chance(scenario.frustrationProbability?.(where) ?? 0);
    const reaction = react(rng, isUnhappy);
    if (reaction.event !== null) {
      yield {
        topic: 'behaviour',
        key: conversationId,
        at,
        value: encode({
          event_id: `${interactionId}-${reaction.event}`,
          conversation_id: conversationId,
          interaction_id: interactionId,
          user_hash: userHash,
          occurred_at: at,
          kind: reaction.event,
        }),
      };
    }
    if (!reaction.goesOn) return;
  }
}

function drawFlaw(rng: Rng, wrong: number, cutOff: number): Flaw {
  if (rng() < wrong) return 'wrong';
  return pickWeighted(rng, {
    none: 0.978 - cutOff,
    empty: 0.004,
    cut_off: cutOff,
    repeats: 0.005,
    refusal: 0.008,
    language: 0.005,
  });
}

function askAgain(rng: Rng, intent: Intent, turn: number): string {
  const question = pick(rng, intent.questions);
  if (turn === 0) return question;
  return intent.locale === 'de' ? `Nein, das stimmt nicht. ${question}` : `No, that is not right. ${question}`;
}

function composeAnswer(rng: Rng, intent: Intent, flaw: Flaw): string {
  const german = intent.locale === 'de';
  const opening = german
    ? pick(rng, ['Gern: ', 'Danke für Ihre Frage, '])
    : pick(rng, ['Sure: ', 'Good question, ', 'In short, ']);
  const closing = german ? '. Kann ich sonst noch etwas für Sie tun?' : '. Is there anything else I can do for you?';
  switch (flaw) {
    case 'none':
      return opening + intent.fact + closing;
    case 'wrong':
      return opening + pick(rng, intent.wrong) + closing;
    case 'empty':
      return '';
    case 'cut_off':
      return opening + intent.fact + (german ? ', und außerdem sollten Sie' : ', and besides that you should');
    case 'repeats':
      return (opening + intent.wrong[0] + '. ').repeat(12);
    case 'refusal':
      return german ? 'Dabei kann ich Ihnen leider nicht helfen.' : "I'm sorry, but I can't help with that.";
    case 'language':
      return german
        ? `Of course, here is what you need to know about your question: please have a look at the help pages of the shop.`
        : `Natürlich, das ist ganz einfach: Bitte sehen Sie sich dafür die Hilfeseiten des Ladens an, dort steht alles.`;
  }
}

/** What the user does next: the wrong half of the answers brings retries, thumbs down, hand-over and silence. */
function react(rng: Rng, isUnhappy: boolean): { event: string | null; goesOn: boolean } {
  if (!isUnhappy) {
    const choice = pickWeighted(rng, { silent: 0.6, up: 0.15, resolved: 0.15, more: 0.1 });
    return {
      event: choice === 'up' ? 'thumbs_up' : choice === 'resolved' ? 'resolved' : null,
      goesOn: choice === 'more',
    };
  }
  const choice = pickWeighted(rng, { retry: 0.5, down: 0.15, abandon: 0.2, handoff: 0.1, regenerate: 0.05 });
  const events = { retry: null, down: 'thumbs_down', abandon: 'abandon', handoff: 'handoff', regenerate: 'regenerate' };
  return { event: events[choice], goesOn: choice === 'retry' || choice === 'down' || choice === 'regenerate' };
}

function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
