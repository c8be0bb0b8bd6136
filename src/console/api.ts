import type { IncomingMessage } from 'node:http';
import type { Logger } from '../platform/logger';
import { type HttpReply, JSON_TEXT } from '../platform/http-server';
import { type Asking, type Identified, mayDo } from './access';
import { openApiDocument } from './openapi';
import { BadParameter } from './parameters';
import type { Principal } from './principal';
import type { Answer, Call, Route } from './route';

export const API_PREFIX = '/api/v1';

export interface ApiSetup {
  readonly routes: readonly Route[];
  readonly identify: (asking: Asking) => Identified;
  readonly version: string;
  readonly logger: Logger;
}

/** Answers requests below `API_PREFIX`: finds the route, asks who it is, checks the role, then hands over. */
export function createApi({
  routes,
  identify,
  version,
  logger,
}: ApiSetup): (path: string, request: IncomingMessage, body: string) => Promise<HttpReply> {
  const find = createFinder(routes);
  const document = JSON.stringify(openApiDocument(routes, version));

  return async (path, request, body) => {
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const address = request.socket.remoteAddress ?? '';
    const who = identify({ headers: request.headers, address, method });
    if (who === 'foreign') return toReply({ status: 403, problem: 'asked from another site' });
    if (who === 'unknown') return unauthorised();
    const below = path.slice(API_PREFIX.length);
    if (below === '/openapi.json') return toReply({ status: 200, rawJson: document });
    const matches = find(below);
    if (matches.length === 0) return toReply({ status: 404, problem: `no such thing: see ${API_PREFIX}/openapi.json` });
    const match = matches.find(({ route }) => route.method === method);
    if (match === undefined) return wrongMethod(matches.map(({ route }) => route.method));
    if (!mayDo(who.role, match.route.role)) {
      return toReply({ status: 403, problem: `needs the role ${match.route.role}, ${who.name} is ${who.role}` });
    }
    if (match.route.scope === 'all' && who.segments.length > 0) {
      return toReply({ status: 403, problem: `is about all segments, ${who.name} may see ${who.segments.join(', ')}` });
    }
    return run(match.route, match.placeholders, request, body, who, logger);
  };
}

interface Match {
  readonly route: Route;
  readonly placeholders: Readonly<Record<string, string>>;
}

/** The routes whose path fits, whatever their method. */
function createFinder(routes: readonly Route[]): (below: string) => Match[] {
  const compiled = routes.map((route) => ({ route, pattern: compile(route.path) }));
  return (below) =>
    compiled.flatMap(({ route, pattern }) => {
      const placeholders = pattern(below);
      return placeholders === null ? [] : [{ route, placeholders }];
    });
}

/** The same routes without a server, for commands that work on a data directory of their own. */
export function createLocalApi(
  routes: readonly Route[],
  principal: Principal,
): (method: 'GET' | 'POST', target: string, body: Readonly<Record<string, unknown>>) => Promise<Answer> {
  const find = createFinder(routes);
  return async (method, target, body) => {
    const [path = '', query = ''] = target.split('?');
    const match = find(path).find(({ route }) => route.method === method);
    if (match === undefined) return { status: 404, problem: `no such thing: ${path}` };
    try {
      return await match.route.handle({
        path: match.placeholders,
        query: new URLSearchParams(query),
        body,
        principal,
      });
    } catch (error) {
      if (error instanceof BadParameter) return { status: 400, problem: error.message };
      throw error;
    }
  };
}

async function run(
  route: Route,
  path: Readonly<Record<string, string>>,
  request: IncomingMessage,
  body: string,
  principal: Principal,
  logger: Logger,
): Promise<HttpReply> {
  try {
    const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
    const call: Call = { path, query, body: parseBody(route, request, body), principal };
    return toReply(await route.handle(call));
  } catch (error) {
    if (error instanceof BadParameter) return toReply({ status: 400, problem: error.message });
    logger.error({ err: error, route: route.path }, 'an API request failed');
    return toReply({ status: 503, problem: 'this could not be answered; the log says why' });
  }
}

/** Only JSON, and only when it says so: a form of another site cannot send that without asking first. */
function parseBody(route: Route, { headers }: IncomingMessage, body: string): Readonly<Record<string, unknown>> {
  if (route.method === 'GET') return {};
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new BadParameter('content-type: wanted application/json');
  }
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new BadParameter('body: wanted JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadParameter('body: wanted an object');
  return value as Record<string, unknown>;
}

/** `/alerts/{id}` → what the placeholders of a path stand for; null for another path. */
function compile(path: string): (below: string) => Record<string, string> | null {
  const wanted = path.split('/');
  return (below) => {
    const seen = below.split('/');
    if (seen.length !== wanted.length) return null;
    const placeholders: Record<string, string> = {};
    for (const [i, part] of wanted.entries()) {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      const text = seen[i] ?? '';
      if (name === undefined) {
        if (text !== part) return null;
      } else {
        const decoded = decode(text);
        if (decoded === null || decoded === '') return null;
        placeholders[name] = decoded;
      }
    }
    return placeholders;
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function toReply(answer: Answer): HttpReply {
  if ('problem' in answer) {
    const body = `${JSON.stringify({ status: answer.status, problem: answer.problem })}\n`;
    return { status: answer.status, type: JSON_TEXT, body };
  }
  if ('text' in answer) return { status: answer.status, type: answer.type, body: answer.text };
  const json = 'rawJson' in answer ? answer.rawJson : JSON.stringify(answer.json);
  return { status: answer.status, type: JSON_TEXT, body: `${json}\n` };
}

function unauthorised(): HttpReply {
  const body = `${JSON.stringify({ status: 401, problem: 'give a bearer token' })}\n`;
  return { status: 401, type: JSON_TEXT, body, headers: { 'WWW-Authenticate': 'Bearer realm="plumbline"' } };
}

function wrongMethod(allowed: readonly string[]): HttpReply {
  const body = `${JSON.stringify({ status: 405, problem: `wanted ${allowed.join(' or ')}` })}\n`;
  return { status: 405, type: JSON_TEXT, body, headers: { Allow: allowed.join(', ') } };
}
