import { alertFromJson, sessionFromJson, sessionLine, verdictFromJson } from '../../../../src/compose/codecs';
import { type AskedOptions, compareOnServer } from '../../../../src/compose/replay/compare';
import { startConsoleServer } from '../../../../src/console/console-server';
import type { ConsoleParts } from '../../../../src/console/ports';
import type { SessionOutcome } from '../../../../src/domain/session-outcome';
import type { HttpServer } from '../../../../src/platform/http-server';
import { silentLogger } from '../../../../src/platform/logger';
import { reviewOptions } from '../../../../src/reviews/options';
import { createRandom } from '../../../../src/stats/seeded-random';
import type { EvidenceStore } from '../../../../src/store/port';
import { buildStatus } from '../../../support/builders/status';
import { memoryStore } from '../../../support/stored-evidence';
import { outcome } from '../../sessions/outcomes';

const OPTIONS: AskedOptions = { maxDrop: 0.1, alpha: 0.05, on: null, expectedShare: null, withinMs: null, seed: 7 };
const WHERE = [{ dimension: 'release', value: 'v2' }];
const AGAINST = [{ dimension: 'release', value: 'v1' }];

/** Sessions from `from` on, one a minute, in turn of v2 and v1. */
function sessions(from: number, n: number, abandoned: { readonly v1: number; readonly v2: number }): SessionOutcome[] {
  const random = createRandom(from + 1);
  return Array.from({ length: n }, (_, k) => {
    const i = from + k;
    const release = i % 2 === 0 ? 'v2' : 'v1';
    const times = { openedAt: i * 60_000, lastActivityAt: i * 60_000, closedAt: i * 60_000 + 1 };
    const ending = random() < abandoned[release] ? 'abandoned' : 'ended';
    const segments = [{ dimension: 'release', value: release }];
    return outcome({ sessionId: `s${i}`, conversationId: `s${i}`, ...times, ending, segments });
  });
}

describe('a comparison by a running monitor', () => {
  let store: EvidenceStore;
  let server: HttpServer;

  beforeEach(async () => {
    store = memoryStore();
    const parts: ConsoleParts = {
      store,
      snapshot: () => null,
      parseVerdict: verdictFromJson,
      parseAlert: alertFromJson,
      parseSession: sessionFromJson,
      widestScore: 1,
      append: null,
      erase: null,
      reviews: { options: reviewOptions.parse({}), raterSalt: '', familyOf: () => null, splits: new Map(), golden: [] },
      redact: (text) => text,
      criteria: [],
      now: () => 300_000_000,
      version: '0',
      links: { trace: null, release: null, alertmanager: null, runbook: null, ticket: null },
    };
    server = await startConsoleServer({
      host: '127.0.0.1',
      port: 0,
      keys: { host: 'h', port: 'p' },
      auth: null,
      tokenOf: () => '',
      parts,
      status: buildStatus,
      webRoot: '/nowhere',
      version: '0',
      logger: silentLogger,
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const write = (of: readonly SessionOutcome[]): Promise<unknown> =>
    store.write({ sessions: of.map((value) => ({ value, json: sessionLine(value) })) });
  const ask = (
    options: Partial<AskedOptions> = {},
    onWaiting: (looks: number) => void = () => {},
    signal = new AbortController().signal,
  ): ReturnType<typeof compareOnServer> => {
    let looks = 0;
    return compareOnServer({
      place: { server: `http://127.0.0.1:${server.port}`, tokenFile: null },
      where: WHERE,
      against: AGAINST,
      options: { ...OPTIONS, ...options },
      everyMs: 1,
      signal,
      onWaiting: () => onWaiting(++looks),
    });
  };

  it('says at one look what it knows', async () => {
    await write(sessions(0, 10, { v1: 0.1, v2: 0.1 }));
    expect(await ask()).toMatchObject({ verdict: 'undecided', where: 'release=v2', sessions: { first: 4, second: 5 } });
    await write(sessions(10, 4_000, { v1: 0.1, v2: 0.1 }));
    expect(await ask()).toMatchObject({ verdict: 'no_worse' });
  });

  it('waits until there is a decision', async () => {
    await write(sessions(0, 10, { v1: 0.1, v2: 0.5 }));
    const told: number[] = [];
    const comparison = await ask({ withinMs: 3_600_000_000 }, (looks) => {
      told.push(looks);
      if (looks === 2) void write(sessions(10, 2_000, { v1: 0.1, v2: 0.5 }));
    });
    expect(comparison.verdict).toBe('worse');
    expect(told.length).toBeGreaterThanOrEqual(2);
  });

  it('stays undecided when the time is over, and when it is told to stop', async () => {
    await write(sessions(0, 10, { v1: 0.1, v2: 0.1 }));
    expect(await ask({ withinMs: 1 })).toMatchObject({ verdict: 'undecided' });
    const stop = new AbortController();
    expect(await ask({ withinMs: 3_600_000 }, () => stop.abort(), stop.signal)).toMatchObject({ verdict: 'undecided' });
  });

  it('does not wait where the split is broken: more traffic mends nothing', async () => {
    await write(sessions(0, 200, { v1: 0.1, v2: 0.1 }));
    const comparison = await ask({ withinMs: 3_600_000, expectedShare: 0.05 });
    expect(comparison).toMatchObject({ verdict: 'undecided', sample_ratio: { broken: true } });
  });

  it('counts nothing of a session that moved between the parts', async () => {
    const [first, second, ...rest] = sessions(0, 10, { v1: 0, v2: 0 });
    await write([{ ...first!, movedDimensions: ['release'] }, { ...second!, movedDimensions: ['locale'] }, ...rest]);
    expect(await ask()).toMatchObject({ crossed: 1, sessions: { first: 4, second: 4 } });
  });

  it('rejects when nobody answers, and when a part makes no sense', async () => {
    await expect(
      compareOnServer({
        place: { server: 'http://127.0.0.1:1', tokenFile: null },
        where: WHERE,
        against: AGAINST,
        options: OPTIONS,
        everyMs: 1,
        signal: new AbortController().signal,
        onWaiting: () => {},
      }),
    ).rejects.toThrow(/no monitor answers/);
    await expect(ask({ alpha: 0 })).rejects.toThrow(/alpha/);
  });
});
