import { type HttpServer, JSON_TEXT, PLAIN_TEXT, startHttpServer } from '../platform/http-server';
import type { Logger } from '../platform/logger';

export interface StatusServerSetup {
  /** Loopback, since nobody is asked who they are. */
  readonly host: string;
  readonly port: number;
  /** What `/api/v1/status` answers. */
  readonly status: () => unknown;
  readonly logger: Logger;
}

/** The JSON API: `/api/v1/status`. Rejects as `startHttpServer`. */
export function startStatusServer({ host, port, status, logger }: StatusServerSetup): Promise<HttpServer> {
  return startHttpServer({
    host,
    port,
    keys: { host: 'server.apiHost', port: 'server.apiPort' },
    answer: (path) =>
      path === '/api/v1/status'
        ? { status: 200, type: JSON_TEXT, body: `${JSON.stringify(status())}\n` }
        : { status: 404, type: PLAIN_TEXT, body: 'try /api/v1/status\n' },
    logger,
  });
}
