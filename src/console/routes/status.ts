import type { Me, Status, StatusFigures } from '../answers';
import type { ConsoleParts } from '../ports';
import { bodyOneOf, bodyText } from '../parameters';
import { found, problem, type Route } from '../route';
import { toSnake } from '../snake';

export function statusRoute(status: () => StatusFigures, parts: ConsoleParts | null): Route {
  return {
    method: 'GET',
    path: '/status',
    role: 'viewer',
    scope: 'own',
    summary: 'Whether every stage works and what it did; the accounting adds up',
    answer: 'ready, reasons, lag, report, store',
    handle: async ({ principal }) => {
      // The figures of a run name every segment.
      const whole = principal.segments.length === 0 ? {} : { report: null, golden: null };
      const store = parts === null ? null : toSnake(await parts.store.size());
      return found<Status>({ ...status(), ...whole, store });
    },
  };
}

export const meRoute: Route = {
  method: 'GET',
  path: '/me',
  role: 'viewer',
  scope: 'own',
  summary: 'Who you are here',
  answer: 'name, role, segments',
  handle: ({ principal }) => found<Me>(toSnake(principal)),
};

export function evidenceRoutes({ store, erase }: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/criteria',
      role: 'viewer',
      scope: 'own',
      summary: 'Names of the criteria that were judged',
      answer: '`rows`',
      handle: async () => found({ rows: await store.criteria() }),
    },
    {
      method: 'POST',
      path: '/erasures',
      role: 'admin',
      scope: 'all',
      summary: 'Erase all text of a user or a conversation',
      body: { kind: '`user` or `conversation`', id: 'the user id as the product knows it, or the conversation id' },
      answer: 'the receipt: what was found where, and what only expires',
      handle: async ({ body, principal }) => {
        if (erase === null) return problem(409, 'this console only reads');
        const kind = bodyOneOf(body, 'kind', ['user', 'conversation'] as const);
        return { status: 201, json: await erase(kind, bodyText(body, 'id', 500), principal.name) };
      },
    },
  ];
}
