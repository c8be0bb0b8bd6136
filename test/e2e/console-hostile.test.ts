import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClosers } from '../../src/compose/closers';
import { startConsole } from '../../src/compose/console';
import { readLedgerOf } from '../../src/compose/data-directory';
import { createFoldFeed, keepEvidence } from '../../src/compose/evidence/evidence';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { silentLogger } from '../../src/platform/logger';
import { openSqliteStore } from '../../src/store/sqlite';
import { describeWithBrowser } from '../support/browser/describe-with-browser';
import { hostilePayloads } from '../support/browser/hostile-payloads';
import { openPage } from '../support/browser/watched-page';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, threeJudges } from '../support/builders/monitor-config';
import { buildStatus } from '../support/builders/status';
import { eventually } from '../support/eventually';
import { completion, startJudgeServer, verdicts } from '../support/judge-server';
import { runCli } from '../support/run-cli';

const PAYLOADS = hostilePayloads(500);
const TURNS = 25;
const WEB = join(__dirname, '..', '..', 'dist', 'web');

/** Every text that a producer, a user or a judge may write is hostile, each of the 500 at least once. */
describeWithBrowser('500 hostile texts through the pipeline into the console', (browser) => {
  let directory: string;
  let origin: string;
  const closers = createClosers();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plumbline-hostile-'));
    let answered = 0;
    const judges = await startJudgeServer((request) => {
      const rationale = PAYLOADS[answered++ % PAYLOADS.length] ?? '';
      return completion(verdicts(request, { verdict: 'fail', confidence: 95, rationale }));
    });
    const codec = createRecordCodec('interaction');
    const lines = PAYLOADS.map((payload, i) => {
      const interaction = buildInteraction({
        interactionId: `i${i}`,
        conversationId: `c${Math.floor(i / TURNS)}`,
        turnIndex: i % TURNS,
        segments: { product: payload.slice(0, 100) },
        producer: { ...buildInteraction().producer, model: 'gpt-4.1', release: payload.slice(0, 60) },
        input: [{ role: 'user', content: payload }],
        context: [{ id: payload, text: payload }],
        output: {
          text: payload,
          finishReason: 'stop',
          refusal: null,
          toolCalls: [{ name: payload.slice(0, 60), arguments: payload, result: payload, ok: true }],
          chunks: [],
        },
      });
      return JSON.stringify(codec.toJson(interaction));
    });
    const input = join(directory, 'in.jsonl');
    writeFileSync(input, lines.join('\n'));
    const config = join(directory, 'plumbline.yaml');
    const listen = { apiHost: '127.0.0.1', apiPort: 0 };
    writeFileSync(config, monitorConfig({ judges: threeJudges(judges.baseUrl), server: listen }));
    const out = join(directory, 'out');
    const replayed = await runCli(['replay', '--input', input, '--config', config, '--out', out]).finally(() =>
      judges.close(),
    );
    expect(replayed.code).toBe(0);
    const loaded = loadMonitorConfig({ files: [config], env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const store = openSqliteStore({ path: join(directory, 'evidence.db'), searchText: true, key: null });
    closers.add(() => store.close());
    const ledger = readLedgerOf(out);
    const told = createFoldFeed();
    await keepEvidence(
      { store, directory: out, ledger, told, incidents: () => [], onStalled: () => {}, logger: silentLogger },
      closers,
    );
    const parts = { store, snapshot: () => null, append: null, erase: null };
    const server = await startConsole({
      loaded: loaded.value,
      status: buildStatus,
      parts,
      webRoot: WEB,
      logger: silentLogger,
    });
    closers.add(() => server.close());
    origin = `http://127.0.0.1:${server.port}`;
    await eventually(async () => expect((await store.size()).verdicts).toBe(PAYLOADS.length), { timeoutMs: 60_000 });
  }, 240_000);
  afterAll(async () => {
    await closers.closeAll();
    rmSync(directory, { recursive: true, force: true });
  });

  it('runs no script, asks nobody outside and breaks no policy, on any page', async () => {
    const watched = await openPage(browser(), origin, { width: 1366, height: 768, theme: 'light' });
    const { page, seen } = watched;
    for (let i = 0; i < PAYLOADS.length; i += TURNS) {
      await watched.open(`/i/i${i}`);
      expect(await page.locator('.turn').count()).toBe(TURNS);
      await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`);
      for (const judge of await page.locator('.judge .production').all()) await judge.hover();
    }
    for (const view of [
      '/search',
      '/search?q=script',
      `/search?q=${encodeURIComponent(PAYLOADS[0] ?? '')}`,
      '/judges',
    ]) {
      await watched.open(view);
      expect(await page.locator('[role=alert]').count()).toBe(0);
    }
    expect(await page.evaluate(`'__hit' in window`)).toBe(false);
    expect(seen).toEqual({ outside: [], cspReports: [], errors: [] });
    await watched.close();
  });
});
