import { type HttpReply, type HttpServer, PLAIN_TEXT, startHttpServer } from '../platform/http-server';
import type { Logger } from '../platform/logger';
import type { StatusFigures } from './answers';
import { createAccess } from './access';
import { API_PREFIX, createApi } from './api';
import type { AuthOptions } from './options';
import type { ConsoleParts } from './ports';
import type { Route } from './route';
import { alertRoutes } from './routes/alerts';
import { baselineRoutes } from './routes/baselines';
import { annotationRoutes } from './routes/annotations';
import { interactionRoutes } from './routes/interactions';
import { judgeRoutes } from './routes/judges';
import { reportRoutes } from './routes/reports';
import { reviewRoutes } from './routes/reviews';
import { compareRoutes } from './routes/compare';
import { segmentRoutes } from './routes/segments';
import { evidenceRoutes, meRoute, statusRoute } from './routes/status';
import { servePage } from './static-files';

export interface ConsoleSetup {
  readonly host: string;
  readonly port: number;
  /** The configuration keys of the two, for the message when they cannot be had. */
  readonly keys: { readonly host: string; readonly port: string };
  readonly auth: AuthOptions | null;
  readonly tokenOf: (variable: string) => string;
  /** Null where no evidence is kept here: then only the status is served. */
  readonly parts: ConsoleParts | null;
  readonly status: () => StatusFigures;
  /** Answers what belongs to others, before anything else; null = not theirs. */
  readonly beside?: (path: string, accept: string) => Promise<HttpReply | null>;
  /** Folder of the built page. */
  readonly webRoot: string;
  readonly version: string;
  readonly logger: Logger;
}

const MAX_BODY_BYTES = 256 * 1024;

/** All routes of the API, in the order of its document; without `status` where nothing runs that would have one. */
export function consoleRoutes(parts: ConsoleParts, status: (() => StatusFigures) | null): Route[] {
  return [
    ...(status === null ? [] : [statusRoute(status, parts)]),
    meRoute,
    ...evidenceRoutes(parts),
    ...alertRoutes(parts),
    ...segmentRoutes(parts),
    ...compareRoutes(parts),
    ...baselineRoutes(parts),
    ...interactionRoutes(parts),
    ...reportRoutes(parts),
    ...annotationRoutes(parts),
    ...judgeRoutes(parts),
    ...reviewRoutes(parts),
  ];
}

/** The page and the JSON API. Rejects as `startHttpServer`. */
export function startConsoleServer(setup: ConsoleSetup): Promise<HttpServer> {
  const { host, port, keys, auth, tokenOf, parts, status, beside, webRoot, version, logger } = setup;
  const routes = parts === null ? [statusRoute(status, null), meRoute] : consoleRoutes(parts, status);
  const api = createApi({ routes, identify: createAccess(auth, tokenOf), version, logger });
  return startHttpServer({
    host,
    port,
    keys,
    accepts: { methods: ['POST'], maxBodyBytes: MAX_BODY_BYTES },
    answer: async (path, request, body) => {
      const others = (await beside?.(path, request.headers.accept ?? '')) ?? null;
      if (others !== null) return others;
      if (path === API_PREFIX || path.startsWith(`${API_PREFIX}/`)) return api(path, request, body);
      return parts === null ? NOTHING_HERE : servePage(webRoot, path);
    },
    logger,
  });
}

const NOTHING_HERE: HttpReply = { status: 404, type: PLAIN_TEXT, body: 'try /api/v1/status\n' };
