import type { Route } from './route';

/** The API as an OpenAPI 3.1 document, made from its routes. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = (paths[`/api/v1${route.path}`] ??= {});
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plumbline',
      version,
      description: 'What was judged, what changed, and why. Lists are paged: hand `next` back as `after`.',
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { bearer: [] }],
    paths,
  };
}

function operation(route: Route): object {
  const { path, query = {}, body, role, scope, summary, answer } = route;
  const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return {
    operationId: operationId(route),
    summary,
    description: `Needs the role \`${role}\`${scope === 'all' ? ', for all segments' : ''}.`,
    parameters: [
      ...placeholders.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query).map(([name, description]) => ({
        name,
        in: 'query',
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      '200': { description: answer },
      '400': { description: 'A parameter cannot be used; `problem` says which and why.' },
      '401': { description: 'No token, or none that is known.' },
      '403': { description: 'The role is not enough, or the segment is not yours to see.' },
      '404': { description: 'There is no such thing.' },
    },
  };
}

function requestBody(fields: Readonly<Record<string, string>>): object {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, description]) => [name, { description }]));
  return { required: true, content: { 'application/json': { schema: { type: 'object', properties } } } };
}

/** `GET /alerts/{id}` → `getAlertsId`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}
