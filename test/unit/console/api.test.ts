import { consoleRoutes } from '../../../src/console/console-server';
import { ROLE_NAMES } from '../../../src/console/options';
import type { ConsoleParts } from '../../../src/console/ports';
import { buildStatus } from '../../support/builders/status';
import { buildInteraction } from '../../support/builders/interaction';
import { seededRandom } from '../../support/builders/random';
import { hostileText } from '../../support/hostile-text';
import { evidenceOf } from '../../support/stored-evidence';
import { apiOfTests, AUTH } from './api-rig';

describe('the JSON API', () => {
  const { start, restart, ask, as, send, port, write, written } = apiOfTests();

  it('asks everyone who they are, on every route, and lets each role do what it may and no more', async () => {
    await start(AUTH);
    const routes = consoleRoutes({} as unknown as ConsoleParts, buildStatus);
    expect(routes.length).toBeGreaterThan(12);
    for (const route of routes) {
      const where = `${route.method} ${route.path}`;
      expect([where, await send(route, {})]).toEqual([where, 401]);
      expect([where, await send(route, { authorization: 'Bearer wrong-token-0123456789' })]).toEqual([where, 401]);
      for (const [i, role] of ROLE_NAMES.entries()) {
        const status = await send(route, as(role.toUpperCase()));
        const isAllowed = i >= ROLE_NAMES.indexOf(route.role);
        const isRefused = status === 403;
        expect([where, role, isRefused]).toEqual([where, role, !isAllowed]);
        if (isAllowed) expect([where, role, status < 300 || status === 404]).toEqual([where, role, true]);
      }
    }
  });

  it('needs an admin to accept a new level', async () => {
    await start(AUTH);
    const accept = (who: string): Promise<Response> =>
      ask('/api/v1/alerts/0123456789abcdef/acknowledgements', {
        method: 'POST',
        headers: { ...as(who), 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'accept', reason: 'meant' }),
      });
    expect((await accept('LABELLER')).status).toBe(403);
    expect((await accept('ADMIN')).status).toBe(201);
    expect(written()).toMatchObject([
      { kind: 'acknowledgement', acknowledgement: { action: 'accept', author: 'ada' } },
    ]);
  });

  describe('on loopback without auth', () => {
    beforeEach(() => start(null));

    it('serves whoever is there', async () => {
      expect((await ask('/api/v1/me')).status).toBe(200);
    });

    it('refuses what a page of another site asks for', async () => {
      const post = (headers: Record<string, string>): Promise<number> =>
        ask('/api/v1/annotations', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ kind: 'note', text: 'x' }),
        }).then(({ status }) => status);
      expect(await post({ origin: 'http://evil.example' })).toBe(403);
      expect(await post({ 'content-type': 'text/plain' })).toBe(400);
      expect(await post({ origin: `http://127.0.0.1:${port()}` })).toBe(201);
      expect(written().length).toBe(1);
    });

    it('gives pages a policy under which foreign text runs nothing', async () => {
      for (const path of ['/', '/alerts/current?kind=x', '/i/some.js']) {
        const response = await ask(path);
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      }
    });

    it('serves hostile text as JSON and never as a page', async () => {
      const random = seededRandom(5);
      for (let n = 100; n < 150; n++) {
        const text = `<script>${hostileText(random, 'nonce')}`;
        await write(evidenceOf(n, { text }));
        const response = await ask(`/api/v1/interactions/i-${n}`);
        expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(((await response.json()) as { conversation: { answered: string }[] }).conversation[0]?.answered).toBe(
          text,
        );
      }
    });

    it('asks about golden items among all others, so that nobody can tell, and keeps them apart', async () => {
      const interaction = buildInteraction({ interactionId: 'live-1', segments: { product: 'a' } });
      await restart([{ id: 'abcdef0123456789', interaction, human: { helpful: 1 } }]);
      const asked = async (): Promise<Record<string, unknown>[]> =>
        ((await (await ask('/api/v1/reviews')).json()) as { rows: Record<string, unknown>[] }).rows;
      const rows = await asked();
      expect(rows.map(({ interaction_id: id }) => id).sort()).toEqual(['abcdef0123456789', 'i-1', 'i-2']);
      expect(new Set(rows.map((row) => Object.keys(row).sort().join()))).toEqual(
        new Set(['context,conversation,criterion,interaction_id,round,rubric']),
      );
      const answer = await ask('/api/v1/reviews', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          interaction_id: 'abcdef0123456789',
          criterion: 'helpful',
          outcome: 'labelled',
          value: 0,
        }),
      });
      expect(answer.status).toBe(201);
      expect(written()).toMatchObject([{ label: { reason: 'golden', value: 0, score: null, probability: null } }]);
      await write({ entries: [{ position: 1000n, record: written()[0]! }] });
      expect((await asked()).map(({ interaction_id: id }) => id).sort()).toEqual(['i-1', 'i-2']);
    });

    it('explains a score and finds the current alert of a series', async () => {
      const words = (await (await ask('/api/v1/explain/i-1')).json()) as { criteria: { sentence: string }[] };
      expect(words.criteria[0]?.sentence).toContain('pass: 0 of 1 judges failed it');
      const current = await ask('/api/v1/alerts/current?kind=score_regression&segment=product%3Da');
      expect(await current.json()).toMatchObject({
        alert: { id: '0123456789abcdef' },
        links: { silence: expect.stringContaining('http://am/#/silences/new?filter=') as string },
      });
    });

    it.each(['limit=0', 'limit=x', 'min_score=abc', 'from=never', 'order=best'])(
      'says what is wrong with %s',
      async (query) => {
        const response = await ask(`/api/v1/interactions?${query}`);
        expect([response.status, ((await response.json()) as { problem: string }).problem]).toEqual([
          400,
          expect.stringContaining(query.split('=')[0]!),
        ]);
      },
    );

    it('documents every route', async () => {
      const document = (await (await ask('/api/v1/openapi.json')).json()) as { paths: Record<string, object> };
      const routes = consoleRoutes({} as unknown as ConsoleParts, buildStatus);
      for (const { path } of routes) expect(Object.keys(document.paths)).toContain(`/api/v1${path}`);
    });
  });
});
