import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { buildInteraction } from '../test/support/builders/interaction';
import { completion, verdicts } from '../test/support/judge-server';
import { createAsk } from '../src/judge/ask';
import { createOpenAiClient } from '../src/judge/client/openai';
import { createNonceSource } from '../src/judge/fence';
import { resolveJudge } from '../src/judge/judge';
import { criterionOptions, judgeOptions } from '../src/judge/options';
import { renderPrompt } from '../src/judge/prompt';

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
}

const LATENCY_MS = 100;

/** Whole calls (prompt rendered, asked over HTTP, reply checked) against an endpoint in another process. */
export async function benchJudge({ calls, inFlight }: { calls: number; inFlight: number }): Promise<JudgeBench> {
  const endpoint = await startEndpoint();
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
  const ours = await timed(calls, inFlight, async () => {
    const answers = await ask(judge, { interaction, criteria }, new AbortController().signal);
    const answer = answers.get('helpful');
    if (answer?.outcome !== 'scored') throw new Error(`call failed: ${answer?.outcome ?? 'no answer'}`);
  });
  await judge.client.close();
  const pool = new Pool(new URL(endpoint.baseUrl).origin, { connections: inFlight });
  const body = JSON.stringify({ user: renderPrompt(interaction, criteria, 48000, createNonceSource(randomUUID)) });
  const bare = await timed(calls, inFlight, async () => {
    const response = await pool.request({ path: '/v1/chat/completions', method: 'POST', body });
    await response.body.text();
  });
  await pool.close();
  endpoint.close();
  return {
    calls,
    in_flight: inFlight,
    latency_ms: LATENCY_MS,
    calls_per_second: ours.callsPerSecond,
    concurrency_ratio: ours.callsPerSecond / ((inFlight * 1000) / LATENCY_MS),
    ratio_to_bare: ours.callsPerSecond / bare.callsPerSecond,
    cpu_ms_per_call: ours.cpuMs,
    bare_cpu_ms_per_call: bare.cpuMs,
  };
}

/**
 * The rate of `count` calls in the midst of `workers` loops that go on: after a warm-up that opens the connections and
 * compiles the code, and without the end, when fewer and fewer calls are in flight.
 */
async function timed(
  count: number,
  workers: number,
  call: () => Promise<void>,
): Promise<{ callsPerSecond: number; cpuMs: number }> {
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
  return { callsPerSecond: (1000 * count) / (ended.at - begun.at), cpuMs: (user + system) / 1000 / count };
}

function startEndpoint(): Promise<{ baseUrl: string; close(): void }> {
  const child = fork(__filename, ['--endpoint'], { execArgv: process.execArgv });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (baseUrl) => resolve({ baseUrl: baseUrl as string, close: () => void child.kill() }));
  });
}

/** Answers as cheaply as it can: it shares the machine with what is measured. */
async function serve(): Promise<void> {
  const server = createServer((incoming, outgoing) => {
    let raw = '';
    incoming.setEncoding('latin1');
    incoming.on('data', (part: string) => (raw += part));
    incoming.on('end', () => {
      const nonce = /Item nonce: ([0-9a-f]{32})/.exec(raw)?.[1] ?? null;
      const body = JSON.stringify(completion(verdicts({ nonce, criteria: ['helpful'] })).body);
      setTimeout(() => {
        outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
        outgoing.end(body);
      }, LATENCY_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '20000' },
      'in-flight': { type: 'string', default: '200' },
      endpoint: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.endpoint) return serve();
  const result = await benchJudge({ calls: Number(values.calls), inFlight: Number(values['in-flight']) });
  console.log(`${result.calls} calls, ${result.in_flight} in flight, ${result.latency_ms} ms each`);
  console.log(
    `${result.calls_per_second.toFixed(0)} calls/s, ${(result.concurrency_ratio * 100).toFixed(1)} % of the ideal`,
  );
  console.log(`${(result.ratio_to_bare * 100).toFixed(1)} % of plain posts`);
  console.log(`${result.cpu_ms_per_call.toFixed(3)} CPU ms per call, plain ${result.bare_cpu_ms_per_call.toFixed(3)}`);
  if (values.json) console.log(JSON.stringify(result));
}

if (require.main === module) void main();
