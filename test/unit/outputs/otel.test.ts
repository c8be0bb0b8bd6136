import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { tracing as sdk } from '@opentelemetry/sdk-node';
import type { JudgeClient, JudgeReply } from '../../../src/judge/port';
import { startTracing } from '../../../src/outputs/otel';
import type { Tracing } from '../../../src/outputs/otel';
import { silentLogger } from '../../../src/platform/logger';
import { silentObserver } from '../../../src/platform/observer';

const COMMON = { instance: 'test', version: '0.1.0', logger: silentLogger };
const IDENTITY = { judge: 'one', model: 'gpt-4o', provider: 'openai', family: 'openai' };
const REQUEST = { system: 'SYSTEM TEXT', user: 'USER TEXT', schema: {}, schemaName: 's' };
const REPLY: JudgeReply = {
  text: 'ANSWER TEXT',
  failure: null,
  failureDetail: null,
  inputTokens: 12,
  outputTokens: 3,
  reportedVersion: 'gpt-4o-2024-08-06',
  attempts: 2,
};

function clientOf(answer: () => Promise<JudgeReply>): JudgeClient {
  return { complete: answer, leave: () => undefined, close: () => Promise.resolve() };
}

/** The SDK's own exporter in memory forgets everything at shutdown. */
function exporterInto(spans: sdk.ReadableSpan[]): sdk.SpanExporter {
  return {
    export: (batch, done) => {
      spans.push(...batch);
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
}

describe('startTracing', () => {
  let spans: sdk.ReadableSpan[];
  let tracing: Tracing;

  beforeEach(async () => {
    spans = [];
    tracing = await startTracing({ ...COMMON, traceRatio: 1, exporter: exporterInto(spans) });
  });

  afterEach(() => tracing.shutdown());

  async function finished(): Promise<sdk.ReadableSpan[]> {
    await tracing.shutdown();
    return spans;
  }

  it('nests spans across awaits, also when items interleave', async () => {
    const item = (name: string, ms: number) =>
      tracing.observer.inSpan(name, { 'messaging.system': 'kafka' }, async (span) => {
        await pause(ms);
        await tracing
          .observeJudgeClient(
            clientOf(() => Promise.resolve(REPLY)),
            IDENTITY,
          )
          .complete(REQUEST, new AbortController().signal);
        span.end();
      });
    await Promise.all([item('a', 20), item('b', 5)]);
    await finished();
    for (const name of ['a', 'b']) {
      const parent = spans.find((span) => span.name === name);
      const child = spans.filter((span) => span.parentSpanContext?.spanId === parent?.spanContext().spanId);
      expect(child.map((span) => span.name)).toEqual(['chat gpt-4o']);
    }
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(2);
  });

  it('describes a judge call by the GenAI conventions and holds no text', async () => {
    const client = tracing.observeJudgeClient(
      clientOf(() => Promise.resolve(REPLY)),
      IDENTITY,
    );
    expect(await client.complete(REQUEST, new AbortController().signal)).toBe(REPLY);
    const [span] = await finished();
    expect(span?.kind).toBe(2); // CLIENT
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
      'plumbline.judge.name': 'one',
      'plumbline.judge.family': 'openai',
      'plumbline.judge.attempts': 2,
    });
    expect(span?.resource.attributes).toMatchObject({ 'service.name': 'plumbline', 'service.instance.id': 'test' });
  });

  it('marks failed calls and spans', async () => {
    const failed = {
      ...REPLY,
      failure: 'timeout',
      failureDetail: 'no answer in 50 ms',
      reportedVersion: null,
    } as const;
    const signal = new AbortController().signal;
    await tracing
      .observeJudgeClient(
        clientOf(() => Promise.resolve(failed)),
        IDENTITY,
      )
      .complete(REQUEST, signal);
    const bug = tracing.observeJudgeClient(
      clientOf(() => Promise.reject(new TypeError('x'))),
      IDENTITY,
    );
    await expect(bug.complete(REQUEST, signal)).rejects.toThrow('x');
    expect(() =>
      tracing.observer.inSpan('thrown', {}, () => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
    await finished();
    expect(spans.map((span) => [span.attributes['error.type'], span.status.code])).toEqual([
      ['timeout', 2],
      ['TypeError', 2],
      ['RangeError', 2],
    ]);
  });

  it('goes on with the trace of the producer, and thins it at our own ratio', async () => {
    const origin = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), isSampled: true, traceState: 'a=b' };
    tracing.observer.inSpan(
      'x',
      {},
      (span) => (span.link({ traceId: '3'.repeat(32), spanId: '4'.repeat(16) }), span.end()),
      origin,
    );
    tracing.observer.inSpan('y', {}, (span) => span.end(), { ...origin, isSampled: false });
    const [span] = await finished();
    expect(spans).toHaveLength(1);
    expect(span?.spanContext().traceId).toBe(origin.traceId);
    expect(span?.spanContext().traceState?.serialize()).toBe('a=b');
    expect(span?.parentSpanContext).toMatchObject({ spanId: origin.spanId, isRemote: true });
    expect(span?.links.map(({ context }) => context.traceId)).toEqual(['3'.repeat(32)]);
    const thin: sdk.ReadableSpan[] = [];
    const none = await startTracing({ ...COMMON, traceRatio: 0, exporter: exporterInto(thin) });
    none.observer.inSpan('x', {}, (one) => one.end(), origin);
    await none.shutdown();
    expect(thin).toEqual([]);
  });

  it('gives the trace id of sampled spans only', async () => {
    tracing.observer.inSpan('x', {}, (span) => {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      span.end();
    });
    await tracing.shutdown();
    const none = await startTracing({ ...COMMON, traceRatio: 0, exporter: exporterInto([]) });
    none.observer.inSpan('x', {}, (span) => {
      expect(span.traceId).toBeNull();
      span.end();
    });
    await none.shutdown();
  });
});

