import type { Alert, Incident, SeriesStanding } from '../../../src/domain/alert';
import { annotationRecord, type KeyedRecord } from '../../../src/domain/ledger-record';
import type { SegmentKey } from '../../../src/domain/segment';
import { alertFromJson, alertLine, sessionFromJson, verdictFromJson } from '../../../src/compose/codecs';
import { consoleRoutes, startConsoleServer } from '../../../src/console/console-server';
import { type AuthOptions, authOptions, ROLE_NAMES } from '../../../src/console/options';
import type { ConsoleParts } from '../../../src/console/ports';
import type { HttpServer } from '../../../src/platform/http-server';
import { silentLogger } from '../../../src/platform/logger';
import { reviewOptions } from '../../../src/reviews/options';
import type { GoldenReview } from '../../../src/reviews/rota';
import type { EvidenceStore } from '../../../src/store/port';
import { buildStatus } from '../../support/builders/status';
import { buildInteraction } from '../../support/builders/interaction';
import { seededRandom } from '../../support/builders/random';
import { hostileText } from '../../support/hostile-text';
import { evidenceOf, memoryStore } from '../../support/stored-evidence';

const TOKENS: Readonly<Record<string, string>> = {
  VIEWER: 'viewer-token-0123456789',
  LABELLER: 'labeller-token-0123456789',
  ADMIN: 'admin-token-0123456789',
  SCOPED: 'scoped-token-0123456789',
  SCOPED_ADMIN: 'scoped-admin-token-0123456789',
};
const AUTH = authOptions.parse({
  tokens: [
    { name: 'vera', tokenEnv: 'VIEWER', role: 'viewer' },
    { name: 'lena', tokenEnv: 'LABELLER', role: 'labeller' },
    { name: 'ada', tokenEnv: 'ADMIN', role: 'admin' },
    { name: 'sam', tokenEnv: 'SCOPED', role: 'viewer', segments: ['product=a'] },
    { name: 'olga', tokenEnv: 'SCOPED_ADMIN', role: 'admin', segments: ['product=a'] },
  ],
});

function buildAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    id: '0123456789abcdef',
    episode: 1,
    state: 'firing',
    severity: 'page',
    withheld: null,
    series: {
      kind: 'score_regression',
      segment: { dimension: 'product', value: 'a' },
      criterion: 'helpful',
      panel: 'cheap-1>ens-a+ens-b+ens-c/mean',
    },
    owner: 'team-a',
    firedAt: 10_000,
    resolvedAt: null,
    before: { mean: 0.9, lower: 0.88, upper: 0.92, items: 500 },
    after: { mean: 0.7, lower: 0.6, upper: 0.8, items: 60 },
    began: { at: 8_000, from: 7_000, to: 9_000 },
    alongside: [],
    newSince: [],
    incident: 'fedcba9876543210',
    text: 'score_regression',
    ...overrides,
  };
}

const RUN = {
  seconds: 1,
  records: { in: 1 },
  criteria: {},
  // Names what is not everybody's to see.
  escalations: { 'product=elsewhere': 1 },
  judge_calls: 0,
  judge_cost_usd: 0,
};

const STANDINGS: readonly SeriesStanding[] = ['a', 'elsewhere'].map((value) => ({
  tier: 'full' as const,
  series: { kind: 'score_regression', segment: { dimension: 'product', value }, criterion: 'helpful', panel: 'p' },
  state: 'idle',
  severity: 'page',
  owner: '',
  learned: 1,
  readyAt: null,
  baseline: null,
  recentDrop: null,
  thresholdRatio: 0.5,
  detectableDrop: null,
}));

