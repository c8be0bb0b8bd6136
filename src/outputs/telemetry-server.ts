import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MonitorError } from '../domain/error';
import type { Logger } from '../platform/logger';
import type { ServerOptions } from './options';
import type { RenderedMetrics } from './prometheus';

export interface Readiness {
  readonly ready: boolean;
  /** Why not; empty when ready. Shown to anyone who asks, so they never hold text of an interaction. */
  readonly reasons: readonly string[];
}

export interface TelemetryServerSetup extends ServerOptions {
  readonly render: (accept: string) => Promise<RenderedMetrics>;
  readonly readiness: () => Readiness;
  readonly logger: Logger;
}

export interface TelemetryServer {
  /** The port in use, also when port 0 asked for a free one. */
  readonly port: number;
  /** Idempotent. Answers in flight get a second to end. */
  close(): Promise<void>;
}

/** Above what probes and scrapers need, so that a few hundred sockets held open on purpose do not lock them out. */
const MAX_CONNECTIONS = 1024;
const CLOSE_GRACE_MS = 1000;

/**
 * `/metrics`, `/healthz` (the process turns over) and `/readyz` (the consumer's real state). Rejects with PORT_IN_USE,
 * or CONFIG_INVALID when the address is not ours to bind.
 */
export async function startTelemetryServer(setup: TelemetryServerSetup): Promise<TelemetryServer> {
  const server = createServer(
    // Slow senders are cut off by these; nobody needs five seconds to send the head of a GET.
    { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000 },
    (request, response) => void answer(setup, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  await listen(server, setup);
  server.on('error', (error) => setup.logger.error({ err: error }, 'telemetry server failed'));
  let closing: Promise<void> | null = null;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close(server)),
  };
}

async function answer(setup: TelemetryServerSetup, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return reply(request, response, 405, 'text/plain; charset=utf-8', 'only GET and HEAD\n');
  }
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    response.setHeader('Connection', 'close');
    return reply(request, response, 400, 'text/plain; charset=utf-8', 'no request body here\n');
  }
  switch (url.split('?', 1)[0]) {
    case '/healthz':
      return reply(request, response, 200, 'text/plain; charset=utf-8', 'ok\n');
    case '/readyz': {
      const { ready, reasons } = setup.readiness();
      const body = `${JSON.stringify({ ready, reasons })}\n`;
      return reply(request, response, ready ? 200 : 503, 'application/json; charset=utf-8', body);
    }
    case '/metrics':
      return answerMetrics(setup, request, response);
    default:
      return reply(request, response, 404, 'text/plain; charset=utf-8', 'try /metrics, /healthz or /readyz\n');
  }
}

async function answerMetrics(
  { render, logger }: TelemetryServerSetup,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { contentType, body } = await render(request.headers.accept ?? '');
    reply(request, response, 200, contentType, body);
  } catch (error) {
    logger.error({ err: error }, 'metrics could not be rendered');
    reply(request, response, 500, 'text/plain; charset=utf-8', 'metrics could not be rendered\n');
  }
}

function reply(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'EADDRINUSE') {
      const message = `port ${port} on ${host} is taken by another process: set \`server.port\` to a free one`;
      throw new MonitorError('PORT_IN_USE', message, { cause: error });
    }
    const message = `cannot listen on ${host} port ${port} (${code}): check \`server.host\` and \`server.port\``;
    throw new MonitorError('CONFIG_INVALID', message, { cause: error });
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const hard = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(hard);
      resolve();
    });
    server.closeIdleConnections();
  });
}