describe('without an endpoint', () => {
  it('nothing is observed', async () => {
    const tracing = await startTracing({ ...COMMON, traceRatio: 1 });
    const client = clientOf(() => Promise.resolve(REPLY));
    expect(tracing.observer).toBe(silentObserver);
    expect(tracing.observeJudgeClient(client, IDENTITY)).toBe(client);
    await tracing.shutdown();
  });

  it('nothing is loaded', async () => {
    expect(await traceOnce()).toMatchObject({ loaded: 0, warnings: [] });
  }, 30_000);
});

interface Traced {
  readonly loaded: number;
  readonly warnings: readonly string[];
}

async function traceOnce(endpoint?: string): Promise<Traced> {
  const script = join(__dirname, '../../support/trace-once.ts');
  const args = ['--import', 'tsx', script, ...(endpoint === undefined ? [] : [endpoint])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(__dirname, '../../..') });
  return JSON.parse(stdout) as Traced;
}

describe('the OTLP exporter', () => {
  let collector: Server;
  let bodies: string[];
  let status: number;

  beforeEach(async () => {
    bodies = [];
    status = 200;
    collector = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => collector.close(resolve)));

  const endpoint = (): string => `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;

  it('sends what is buffered to the collector at shutdown', async () => {
    expect(await traceOnce(endpoint())).toMatchObject({ warnings: [] });
    expect(bodies).toHaveLength(3);
    expect(bodies[0]).toMatch(/^POST \/v1\/traces application\/json/);
    expect(bodies[1]).toMatch(/^POST \/v1\/logs application\/json.*gen_ai\.evaluation\.result.*helpful/);
    expect(bodies[2]).toMatch(
      /^POST \/v1\/metrics application\/json.*plumbline_consumer_lag.*"topic".*interactions.*12/,
    );
    expect(bodies[0]).toContain('plumbline.item');
    expect(bodies[0]).toContain('service.instance.id');
  }, 30_000);

  it('goes on when the collector refuses, and says so once', async () => {
    status = 400;
    expect((await traceOnce(endpoint())).warnings).toEqual(['tracing: the last spans were not sent']);
    expect(bodies).toHaveLength(3);
  }, 30_000);
});
