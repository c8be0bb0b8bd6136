import { type Catalogue, CALL_SECONDS } from './definition';

/** From a token a millisecond to one in two seconds. */
const TOKEN_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56];

/** The answers that producers gave, before anybody judges them. */
export const ANSWER_METRICS = {
  answers_total: {
    type: 'counter',
    help: 'Answers by provider, model and version (openai/gpt-4o/2024-08-06), route (primary or failover) and the first that applies of empty, refused, malformed (structured output or tool arguments), truncated, ok; from the checks, so one that is switched off counts nothing. An episode of failover is the time in which its route grows. Counted again where a crash has a record read again.',
    labels: ['producer', 'route', 'result'],
    unit: 'items',
    origin: 'process',
  },
  answer_ttft_seconds: {
    type: 'histogram',
    help: 'Time to the first token of an answer, as its producer measured it (usage.ttft_ms).',
    labels: ['producer', 'route'],
    unit: 'seconds',
    buckets: CALL_SECONDS,
    origin: 'process',
  },
  answer_token_seconds: {
    type: 'histogram',
    help: 'Time per output token after the first: (latency - time to first token) / (output tokens - 1).',
    labels: ['producer', 'route'],
    unit: 'seconds',
    buckets: TOKEN_SECONDS,
    origin: 'process',
  },
} as const satisfies Catalogue;

/** Times in which the failover route gave a share of them. */
export const FAILOVER_METRICS = {
  failover_active: {
    type: 'gauge',
    help: '1 while an episode of failover is on: from the first minute in which the failover route gave 5 % of the answers of five minutes (5 answers at least), until it gives less than half of that. Event time.',
    labels: [],
    unit: 'none',
    origin: 'fold',
  },
  failover_share_ratio: {
    type: 'gauge',
    help: 'Share of the answers of the last five minutes of event time that came by the failover route.',
    labels: [],
    unit: 'ratio',
    origin: 'fold',
  },
  failover_episodes_total: {
    type: 'counter',
    help: 'Episodes of failover that have begun.',
    labels: [],
    unit: 'items',
    origin: 'fold',
  },
} as const satisfies Catalogue;
