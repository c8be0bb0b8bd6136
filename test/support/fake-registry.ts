import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRegistry {
  readonly url: string;
  /** Registers without HTTP and returns the id. */
  register(subject: string, schema: unknown): number;
  close(): Promise<void>;
}

/** A loopback double of a Confluent-compatible schema registry: schemas by id, and registering under a subject. */
export async function startFakeRegistry(): Promise<FakeRegistry> {
  const schemas: string[] = [];
  const register = (schema: string): number => {
    const known = schemas.indexOf(schema);
    return known >= 0 ? known + 1 : schemas.push(schema);
  };
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(JSON.stringify(body));
    };
    const id = /^\/schemas\/ids\/(\d+)/.exec(request.url ?? '')?.[1];
    if (id !== undefined) {
      const schema = schemas[Number(id) - 1];
      return schema === undefined ? answer(404, { error_code: 40403, message: 'Schema not found' }) : answer(200, { schema });
    }
    if (request.method !== 'POST') return answer(404, { error_code: 40401, message: 'Subject not found' });
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as { readonly schema: string };
      answer(200, { id: register(body.schema) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    register: (_subject, schema) => register(JSON.stringify(schema)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
