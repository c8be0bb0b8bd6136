import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { buildInteraction } from '../test/support/builders/interaction';
import { completion, verdicts } from '../test/support/judge-server';
import { createAsk } from '../src/judge/ask';
import { createOpenAiClient } from '../src/judge/client/openai';
import { createNonceSource } from '../src/judge/fence';
import { resolveJudge } from '../src/judge/judge';
import { criterionOptions, judgeOptions } from '../src/judge/options';

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
  const run = async (count: number): Promise<void> => {
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const answers = await ask(judge, { interaction, criteria }, new AbortController().signal);
        const answer = answers.get('helpful');
        if (answer?.outcome !== 'scored') throw new Error(`call failed: ${answer?.outcome ?? 'no answer'}`);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  };
  // Connections are opened and the code is compiled before the clock starts.
  await run(inFlight * 5);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await run(calls);
  const seconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  await judge.client.close();
  endpoint.close();
  const rate = calls / seconds;
  return {
    calls,
    in_flight: inFlight,
    latency_ms: LATENCY_MS,
    calls_per_second: rate,
    concurrency_ratio: rate / ((inFlight * 1000) / LATENCY_MS),
    cpu_ms_per_call: (used.user + used.system) / 1000 / calls,
  };
}

function startEndpoint(): Promise<{ baseUrl: string; close(): void }> {
  const child = fork(__filename, ['--endpoint'], { execArgv: process.execArgv });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (baseUrl) => resolve({ baseUrl: String(baseUrl), close: () => void child.kill() }));
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
  console.log(`${result.cpu_ms_per_call.toFixed(3)} CPU ms per call`);
  if (values.json) console.log(JSON.stringify(result));
}

if (require.main === module) void main();
