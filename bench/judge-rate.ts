/**
 * A judge behind an endpoint that allows so many calls a second: how much of the quota is used and how many calls are
 * refused. Usage: npx tsx bench/judge-rate.ts [--json] [--seconds N]
 */
import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAiClient } from '../src/judge/client/openai';
import { judgeOptions } from '../src/judge/options';
import { completion } from '../test/support/judge-server';
import { finish, runScript, scriptFlags } from './support/script';

/** What a rate-limited run came to. */
export interface RateBench {
  readonly seconds: number;
  readonly quota_per_second: number;
  readonly accepted: number;
  readonly quota_used: number;
  readonly refused_share: number;
}

const QUOTA = 50;
const LATENCY_MS = 100;

export async function benchRate(seconds: number): Promise<RateBench> {
  const endpoint = await limitedEndpoint();
  const options = judgeOptions.parse({
    name: 'j',
    model: 'm',
    baseUrl: endpoint.baseUrl,
    maxConcurrent: 64,
    requestsPerMinute: QUOTA * 60,
  });
  const client = createOpenAiClient(options, { apiKey: null });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const request = { system: 's', user: 'u', schema: { type: 'object' }, schemaName: 'verdicts' };
  const worker = async (): Promise<void> => {
    while (!stop.signal.aborted) await client.complete(request, stop.signal);
  };
  const workers = Array.from({ length: 64 }, worker);
  // What the first second holds beyond the rate is a burst, not the rate.
  await wait(1000);
  const before = endpoint.counts();
  const startedAt = performance.now();
  await wait(seconds * 1000);
  const after = endpoint.counts();
  const passed = (performance.now() - startedAt) / 1000;
  stop.abort();
  await Promise.all(workers);
  await client.close();
  endpoint.close();
  const accepted = after.accepted - before.accepted;
  const refused = after.refused - before.refused;
  return {
    seconds: passed,
    quota_per_second: QUOTA,
    accepted,
    quota_used: accepted / (QUOTA * passed),
    refused_share: refused / Math.max(1, accepted + refused),
  };
}

interface LimitedEndpoint {
  readonly baseUrl: string;
  counts(): { readonly accepted: number; readonly refused: number };
  close(): void;
}

/** Refills evenly and holds a second's worth, as providers do. */
async function limitedEndpoint(): Promise<LimitedEndpoint> {
  let [accepted, refused, level, at] = [0, 0, QUOTA, performance.now()];
  const body = JSON.stringify(completion('{}').body);
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    const now = performance.now();
    level = Math.min(QUOTA, level + ((now - at) * QUOTA) / 1000);
    at = now;
    const isAllowed = level >= 1;
    if (isAllowed) [level, accepted] = [level - 1, accepted + 1];
    else refused++;
    const headers = { 'content-type': 'application/json', ...(isAllowed ? {} : { 'retry-after-ms': '100' }) };
    setTimeout(() => {
      outgoing.writeHead(isAllowed ? 200 : 429, headers);
      outgoing.end(isAllowed ? body : '{"error":{"type":"rate_limit"}}');
    }, LATENCY_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    counts: () => ({ accepted, refused }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function main(): Promise<void> {
  const flags = scriptFlags();
  const at = process.argv.indexOf('--seconds');
  const result = await benchRate(at < 0 ? (flags.quick ? 5 : 20) : Number(process.argv[at + 1]));
  const text = `${(100 * result.quota_used).toFixed(1)} % of ${QUOTA} calls/s used, ${(100 * result.refused_share).toFixed(2)} % refused`;
  finish(flags, text, result);
}

if (require.main === module) runScript(main);
