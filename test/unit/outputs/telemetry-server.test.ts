import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { createPacker, startTelemetryServer } from '../../../src/outputs/telemetry-server';
import type { Readiness } from '../../../src/outputs/telemetry-server';
import { silentLogger } from '../../../src/platform/logger';
import { eventually } from '../../support/eventually';

type TelemetryServer = Awaited<ReturnType<typeof startTelemetryServer>>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  port: number,
  path: string,
  method = 'GET',
  body = '',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('telemetry server', () => {
  let server: TelemetryServer;
  let readiness: Readiness;
  let fails: boolean;
  let stall: string | null;

  beforeEach(async () => {
    readiness = { ready: true, reasons: [] };
    fails = false;
    stall = null;
    server = await startTelemetryServer({
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      readiness: () => readiness,
      stall: () => stall,
      render: (accept) =>
        fails
          ? Promise.reject(new Error('secret detail'))
          : Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: `page for ${accept}\n` }),
    });
  });

  afterEach(() => server.close());

  it('serves the metrics in the format that was asked for', async () => {
    const answer = await ask(server.port, '/metrics?x=1', 'GET', '', { accept: 'text/plain' });
    expect(answer).toMatchObject({ status: 200, body: 'page for text/plain\n' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('is healthy while it turns over, and ready when the consumer is', async () => {
    expect(await ask(server.port, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await ask(server.port, '/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reasons":[]}\n' });
    readiness = { ready: false, reasons: ['source: joining the group'] };
    expect(await ask(server.port, '/readyz')).toMatchObject({
      status: 503,
      body: '{"ready":false,"reasons":["source: joining the group"]}\n',
    });
    expect((await ask(server.port, '/healthz')).status).toBe(200);
    stall = '3 records in flight and none done for 300 s';
    expect(await ask(server.port, '/healthz')).toMatchObject({ status: 503, body: `${stall}\n` });
  });

  it('answers HEAD without a body, other methods with 405, other paths with 404', async () => {
    expect(await ask(server.port, '/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect(await ask(server.port, '/metrics', method)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
    }
    for (const path of ['/', '/metrics/', '/../etc/passwd', '/%00', '//healthz']) {
      expect((await ask(server.port, path)).status).toBe(404);
    }
  });

  it('takes no request body', async () => {
    expect((await ask(server.port, '/metrics', 'GET', 'body')).status).toBe(400);
  });

  it('does not echo what went wrong, nor what was sent', async () => {
    fails = true;
    const answer = await ask(server.port, '/metrics');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect((await ask(server.port, '/<script>alert(1)</script>')).body).not.toContain('script');
  });

  it('names the port and the key when the port is taken', async () => {
    const setup = {
      logger: silentLogger,
      readiness: () => readiness,
      stall: () => null,
      render: () => Promise.reject(new Error()),
    };
    await expect(startTelemetryServer({ ...setup, host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`port ${server.port} .*\`server.port\``)) as string,
    });
    await expect(startTelemetryServer({ ...setup, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('`server.host`') as string,
    });
  });

  it('answers within a second while 500 sockets send their heads drop by drop, and cuts those off', async () => {
    const sockets: Socket[] = [];
    let closed = 0;
    for (let index = 0; index < 500; index += 1) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => (closed += 1)).resume();
      socket.write('GET /metrics HTTP/1.1\r\nX-Slow: ');
      sockets.push(socket);
    }
    await eventually(() => sockets.every((socket) => !socket.connecting));
    const started = performance.now();
    expect((await ask(server.port, '/metrics')).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1000);
    await eventually(() => closed === 500, { timeoutMs: 15_000 });
  }, 30_000);

  it('survives bytes that are no HTTP', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect((await ask(server.port, '/healthz')).status).toBe(200);
  });

  it('closes though a socket is held open, and twice without harm', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await eventually(() => !socket.connecting);
    socket.write('GET /healthz HTTP/1.1\r\n');
    await Promise.all([server.close(), server.close()]);
    await expect(ask(server.port, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a page for who takes gzip', () => {
  const page = { status: 200, type: 'text/plain', body: 'plumbline_x{a="b"} 1\n'.repeat(10_000) };

  it('is packed to a small part, once, and is the same page', async () => {
    const pack = createPacker();
    const first = await pack(page);
    expect(first.headers).toMatchObject({ 'Content-Encoding': 'gzip' });
    expect(gunzipSync(first.body as Buffer).toString('utf8')).toBe(page.body);
    expect(first.body.length).toBeLessThan(page.body.length / 20);
    expect((await pack({ ...page })).body).toBe(first.body);
    expect((await pack({ ...page, body: `${page.body}# EOF\n` })).body).not.toBe(first.body);
  });

  it('is left as it is when it is small', async () => {
    expect(await createPacker()({ ...page, body: 'ok\n' })).toEqual({ ...page, body: 'ok\n' });
  });
});
