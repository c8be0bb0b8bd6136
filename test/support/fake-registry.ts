import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeSchema {
  /** Schema as an object; written out as the registry does, as text inside JSON. */
  readonly schema: unknown;
  readonly schemaType?: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

/** A registry of the Confluent kind on 127.0.0.1: ids, GUIDs, subject versions, registration. */
export interface FakeRegistry {
  readonly url: string;
  readonly requests: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders }[];
  readonly byId: Map<number, FakeSchema>;
  readonly byGuid: Map<string, FakeSchema>;
  /** By `subject/version`. */
  readonly versions: Map<string, FakeSchema>;
  readonly registered: { readonly subject: string; readonly schema: string }[];
  /** Answers instead of the registry while set. */
  outage: { readonly status: number; readonly body: string; readonly location?: string } | null;
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const byId: FakeRegistry['byId'] = new Map();
  const byGuid: FakeRegistry['byGuid'] = new Map();
  const versions: FakeRegistry['versions'] = new Map();
  const requests: FakeRegistry['requests'] = [];
  const registered: FakeRegistry['registered'] = [];

  const find = (path: string): FakeSchema | undefined => {
    const [, ids, id] = /^\/schemas\/(ids|guids)\/(.+)$/.exec(path) ?? [];
    if (id !== undefined) return ids === 'ids' ? byId.get(Number(id)) : byGuid.get(id);
    const [, subject, version] = /^\/subjects\/([^/]+)\/versions\/(\d+)$/.exec(path) ?? [];
    return subject === undefined ? undefined : versions.get(`${decodeURIComponent(subject)}/${version}`);
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ method: request.method ?? '', path, headers: request.headers });
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
        response.end(JSON.stringify(value));
      };
      if (fake.outage !== null) {
        const { status, location = null } = fake.outage;
        response.writeHead(status, { 'content-type': 'text/html', ...(location === null ? {} : { location }) });
        response.end(fake.outage.body);
      } else if (request.method === 'POST') {
        const subject = decodeURIComponent(path.split('/')[2] ?? '');
        registered.push({ subject, schema: (JSON.parse(body) as { schema: string }).schema });
        answer(200, { id: registered.length });
      } else {
        const found = find(path);
        if (found === undefined) answer(404, { error_code: 40403, message: 'Schema not found' });
        else answer(200, { ...found, schema: JSON.stringify(found.schema) });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    byId,
    byGuid,
    versions,
    registered,
    outage: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}
