import { gzipSync } from 'node:zlib';
import { type JudgeOptions, judgeOptions } from '../../src/judge/options';
import type { JudgeClient, JudgeReply, JudgeRequest } from '../../src/judge/port';
import { eventually } from '../support/eventually';
import { type Respond, type JudgeServer, type Scripted, startJudgeServer } from '../support/judge-server';

/** How one provider says on the wire what all providers can say; a later adapter brings its own. */
export interface ProviderDialect {
  readonly name: string;
  create(options: JudgeOptions, apiKey: string | null): JudgeClient;
  answer(text: string): Scripted;
  cutAtLimit(text: string): Scripted;
  refusal(): Scripted;
  contentFilter(): Scripted;
  quotaUsedUp(): Scripted;
  /** A failure of the provider behind it, under HTTP 200; null when the protocol has no such thing. */
  errorInside(): Scripted | null;
}

export const KEY = 'sk-secret-do-not-show';

export const REQUEST: JudgeRequest = {
  system: 'be a judge',
  user: 'judge this',
  schema: { type: 'object', properties: { criteria: { properties: {} } } },
  schemaName: 'verdicts',
};

/** A signal that does not abort; a new one each time, as each item has its own. */
const never = (): AbortSignal => new AbortController().signal;

/** What every provider's client must do, whatever its protocol. */
export function judgeProviderContract(dialect: ProviderDialect): void {
  describe(`judge provider ${dialect.name}`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean();
    });

    async function set(respond: Respond, overrides: Partial<JudgeOptions> = {}): Promise<Setup> {
      const server = await startJudgeServer(respond);
      cleanups.push(() => server.close());
      const client = clientFor(server.baseUrl, overrides);
      return { server, client, ask: (signal = never()) => client.complete(REQUEST, signal) };
    }

    function clientFor(baseUrl: string, overrides: Partial<JudgeOptions>): JudgeClient {
      const client = dialect.create(
        judgeOptions.parse({ name: 'j', model: 'm-1', baseUrl, timeoutMs: 5000, ...overrides }),
        KEY,
      );
      cleanups.push(() => client.close());
      return client;
    }

    function failed(reply: JudgeReply, failure: JudgeReply['failure']): void {
      expect(reply).toMatchObject({ text: null, failure });
      expect(JSON.stringify(reply)).not.toContain(KEY);
    }

    it('gives the answer, the tokens and the version that answered', async () => {
      const { ask } = await set(() => dialect.answer('{"a":1}'));
      expect(await ask()).toEqual({
        text: '{"a":1}',
        failure: null,
        failureDetail: null,
        inputTokens: 120,
        outputTokens: 30,
        reportedVersion: 'judge-2026-01-01',
        attempts: 1,
      });
    });

    it('asks for an answer without compression and shows the key to the configured host alone', async () => {
      const { ask, server } = await set(() => dialect.answer('{}'));
      await ask();
      expect(server.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
      expect(JSON.stringify(server.requests[0]?.headers)).toContain(KEY);
    });

    describe('F15: rate limits', () => {
      it('comes back after the time asked for and counts the attempts', async () => {
        const seenAt: number[] = [];
        const { ask } = await set(({ index }) => {
          seenAt.push(performance.now());
          return index === 0 ? { status: 429, headers: { 'retry-after-ms': '120' } } : dialect.answer('{}');
        });
        expect(await ask()).toMatchObject({ text: '{}', attempts: 2 });
        expect((seenAt[1] ?? 0) - (seenAt[0] ?? 0)).toBeGreaterThanOrEqual(110);
      });

      it('reads Retry-After in seconds', async () => {
        const { ask } = await set(({ index }) =>
          index === 0 ? { status: 429, headers: { 'retry-after': '0.05' } } : dialect.answer('{}'),
        );
        expect(await ask()).toMatchObject({ failure: null, attempts: 2 });
      });

      it.each(['-5', 'soon', 'NaN', '1e9', '', '99999999999999999999'])(
        'lives with the bad value %j',
        async (value) => {
          const { ask } = await set(({ index }) =>
            index === 0 ? { status: 429, headers: { 'retry-after': value } } : dialect.answer('{}'),
          );
          expect(await ask()).toMatchObject({ failure: null, attempts: 2 });
        },
      );

      it('does not wait for a time beyond its deadline, and never calls sooner than asked', async () => {
        const { ask, server } = await set(() => ({ status: 429, headers: { 'retry-after': '86400' } }));
        const startedAt = performance.now();
        failed(await ask(), 'rate_limited');
        expect(performance.now() - startedAt).toBeLessThan(1000);
        expect(server.requests).toHaveLength(1);
      });

      it('ends as rate_limited after its retries', async () => {
        const { ask, server } = await set(() => ({ status: 429, headers: { 'retry-after-ms': '1' } }));
        const reply = await ask();
        failed(reply, 'rate_limited');
        expect(reply.attempts).toBe(3);
        expect(server.requests).toHaveLength(3);
      });

      it('does not retry a used-up quota', async () => {
        const { ask, server } = await set(() => dialect.quotaUsedUp());
        failed(await ask(), 'rate_limited');
        expect(server.requests).toHaveLength(1);
      });

      it('keeps retries to a tenth of the calls beyond a reserve of ten', async () => {
        const { ask, server } = await set(() => ({ status: 429, headers: { 'retry-after-ms': '0' } }));
        for (let i = 0; i < 100; i++) await ask();
        expect(server.requests.length).toBeGreaterThan(105);
        expect(server.requests.length).toBeLessThanOrEqual(100 + 10 + 10);
      });
    });

    describe('F16: failing endpoints', () => {
      it.each([500, 502, 503, 504, 529])('retries HTTP %i', async (status) => {
        const { ask } = await set(({ index }) => (index === 0 ? { status } : dialect.answer('{}')));
        expect(await ask()).toMatchObject({ failure: null, attempts: 2 });
      });

      it('ends as an error after its retries, naming the status', async () => {
        const { ask } = await set(() => ({ status: 503, body: `<html>down, key was ${KEY}</html>` }));
        const reply = await ask();
        failed(reply, 'error');
        expect(reply).toMatchObject({ failureDetail: 'http 503', attempts: 3 });
      });

      it('does not retry when told not to', async () => {
        const { ask, server } = await set(() => ({ status: 503, headers: { 'x-should-retry': 'false' } }));
        failed(await ask(), 'error');
        expect(server.requests).toHaveLength(1);
      });

      it.each([400, 401, 403, 404])('does not retry HTTP %i', async (status) => {
        const { ask, server } = await set(() => ({ status, body: { error: { message: `bad key ${KEY}` } } }));
        failed(await ask(), 'error');
        expect(server.requests).toHaveLength(1);
      });

      it('retries a reset connection', async () => {
        const { ask } = await set(({ index }) => (index === 0 ? { reset: true } : dialect.answer('{}')));
        expect(await ask()).toMatchObject({ failure: null, attempts: 2 });
      });

      it('ends as an error when nobody listens', async () => {
        const { server, client } = await set(() => dialect.answer('{}'));
        await server.close();
        const reply = await client.complete(REQUEST, never());
        failed(reply, 'error');
        expect(reply.attempts).toBe(3);
      });

      it('F16: stops calling an endpoint of which half the last twenty calls failed', async () => {
        const { ask, server } = await set(() => ({ status: 503 }), { retries: 0 });
        for (let i = 0; i < 20; i++) failed(await ask(), 'error');
        const reply = await ask();
        failed(reply, 'error');
        expect(reply).toMatchObject({ failureDetail: 'breaker open', attempts: 0 });
        expect(server.requests).toHaveLength(20);
      });

      it('does not take requests it cannot serve for a sick endpoint', async () => {
        const { ask, server } = await set(() => ({ status: 400 }));
        for (let i = 0; i < 25; i++) failed(await ask(), 'error');
        expect(server.requests).toHaveLength(25);
      });

      it('does not follow a redirect', async () => {
        const target = await set(() => dialect.answer('{}'));
        const { ask } = await set(() => ({ status: 307, headers: { location: `${target.server.baseUrl}/x` } }));
        failed(await ask(), 'error');
        expect(target.server.requests).toHaveLength(0);
      });

      it('F28: ends as an error when the host has no address', async () => {
        const reply = await clientFor('http://no-such-host.invalid/v1', { retries: 0 }).complete(REQUEST, never());
        failed(reply, 'error');
      });
    });

    describe('F17, F18: slow endpoints', () => {
      it('ends as a timeout at its own deadline when no header comes', async () => {
        const { ask, server } = await set(() => ({ delayMs: Infinity }), { timeoutMs: 150 });
        const startedAt = performance.now();
        failed(await ask(), 'timeout');
        expect(performance.now() - startedAt).toBeLessThan(1000);
        expect(server.requests).toHaveLength(1);
      });

      it('ends as a timeout while the body drips', async () => {
        const { ask } = await set(() => ({ ...dialect.answer('x'.repeat(2000)), dripMs: 20 }), { timeoutMs: 200 });
        const startedAt = performance.now();
        failed(await ask(), 'timeout');
        expect(performance.now() - startedAt).toBeLessThan(1000);
      });

      it('hears the abort while it waits to retry', async () => {
        const controller = new AbortController();
        const { ask } = await set(() => {
          setTimeout(() => controller.abort(), 30);
          return { status: 429, headers: { 'retry-after': '4' } };
        });
        const startedAt = performance.now();
        failed(await ask(controller.signal), 'deadline');
        expect(performance.now() - startedAt).toBeLessThan(1000);
      });

      it('calls it deadline, not timeout, when the item has no time left', async () => {
        const controller = new AbortController();
        const { ask } = await set(() => {
          controller.abort();
          return { delayMs: Infinity };
        });
        failed(await ask(controller.signal), 'deadline');
      });

      it('makes no call when the item has no time left to begin with', async () => {
        const { ask, server } = await set(() => dialect.answer('{}'));
        const reply = await ask(AbortSignal.abort());
        failed(reply, 'deadline');
        expect(reply.attempts).toBe(0);
        expect(server.requests).toHaveLength(0);
      });
    });

    describe('F19, F20: answers that are none', () => {
      it('tries a cut answer once more with twice the tokens', async () => {
        const { ask } = await set(({ index }) =>
          index === 0 ? dialect.cutAtLimit('{"a"') : dialect.answer('{"a":1}'),
        );
        expect(await ask()).toMatchObject({ text: '{"a":1}', attempts: 2, inputTokens: 240, outputTokens: 60 });
      });

      it('ends as truncated when that is cut too, even if the text is whole', async () => {
        const { ask } = await set(() => dialect.cutAtLimit('{"a":1}'));
        const reply = await ask();
        failed(reply, 'truncated');
        expect(reply.attempts).toBe(2);
      });

      it('ends as truncated when the connection closes within the body, at any byte', async () => {
        const whole = Buffer.byteLength(JSON.stringify(dialect.answer('{"a":1}').body));
        const { ask } = await set(({ index }) => ({ ...dialect.answer('{"a":1}'), closeAfterBytes: index }), {
          retries: 0,
        });
        for (let cut = 0; cut < whole; cut++) {
          const reply = await ask();
          expect(reply.text).toBeNull();
          // A break before the status is out cannot be told from a refused connection.
          expect(['truncated', 'error']).toContain(reply.failure);
        }
      });

      it('ends as refused on a refusal and on a content filter', async () => {
        failed(await (await set(() => dialect.refusal())).ask(), 'refused');
        failed(await (await set(() => dialect.contentFilter())).ask(), 'refused');
      });

      it('does not take an error under HTTP 200 for an answer', async () => {
        const inside = dialect.errorInside();
        if (inside === null) return;
        const { ask, server } = await set(() => inside);
        failed(await ask(), 'error');
        expect(server.requests).toHaveLength(3);
      });
    });

    describe('F22 to F24: bodies that are no answer', () => {
      const unreadable: readonly [string, Scripted][] = [
        ['an HTML page', { headers: { 'content-type': 'text/html' }, body: '<html>Welcome to the hotel</html>' }],
        ['HTML that calls itself JSON', { body: '<html></html>' }],
        ['an empty body', { body: '' }],
        ['JSON that is no object', { body: '[1]' }],
        ['an object without an answer', { body: '{}' }],
        ['an empty answer', dialect.answer('')],
        ['invalid UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }],
        ['a body over 256 kB', { ...dialect.answer('x'.repeat(300 * 1024)) }],
        [
          'a compressed body',
          { headers: { 'content-encoding': 'gzip' }, body: gzipSync(JSON.stringify(dialect.answer('{}').body)) },
        ],
      ];
      it.each(unreadable)('ends as unreadable on %s', async (_, scripted) => {
        const { ask, server } = await set(() => scripted);
        failed(await ask(), 'unreadable');
        expect(server.requests).toHaveLength(1);
      });

      it('goes on with the next call after a bad one', async () => {
        const { ask } = await set(({ index }) =>
          index === 0 ? { body: Buffer.alloc(2 ** 20, 32) } : dialect.answer('{}'),
        );
        failed(await ask(), 'unreadable');
        expect(await ask()).toMatchObject({ failure: null });
      });
    });

    it('keeps to its number of calls in flight, first come first served', async () => {
      const order: string[] = [];
      const { server, client } = await set(
        ({ user }) => {
          order.push(user);
          return { ...dialect.answer('{}'), delayMs: 10 };
        },
        { maxConcurrent: 3 },
      );
      const users = Array.from({ length: 30 }, (_, i) => `item ${i}`);
      const replies = await Promise.all(users.map((user) => client.complete({ ...REQUEST, user }, never())));
      expect(replies.every((reply) => reply.failure === null)).toBe(true);
      expect(server.inFlight().peak).toBe(3);
      // Three calls at a time may pass one another on their way, but nobody waits for a later batch.
      expect(order.map((user) => Math.abs(users.indexOf(user) - order.indexOf(user))).every((d) => d < 3)).toBe(true);
    });

    it('lets a waiting call go at its deadline without making it', async () => {
      const { server, client } = await set(() => ({ delayMs: Infinity }), { maxConcurrent: 1, timeoutMs: 2000 });
      const first = new AbortController();
      const running = client.complete(REQUEST, first.signal);
      const second = new AbortController();
      const waiting = client.complete(REQUEST, second.signal);
      second.abort();
      expect(await waiting).toMatchObject({ failure: 'deadline', attempts: 0 });
      first.abort();
      expect(await running).toMatchObject({ failure: 'deadline' });
      expect(server.requests.length).toBeLessThanOrEqual(1);
    });

    it('begins no call once it has left, and finishes the one in flight', async () => {
      const { server, client } = await set(() => ({ ...dialect.answer('{}'), delayMs: 50 }), { maxConcurrent: 1 });
      const running = client.complete(REQUEST, never());
      const waiting = client.complete(REQUEST, never());
      await eventually(() => server.requests.length === 1);
      client.leave();
      expect(await waiting).toMatchObject({ failure: 'deadline', attempts: 0 });
      expect(await client.complete(REQUEST, never())).toMatchObject({ failure: 'deadline', attempts: 0 });
      expect(await running).toMatchObject({ failure: null, attempts: 1 });
      expect(server.requests).toHaveLength(1);
    });
  });
}

interface Setup {
  readonly server: JudgeServer;
  readonly client: JudgeClient;
  readonly ask: (signal?: AbortSignal) => Promise<JudgeReply>;
}
