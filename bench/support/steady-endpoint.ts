import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { completion, verdicts } from '../../test/support/judge-server';

/**
 * A judge's endpoint in a process of its own that answers every call the same time after it came. It shares the machine
 * with what is measured, so it does as little as can be done: no HTTP server, one timer for all calls, an answer that is
 * ready but for the nonce.
 */
export interface SteadyEndpoint {
  readonly baseUrl: string;
  /** Since the last time it was asked. */
  figures(): Promise<EndpointFigures>;
  close(): void;
}

export interface EndpointFigures {
  readonly calls: number;
  /** From the last byte of a call to its answer being handed to the socket, mean, ms. */
  readonly meanLatencyMs: number;
  /** User and system time of the endpoint's process, ms per call. */
  readonly cpuMsPerCall: number;
}

export async function startSteadyEndpoint(latencyMs: number): Promise<SteadyEndpoint> {
  const child = fork(__filename, [String(latencyMs)], { execArgv: process.execArgv });
  const [baseUrl] = (await once(child, 'message')) as [string];
  return {
    baseUrl,
    async figures() {
      child.send('figures');
      const [figures] = (await once(child, 'message')) as [EndpointFigures];
      return figures;
    },
    close: () => void child.kill(),
  };
}

const NONCE = '0'.repeat(32);
const NONCE_LINE = 'Item nonce: ';

interface Due {
  readonly socket: Socket;
  readonly nonce: string;
  readonly cameAt: number;
}

function serve(latencyMs: number): void {
  const body = JSON.stringify(completion(verdicts({ nonce: NONCE, criteria: ['helpful'] })).body);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const [before = '', after = ''] = `${head}${body}`.split(NONCE);
  // All wait equally long, so they fall due in the order they came.
  let waiting: Due[] = [];
  let isArmed = false;
  let [calls, waitedMs, cpu] = [0, 0, process.cpuUsage()];

  const answerDue = (): void => {
    const now = performance.now();
    let due = 0;
    // Timers fire at whole milliseconds: by rounding to the nearest, the mean is the latency that was promised.
    for (; due < waiting.length && now - (waiting[due]?.cameAt ?? now) >= latencyMs - 0.5; due++) {
      const { socket, nonce, cameAt } = waiting[due] as Due;
      if (socket.writable) socket.write(`${before}${nonce}${after}`, 'latin1');
      calls += 1;
      waitedMs += now - cameAt;
    }
    waiting = waiting.slice(due);
    const [next] = waiting;
    isArmed = next !== undefined;
    if (next !== undefined) setTimeout(answerDue, Math.max(1, Math.floor(next.cameAt + latencyMs - now)));
  };

  const server = createServer({ noDelay: true }, (socket) => {
    let raw = '';
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('data', (part) => {
      raw += part as unknown as string;
      if (!isWhole(raw)) return;
      const at = raw.indexOf(NONCE_LINE) + NONCE_LINE.length;
      waiting.push({ socket, nonce: raw.slice(at, at + NONCE.length), cameAt: performance.now() });
      raw = '';
      if (!isArmed) answerDue();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage(cpu);
    const figures: EndpointFigures = {
      calls,
      meanLatencyMs: waitedMs / calls,
      cpuMsPerCall: (user + system) / 1000 / calls,
    };
    [calls, waitedMs, cpu] = [0, 0, process.cpuUsage()];
    process.send?.(figures);
  });
}

/** A client sends the next call of a connection when it has its answer, so nothing follows the body. */
function isWhole(raw: string): boolean {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(raw.slice(0, end))?.[1];
  return raw.length >= end + 4 + Number(length);
}

if (require.main === module) serve(Number(process.argv[2]));
