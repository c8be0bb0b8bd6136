import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { createLimiter } from '../limiter';
import type { JudgeOptions } from '../options';
import type { JudgeClient, JudgeReply, JudgeRequest } from '../port';
import { guardedLookup, literalFault } from '../../platform/address-guard';
import { type AttemptResult, attemptUntilDone } from './attempts';
import { type Endpoint, createEndpoint } from './endpoint';
import { post } from './http-call';
import { readResult } from './read-result';
import { createRetryBudget } from './retry-budget';
import { type Wire, failure } from './wire';

export interface ProviderClientDeps {
  /** Sent to the host of `baseUrl` only, and in no message; null = the endpoint wants none. */
  readonly apiKey: string | null;
  /** Rate and health, shared by the judges of one endpoint. Default: one of this judge's own. */
  readonly endpoint?: Endpoint;
  /** Default: the system's clocks. */
  readonly clock?: { now(): number; monotonicMs(): number };
  /** Uniform in [0, 1), for the jitter of pauses. Default Math.random. */
  readonly random?: () => number;
  /** Default: a pool of connections to the host, half as many again as calls, which the client then owns. */
  readonly dispatcher?: Dispatcher;
}

/**
 * The pool uses a connection again in the next turn of the event loop only, when all answers of this one have been read: with
 * one for each call the calls would go out in step, and each wait for the slowest. With these to spare the next goes at once.
 */
const CONNECTIONS_PER_CALL = 1.5;

/**
 * A judge behind HTTP. At most `maxConcurrent` calls are in flight, others wait in order; waiting for a place or for
 * the rate does not count against `timeoutMs`. Never rejects for what the provider does.
 */
export function createProviderClient(options: JudgeOptions, wire: Wire, deps: ProviderClientDeps): JudgeClient {
  const url = new URL(options.baseUrl);
  const path = `${url.pathname.replace(/\/+$/, '')}${wire.path(options)}${url.search}`;
  const dispatcher =
    deps.dispatcher ??
    new Pool(url.origin, {
      connections: Math.ceil(CONNECTIONS_PER_CALL * options.maxConcurrent),
      pipelining: 1,
      connect: { timeout: options.timeoutMs, lookup: guardedLookup() },
    });
  const toBody = wire.body(options);
  const refused = literalFault(url.hostname);
  const limiter = createLimiter(options.maxConcurrent);
  let isLeft = false;
  const clock = deps.clock ?? { now: () => Date.now(), monotonicMs: () => performance.now() };
  const endpoint = deps.endpoint ?? createEndpoint(options, () => clock.monotonicMs());
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    // A small compressed body can unpack to any size.
    'accept-encoding': 'identity',
    ...wire.headers(deps.apiKey),
  };
  const plan = {
    timeoutMs: options.timeoutMs,
    retries: options.retries,
    maxOutputTokens: options.maxOutputTokens,
    random: deps.random ?? Math.random,
    budget: createRetryBudget(),
    monotonicMs: () => clock.monotonicMs(),
  };

  async function call(request: JudgeRequest, signal: AbortSignal): Promise<JudgeReply> {
    let isFirst = true;
    const attempt = async (maxOutputTokens: number, until: AbortSignal): Promise<AttemptResult> => {
      // The first attempt has passed the endpoint before its time began to run.
      if (!isFirst) {
        const admitted = await endpoint.admit(tokensOf(request, maxOutputTokens), until);
        if (admitted === 'open') return failure('error', 'breaker open');
      }
      isFirst = false;
      if (refused !== null) return failure('error', refused);
      const body = JSON.stringify(toBody(request, maxOutputTokens));
      const result = readResult(await post(dispatcher, { path, headers, body }, until), wire, clock.now());
      endpoint.report(healthOf(result, signal.aborted));
      return result;
    };
    return attemptUntilDone(attempt, plan, signal);
  }

  return {
    async complete(request, signal) {
      const reply = await limiter.run(async () => {
        const admitted = await endpoint.admit(tokensOf(request, options.maxOutputTokens), signal);
        if (admitted === 'aborted' || isLeft) return NEVER_CALLED;
        return admitted === 'open' ? BREAKER_OPEN : call(request, signal);
      }, signal);
      return reply ?? NEVER_CALLED;
    },
    leave() {
      isLeft = true;
      limiter.close();
    },
    async close() {
      if (deps.dispatcher === undefined) await dispatcher.destroy();
    },
  };
}

/** About four characters to a token in English; providers count what was asked for, answer included. */
function tokensOf(request: JudgeRequest, maxOutputTokens: number): number {
  return Math.ceil((request.system.length + request.user.length) / 4) + maxOutputTokens;
}

/** What a result says about the endpoint; a refusal or a cut answer says that it works. */
function healthOf(result: AttemptResult, itemIsOver: boolean): 'up' | 'down' | 'limited' | 'unknown' {
  if (result.kind === 'answer') return 'up';
  if (result.reason === 'rate_limited') return 'limited';
  if (result.detail === 'aborted') return itemIsOver ? 'unknown' : 'down';
  // What another try would not cure is about the request, not about the endpoint.
  const isBroken = result.retry === 'yes' || result.detail === 'not json';
  return isBroken ? 'down' : 'up';
}

const NEVER_CALLED: JudgeReply = {
  text: null,
  failure: 'deadline',
  failureDetail: 'item deadline, or the end of the program, while waiting for a free place',
  inputTokens: 0,
  outputTokens: 0,
  reportedVersion: null,
  attempts: 0,
};

const BREAKER_OPEN: JudgeReply = { ...NEVER_CALLED, failure: 'error', failureDetail: 'breaker open' };
