import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { buildInteraction } from '../test/support/builders/interaction';
import { createAsk } from '../src/judge/ask';
import { createOpenAiClient } from '../src/judge/client/openai';
import { createNonceSource } from '../src/judge/fence';
import { resolveJudge } from '../src/judge/judge';
import { criterionOptions, judgeOptions } from '../src/judge/options';
import { renderPrompt } from '../src/judge/prompt';
import { type EndpointFigures, type SteadyEndpoint, startSteadyEndpoint } from './support/steady-endpoint';

/** What a bench of judge calls came to. */
export interface JudgeBench {
  readonly calls: number;
  readonly in_flight: number;
  readonly latency_ms: number;
  readonly calls_per_second: number;
  /** Achieved calls per second over the ideal, `in_flight / latency`. */
  readonly concurrency_ratio: number;
  /** User and system time of this process per call: prompt, request, response and reply check; the server is apart. */
  readonly cpu_ms_per_call: number;
  /** Beside a loop of plain posts on the same machine, which the machine's other load slows just as much. */
  readonly ratio_to_bare: number;
  readonly bare_cpu_ms_per_call: number;
  /** Plain posts over the ideal: what the endpoint and the machine allow. */
  readonly bare_concurrency_ratio: number;
  /** What the endpoint says of itself while it was asked for verdicts. */
  readonly endpoint: EndpointFigures;
}

const LATENCY_MS = 100;

/** Whole calls (prompt rendered, asked over HTTP, reply checked) against an endpoint in another process. */
export async function benchJudge({ calls, inFlight }: { calls: number; inFlight: number }): Promise<JudgeBench> {
  const endpoint = await startSteadyEndpoint(LATENCY_MS);
  const options = judgeOptions.parse({
    name: 'j',
    model: 'gpt-4.1-mini',
    baseUrl: endpoint.baseUrl,
    maxConcurrent: inFlight,
  });
  const judge = resolveJudge(options, [], createOpenAiClient(options, { apiKey: null }));
  const criteria = [criterionOptions.parse({ name: 'helpful', rubric: 'Does the answer solve what was asked?' })];
  const ask = createAsk({
    monotonicMs: () => performance.now(),
    drawNonce: createNonceSource(randomUUID),
    onCall: () => undefined,
    inputBudgetChars: 48000,
  });
  const interaction = buildInteraction();
  const ours = await timed(endpoint, calls, inFlight, async () => {
    const answers = await ask(judge, { interaction, criteria }, new AbortController().signal);
    const answer = answers.get('helpful');
    if (answer?.outcome !== 'scored') throw new Error(`call failed: ${answer?.outcome ?? 'no answer'}`);
  });
  await judge.client.close();
  const pool = new Pool(new URL(endpoint.baseUrl).origin, { connections: inFlight });
  const body = JSON.stringify({ user: renderPrompt(interaction, criteria, 48000, createNonceSource(randomUUID)) });
  const bare = await timed(endpoint, calls, inFlight, async () => {
    const response = await pool.request({ path: '/v1/chat/completions', method: 'POST', body });
    await response.body.text();
  });
  await pool.close();
  endpoint.close();
  const ideal = (inFlight * 1000) / LATENCY_MS;
  return {
    calls,
    in_flight: inFlight,
    latency_ms: LATENCY_MS,
    calls_per_second: ours.callsPerSecond,
    concurrency_ratio: ours.callsPerSecond / ideal,
    ratio_to_bare: ours.callsPerSecond / bare.callsPerSecond,
    cpu_ms_per_call: ours.cpuMs,
    bare_cpu_ms_per_call: bare.cpuMs,
    bare_concurrency_ratio: bare.callsPerSecond / ideal,
    endpoint: ours.endpoint,
  };
}

/**
 * The rate of `count` calls in the midst of `workers` loops that go on: after a warm-up that opens the connections and
 * compiles the code, and without the end, when fewer and fewer calls are in flight.
 */
async function timed(
  endpoint: SteadyEndpoint,
  count: number,
  workers: number,
  call: () => Promise<void>,
): Promise<{ callsPerSecond: number; cpuMs: number; endpoint: EndpointFigures }> {
  const warm = workers * 5;
  let done = 0;
  let begun = { at: 0, cpu: process.cpuUsage() };
  let ended = { at: 0, cpu: begun.cpu };
  const worker = async (): Promise<void> => {
    while (done < warm + count) {
      await call();
      done += 1;
      if (done === warm) begun = { at: performance.now(), cpu: process.cpuUsage() };
      if (done === warm + count) ended = { at: performance.now(), cpu: process.cpuUsage(begun.cpu) };
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const { user, system } = ended.cpu;
  return {
    endpoint: await endpoint.figures(),
    callsPerSecond: (1000 * count) / (ended.at - begun.at),
    cpuMs: (user + system) / 1000 / count,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '20000' },
      'in-flight': { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
    },
  });
  const result = await benchJudge({ calls: Number(values.calls), inFlight: Number(values['in-flight']) });
  console.log(`${result.calls} calls, ${result.in_flight} in flight, ${result.latency_ms} ms each`);
  console.log(
    `${result.calls_per_second.toFixed(0)} calls/s, ${(result.concurrency_ratio * 100).toFixed(1)} % of the ideal`,
  );
  console.log(`${(result.ratio_to_bare * 100).toFixed(1)} % of plain posts`);
  console.log(`${result.cpu_ms_per_call.toFixed(3)} CPU ms per call, plain ${result.bare_cpu_ms_per_call.toFixed(3)}`);
  const { endpoint } = result;
  console.log(
    `plain posts ${(result.bare_concurrency_ratio * 100).toFixed(1)} % of the ideal; the endpoint answers after ${endpoint.meanLatencyMs.toFixed(2)} ms, ${endpoint.cpuMsPerCall.toFixed(3)} CPU ms per call`,
  );
  if (values.json) console.log(JSON.stringify(result));
}

if (require.main === module) void main();
