import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MonitorError } from '../domain/error';
import type { Logger } from './logger';

export interface HttpServerSetup {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The configuration keys of the two, for the message when they cannot be had. */
  readonly keys: { readonly host: string; readonly port: string };
  /**
   * Answers by the path of the URL. GET and HEAD only, and no body, unless `accepts` says more; the rest is refused before.
   */
  readonly answer: (path: string, request: IncomingMessage, body: string) => HttpReply | Promise<HttpReply>;
  /** Methods beside GET and HEAD, and how large a body may be. */
  readonly accepts?: { readonly methods: readonly string[]; readonly maxBodyBytes: number };
  readonly logger: Logger;
}

export interface HttpReply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** Beside the usual ones; a `Cache-Control` here wins. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpServer {
  /** The port in use, also when port 0 asked for a free one. */
  readonly port: number;
  /** Idempotent. Answers in flight get a second to end. */
  close(): Promise<void>;
}

/** Above what probes and scrapers need, so that a few hundred sockets held open on purpose do not lock them out. */
const MAX_CONNECTIONS = 1024;
const CLOSE_GRACE_MS = 1000;

export const PLAIN_TEXT = 'text/plain; charset=utf-8';
export const JSON_TEXT = 'application/json; charset=utf-8';

/**
 * A read-only HTTP server. Rejects with PORT_IN_USE, or CONFIG_INVALID when the address is not ours to bind.
 */
export async function startHttpServer(setup: HttpServerSetup): Promise<HttpServer> {
  const server = createServer(
    // Slow senders are cut off by these; nobody needs five seconds to send the head of a GET.
    { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000 },
    (request, response) => void handle(setup, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  await listen(server, setup);
  server.on('error', (error) => setup.logger.error({ err: error }, 'HTTP server failed'));
  let closing: Promise<void> | null = null;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close(server)),
  };
}

async function handle(setup: HttpServerSetup, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  const allowed = ['GET', 'HEAD', ...(setup.accepts?.methods ?? [])];
  if (!allowed.includes(method)) {
    response.setHeader('Allow', allowed.join(', '));
    return reply(request, response, { status: 405, type: PLAIN_TEXT, body: `only ${listText(allowed)}\n` });
  }
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (hasBody && (method === 'GET' || method === 'HEAD')) {
    response.setHeader('Connection', 'close');
    return reply(request, response, { status: 400, type: PLAIN_TEXT, body: 'no request body here\n' });
  }
  try {
    const body = hasBody ? await readBody(request, setup.accepts?.maxBodyBytes ?? 0) : '';
    if (body === null) {
      response.setHeader('Connection', 'close');
      return reply(request, response, { status: 413, type: PLAIN_TEXT, body: 'request body too large\n' });
    }
    reply(request, response, await setup.answer(url.split('?', 1)[0] ?? '', request, body));
  } catch (error) {
    setup.logger.error({ err: error, path: url.split('?', 1)[0] }, 'request could not be answered');
    reply(request, response, { status: 500, type: PLAIN_TEXT, body: 'this page could not be rendered\n' });
  }
}

function listText(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Null when there is more than allowed; the rest is not read. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reply(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: HttpReply): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function listen(server: Server, { host, port, keys }: HttpServerSetup): Promise<void> {
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
      const message = `port ${port} on ${host} is taken by another process: set \`${keys.port}\` to a free one`;
      throw new MonitorError('PORT_IN_USE', message, { cause: error });
    }
    const message = `cannot listen on ${host} port ${port} (${code}): check \`${keys.host}\` and \`${keys.port}\``;
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
