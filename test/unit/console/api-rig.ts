import type { Alert, SeriesStanding } from '../../../src/domain/alert';
import type { KeyedRecord } from '../../../src/domain/ledger-record';
import { alertFromJson, alertLine, sessionFromJson, verdictFromJson } from '../../../src/compose/codecs';
import { startConsoleServer } from '../../../src/console/console-server';
import { type AuthOptions, authOptions } from '../../../src/console/options';
import type { ConsoleParts } from '../../../src/console/ports';
import type { HttpServer } from '../../../src/platform/http-server';
import { silentLogger } from '../../../src/platform/logger';
import { reviewOptions } from '../../../src/reviews/options';
import type { GoldenReview } from '../../../src/reviews/rota';
import type { EvidenceStore } from '../../../src/store/port';
import { buildStatus } from '../../support/builders/status';
import { evidenceOf, memoryStore } from '../../support/stored-evidence';

const TOKENS: Readonly<Record<string, string>> = {
  VIEWER: 'viewer-token-0123456789',
  LABELLER: 'labeller-token-0123456789',
  ADMIN: 'admin-token-0123456789',
  SCOPED: 'scoped-token-0123456789',
  SCOPED_ADMIN: 'scoped-admin-token-0123456789',
};
export const AUTH = authOptions.parse({
  tokens: [
    { name: 'vera', tokenEnv: 'VIEWER', role: 'viewer' },
    { name: 'lena', tokenEnv: 'LABELLER', role: 'labeller' },
    { name: 'ada', tokenEnv: 'ADMIN', role: 'admin' },
    { name: 'sam', tokenEnv: 'SCOPED', role: 'viewer', segments: ['product=a'] },
    { name: 'olga', tokenEnv: 'SCOPED_ADMIN', role: 'admin', segments: ['product=a'] },
  ],
});

export function buildAlert(overrides: Partial<Alert> = {}): Alert {
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

/** The API of a console with two interactions and an alert, on a free port; closed after each test. */
export function apiOfTests(): ApiRig {
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
  const close = async (): Promise<void> => {
    await server.close();
    await store.close();
  };
  afterEach(close);

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

  return {
    start,
    async restart(golden) {
      await close();
      await start(null, golden);
    },
    ask,
    as,
    samplePath,
    send,
    port: () => server.port,
    write: (batch) => store.write(batch),
    written: () => written,
  };
}

export interface ApiRig {
  /** Without auth where it is null. */
  readonly start: (auth: AuthOptions | null) => Promise<void>;
  /** Without auth, with golden items among the reviews. */
  readonly restart: (golden: readonly GoldenReview[]) => Promise<void>;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** Headers of somebody whose token is known. */
  readonly as: (who: string) => Record<string, string>;
  /** A path that finds something on a route. */
  readonly samplePath: (path: string) => string;
  /** The status of a sensible request to a route. */
  readonly send: (route: { method: string; path: string }, headers: Record<string, string>) => Promise<number>;
  readonly port: () => number;
  readonly write: EvidenceStore['write'];
  /** What was appended to the ledger. */
  readonly written: () => readonly KeyedRecord[];
}