describe('the JSON API', () => {
  let store: EvidenceStore;
  let server: HttpServer;
  let written: KeyedRecord[];

  const start = async (auth: AuthOptions | null, golden: readonly GoldenReview[] = []): Promise<void> => {
    store = memoryStore();
    written = [];
    const parts: ConsoleParts = {
      store,
      snapshot: () => ({ clock: 1, estimates: [], standings: STANDINGS, sessions: [], seeds: () => [] }),
      parseVerdict: verdictFromJson,
      parseAlert: alertFromJson,
      parseSession: sessionFromJson,
      widestScore: 1,
      append: async (records) => void written.push(...records),
      erase: async (kind, id) => ({ kind, id }),
      reviews: {
        splits: new Map(),
        options: reviewOptions.parse({ random: 1 }),
        raterSalt: '',
        familyOf: () => null,
        golden,
      },
      redact: (text) => text.replaceAll('secret', '[redacted]'),
      criteria: [{ name: 'helpful', rubric: 'Does it help?', passAt: 0.5 }],
      now: () => 123_000,
      version: '0',
      links: { trace: null, release: null, alertmanager: 'http://am', runbook: null, ticket: null },
    };
    server = await startConsoleServer({
      host: '127.0.0.1',
      port: 0,
      keys: { host: 'h', port: 'p' },
      auth,
      tokenOf: (variable) => TOKENS[variable] ?? '',
      parts,
      status: () => buildStatus({ report: RUN }),
      webRoot: '/nowhere',
      version: '0',
      logger: silentLogger,
    });
    await store.write({
      ...evidenceOf(1, { item: { segments: { product: 'a' } } }),
      alerts: [{ value: buildAlert(), json: alertLine(buildAlert()) }],
    });
    await store.write(evidenceOf(2, { item: { segments: { product: 'b' } } }));
  };
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const as = (who: string): Record<string, string> => ({ authorization: `Bearer ${TOKENS[who]}` });

  const samplePath = (path: string): string => {
    const id = path.startsWith('/alerts') ? '0123456789abcdef' : 'i-1';
    return `/api/v1${path.replace('{id}', id)}${QUERIES[path] ?? ''}`;
  };
  const QUERIES: Readonly<Record<string, string>> = {
    '/segments/series': '?criterion=helpful',
    '/report': '?criterion=helpful',
    '/compare': '?where=release%3Dv2&against=release%3Dv1',
  };
  const BODIES: Readonly<Record<string, object>> = {
    '/alerts/{id}/acknowledgements': { action: 'acknowledge', reason: 'looking' },
    '/baselines/decisions': { action: 'reset', series: 'score_regression|all|helpful|p', reason: 'anew' },
    '/reviews': { interaction_id: 'i-1', criterion: 'helpful', outcome: 'labelled', value: 1 },
    '/annotations': { kind: 'release', text: '2026.11.2' },
    '/erasures': { kind: 'user', id: 'u' },
  };
  const send = async (route: { method: string; path: string }, headers: Record<string, string>): Promise<number> => {
    const isPost = route.method === 'POST';
    const response = await ask(samplePath(route.path), {
      method: route.method,
      headers: { ...headers, ...(isPost ? { 'content-type': 'application/json' } : {}) },
      ...(isPost ? { body: JSON.stringify(BODIES[route.path] ?? {}) } : {}),
    });
    await response.arrayBuffer();
    return response.status;
  };

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

  describe('to an admin of one segment', () => {
    const ELSEWHERE = { dimension: 'product', value: 'elsewhere' };
    const other = buildAlert({ id: 'eeeeeeeeeeeeeeee', series: { ...buildAlert().series, segment: ELSEWHERE } });
    const telling = buildAlert({
      alongside: [{ segment: ELSEWHERE, criterion: 'helpful', drop: 0.2 }],
      newSince: ['product=elsewhere'],
      text: 'Changed with it: helpful in product=elsewhere by -0.2.',
    });
    const incident = (id: string, scope: SegmentKey, alerts: readonly string[]): Incident => ({
      id,
      state: 'firing',
      kind: 'score_regression',
      severity: 'page',
      scope,
      openedAt: 10_000,
      began: null,
      alerts,
    });

    /** Everything there is of one segment and of another one, which must not show. */
    beforeEach(async () => {
      await start(AUTH);
      const item = { segments: { product: 'elsewhere' }, conversationId: 'c-1' };
      await store.write({
        ...evidenceOf(3, { item, text: 'said elsewhere' }),
        alerts: [telling, other].map((value) => ({ value, json: alertLine(value) })),
        incidents: [
          incident('own', telling.series.segment, [telling.id, other.id]),
          incident('other', ELSEWHERE, [other.id]),
        ],
      });
      const note = { kind: 'note', at: 9_000, until: null, author: 'ada', withdrawn: false } as const;
      await store.write({
        entries: [
          { id: 'n1', text: 'about elsewhere', segments: { product: 'elsewhere' } },
          { id: 'n2', text: 'about a', segments: { product: 'a' } },
        ].map((one, i) => ({ position: BigInt(500 + i), record: annotationRecord({ ...note, ...one }, 1) })),
      });
    });

    it('every route shows nothing of another, and those that are about everything refuse', async () => {
      for (const route of consoleRoutes({} as unknown as ConsoleParts, buildStatus)) {
        const where = `${route.method} ${route.path}`;
        if (route.scope === 'all') {
          expect([where, await send(route, as('SCOPED_ADMIN'))]).toEqual([where, 403]);
          continue;
        }
        if (route.method === 'POST') continue;
        const response = await ask(samplePath(route.path), { headers: as('SCOPED_ADMIN') });
        expect([where, (await response.text()).includes('elsewhere')]).toEqual([where, false]);
      }
    });

    it.each([
      ['/incidents/own', 200],
      ['/incidents/other', 404],
      ['/alerts/eeeeeeeeeeeeeeee', 404],
      ['/alerts/current?segment=product%3Delsewhere', 404],
      ['/report?alert=0123456789abcdef', 200],
      ['/report?alert=eeeeeeeeeeeeeeee', 404],
      ['/report?alert=0123456789abcdef&format=markdown', 200],
      ['/report?alert=0123456789abcdef&format=bundle', 403],
      ['/interactions?segment=product%3Delsewhere', 403],
      ['/interactions?q=i-3', 200],
      ['/interactions/i-3', 404],
      ['/explain/i-3', 404],
      ['/segments/series?criterion=helpful&segment=product%3Delsewhere', 403],
      ['/compare?where=product%3Delsewhere&against=product%3Da', 403],
    ])('GET %s answers %d, and nothing of another', async (path, status) => {
      const response = await ask(`/api/v1${path}`, { headers: as('SCOPED_ADMIN') });
      const text = (await response.text()).replaceAll(/not yours to see|"problem":"[^"]*"/g, '');
      expect([response.status, text.includes('elsewhere')]).toEqual([status, false]);
    });

    it.each([
      ['/alerts/eeeeeeeeeeeeeeee/acknowledgements', { action: 'acknowledge', reason: 'x' }],
      [
        '/baselines/decisions',
        { action: 'reset', series: 'score_regression|product=elsewhere|helpful|p', reason: 'x' },
      ],
      ['/reviews', { interaction_id: 'i-3', criterion: 'helpful', outcome: 'labelled', value: 1 }],
    ])('POST %s changes nothing of another', async (path, body) => {
      const response = await ask(`/api/v1${path}`, {
        method: 'POST',
        headers: { ...as('SCOPED_ADMIN'), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([response.status, written]).toEqual([404, []]);
    });
  });

  it('shows nothing of other segments to someone who may see one', async () => {
    await start(AUTH);
    const rows = (await (await ask('/api/v1/interactions', { headers: as('SCOPED') })).json()) as { rows: object[] };
    expect(rows.rows).toMatchObject([{ interaction_id: 'i-1' }]);
    const status = async (path: string): Promise<number> => (await ask(path, { headers: as('SCOPED') })).status;
    expect(await status('/api/v1/interactions/i-1')).toBe(200);
    for (const path of [
      '/api/v1/interactions/i-2',
      '/api/v1/explain/i-2',
      '/api/v1/interactions?segment=product=b',
      '/api/v1/report?segment=product=b&criterion=helpful',
      '/api/v1/segments/series?segment=all&criterion=helpful',
    ]) {
      expect([path, (await status(path)) >= 400]).toEqual([path, true]);
    }
    const searched = await ask('/api/v1/interactions?q=i-2', { headers: as('SCOPED') });
    expect(((await searched.json()) as { rows: object[] }).rows).toEqual([]);
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
    expect(written).toMatchObject([{ kind: 'acknowledgement', acknowledgement: { action: 'accept', author: 'ada' } }]);
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
      expect(await post({ origin: `http://127.0.0.1:${server.port}` })).toBe(201);
      expect(written.length).toBe(1);
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
        await store.write(evidenceOf(n, { text }));
        const response = await ask(`/api/v1/interactions/i-${n}`);
        expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(((await response.json()) as { conversation: { answered: string }[] }).conversation[0]?.answered).toBe(
          text,
        );
      }
    });

    it('asks about golden items among all others, so that nobody can tell, and keeps them apart', async () => {
      await server.close();
      await store.close();
      const interaction = buildInteraction({ interactionId: 'live-1', segments: { product: 'a' } });
      await start(null, [{ id: 'abcdef0123456789', interaction, human: { helpful: 1 } }]);
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
      expect(written).toMatchObject([{ label: { reason: 'golden', value: 0, score: null, probability: null } }]);
      await store.write({ entries: [{ position: 1000n, record: written[0]! }] });
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
