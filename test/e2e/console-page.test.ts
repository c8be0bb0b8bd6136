import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { visibleText } from '../../src/console/web/plain-text';
import { describeWithBrowser } from '../support/browser/describe-with-browser';
import { hostilePayloads } from '../support/browser/hostile-payloads';
import { openPage } from '../support/browser/watched-page';

const WEB = join(__dirname, '..', '..', 'dist', 'web');
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/**
 * The page over answers made up, so that every one of them can hold what a real one should never; without a content
 * security policy, so that nothing but the page itself keeps it from running.
 */
function serve(answers: (path: string) => unknown): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/api/v1/')) {
      const answer = answers(path.slice('/api/v1'.length));
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(answer ?? { problem: 'not here' }));
    }
    const type = TYPES[extname(path)];
    response.writeHead(200, { 'content-type': type ?? 'text/html; charset=utf-8' });
    return response.end(readFileSync(join(WEB, type === undefined ? 'index.html' : path)));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const PAYLOADS = hostilePayloads(500);

/** A conversation in which every text is one of the payloads. */
function hostileInteraction(): object {
  let next = 0;
  const text = (): string => PAYLOADS[next++ % PAYLOADS.length] ?? '';
  const row = (i: number): object => ({
    interaction_id: text(),
    conversation_id: text(),
    turn_index: i,
    occurred_at: 0,
    outcome: 'judged',
    cell: { segments: { [text()]: text() }, provider: text(), model: text(), route: text(), release: text() },
    sampled: true,
    worst_score: 0.5,
    disagreement: 0.5,
    failed_checks: [text()],
    criteria: [{ criterion: text(), result: text(), score: 0.5, pass: false, escalated: true }],
    cost_usd: 0,
    asked: text(),
    answered: text(),
  });
  const answer = (): object => ({
    judge: text(),
    family: text(),
    outcome: 'scored',
    score: 0.2,
    confidence: 0.9,
    rationale: text(),
    cost_usd: 0,
    ms: 1,
    reported_version: text(),
  });
  const turns = PAYLOADS.map((payload, i) => ({ ...row(i), asked: payload, answered: payload }));
  return {
    interaction: { ...row(0), interaction_id: 'i-0' },
    conversation: [{ ...row(0), interaction_id: 'i-0' }, ...turns],
    verdict: {
      verdict_id: text(),
      interaction_id: 'i-0',
      sampling: { sampled: true, probability: 1, cell: text() },
      checks: [{ check: text(), version: 1, result: 'fail', span: { start: 0, end: 9 }, detail: text() }],
      criteria: [
        {
          criterion: text(),
          result: 'scored',
          unjudged_reason: null,
          panel: text(),
          cheap: [answer()],
          ensemble: [answer(), answer()],
          escalation: { escalated: true, reason: text(), probability: 1 },
          combined: {
            score: 0.2,
            method: 'mean',
            disagreement: 0.1,
            outlier_judge: text(),
            quorum: 2,
            degraded: false,
            independent: true,
          },
          score: 0.2,
          pass: false,
          estimator_value: 0.2,
        },
      ],
      trail: [{ stage: text(), chose: text(), why: text(), probability: 1, cost_usd: 0, ms: 1 }],
      redactions: [{ kind: text(), count: 1 }],
      cost_usd: 0,
      versions: { config: text() },
      interaction: {
        input: [{ role: text(), content: text() }],
        context: [{ id: text(), text: text() }],
        output: {
          text: text(),
          finish_reason: text(),
          tool_calls: [{ name: text(), arguments: text(), result: text() }],
        },
      },
    },
    sessions: [],
    labels: [
      {
        criterion: text(),
        outcome: 'labelled',
        value: 0,
        comment: text(),
        rater: text(),
        labelled_at: 0,
        reason: text(),
      },
    ],
    links: { trace: 'javascript:window.__hit=1' },
  };
}

describeWithBrowser('the page of the console', (browser) => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    const interaction = hostileInteraction() as { readonly conversation: readonly object[] };
    server = await serve((path) => {
      if (path.startsWith('/interactions/')) return interaction;
      if (path === '/interactions') return { rows: interaction.conversation.slice(0, 60), next: PAYLOADS[0] };
      return undefined;
    });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('shows 500 hostile texts as they are, runs none of them and asks nobody outside', async () => {
    const watched = await openPage(browser(), origin, { width: 1366, height: 768, theme: 'light' });
    await watched.open('/i/i-0');
    const shown = await watched.page.locator('.conversation').textContent();
    for (const payload of PAYLOADS) expect(shown).toContain(visibleText(payload));
    await watched.open('/search?q=x');
    expect(await watched.page.locator('table a').count()).toBeGreaterThan(50);
    expect(await watched.page.evaluate(`'__hit' in window`)).toBe(false);
    expect(
      await watched.page.locator('main script, main img, main iframe, main style, main form[action]').count(),
    ).toBe(0);
    expect(await watched.page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(watched.seen).toEqual({ outside: [], cspReports: [], errors: [] });
    await watched.close();
  });

  it('says what could not be read, and that nothing is at an unknown address', async () => {
    const watched = await openPage(browser(), origin, { width: 390, height: 844, theme: 'dark' });
    await watched.open('/segments');
    expect(await watched.page.locator('[role=alert]').textContent()).toContain('not here');
    await watched.open('/nothing');
    expect(await watched.page.locator('h1').textContent()).toBe('Nothing is here');
    expect(await watched.findings()).toEqual([]);
    await watched.close();
  });

  it('is small: script and style under 100 kB', () => {
    const size = ['app.js', 'style.css'].reduce((sum, name) => sum + readFileSync(join(WEB, name)).length, 0);
    expect(size).toBeLessThan(100_000);
  });
});
