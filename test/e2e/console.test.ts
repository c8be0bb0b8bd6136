import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { AlertRow, Page as ListPage, Report } from '../../src/console/answers';
import { describeWithBrowser } from '../support/browser/describe-with-browser';
import { openPage, type PageOptions, type WatchedPage } from '../support/browser/watched-page';
import { eventually } from '../support/eventually';
import { type RunningDemo, startDemo } from '../support/browser/running-demo';

/** For people to look at; the README shows some of them. */
const SHOTS = join(__dirname, '..', '..', '.cache', 'screenshots');
const LAPTOP: PageOptions = { width: 1366, height: 768, theme: 'light' };
const PHONE: PageOptions = { width: 390, height: 844, theme: 'dark' };
const SOON = { timeoutMs: 20_000 };

interface WatchedConsole {
  read<T>(path: string): Promise<T>;
  /** Alerts of some kinds, once there are any. */
  alerts(kinds: readonly string[]): Promise<readonly AlertRow[]>;
  watch(options: PageOptions): Promise<WatchedPage>;
  /** Nothing ran, left or broke, the page is usable without a mouse or eyes, and nothing hangs over the edge. */
  expectSound(watched: WatchedPage, name: string): Promise<void>;
}

/** The console of a demo that is run before the tests of the block and ended after them. */
function watchedConsole(browser: () => Browser, scenario: string): WatchedConsole {
  let demo: RunningDemo;
  const opened: WatchedPage[] = [];
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    demo = await startDemo(scenario);
  }, 320_000);
  afterAll(async () => {
    await Promise.all(opened.map((one) => one.close()));
    demo.running.child.kill('SIGTERM');
    await demo.running.exited;
  });
  return {
    read: (path) => demo.read(path),
    alerts: (kinds) =>
      eventually(async () => {
        const { rows } = await demo.read<ListPage<AlertRow>>('/alerts?limit=100');
        const ours = rows.filter(({ alert }) => kinds.includes(alert.series.kind));
        if (ours.length === 0) throw new Error('no alert yet');
        return ours;
      }, SOON),
    async watch(options) {
      const watched = await openPage(browser(), demo.origin, options);
      opened.push(watched);
      return watched;
    },
    async expectSound({ page, seen, findings }, name) {
      await page.screenshot({ path: join(SHOTS, `${scenario}-${name}.png`), fullPage: true });
      expect(seen).toEqual({ outside: [], cspReports: [], errors: [] });
      expect(await findings()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    },
  };
}

interface Story {
  readonly scenario: string;
  /** Kinds of alert that the story raises of itself. */
  readonly kinds: readonly string[];
  /** What the page has to name first, and whose it is. */
  readonly headline: RegExp;
  readonly cause: RegExp;
  readonly family: string;
}

const STORIES: readonly Story[] = [
  {
    scenario: 'regression',
    kinds: ['score_regression', 'check_regression', 'unsupported_claim_rise'],
    headline: /^Product: release regression, release=2026\.11\.2 in /,
    cause: /release=2026\.11\.2 in (product|locale|product\+locale|locale\+product)=.*(support|de)/,
    family: 'product',
  },
  {
    scenario: 'judge-drift',
    kinds: ['judge_drift'],
    headline: /^Judge: judge version, judge gemini\b/,
    cause: /judge gemini.*gemini-pro-simulated-2/,
    family: 'judge',
  },
  {
    scenario: 'divergence',
    kinds: ['judge_user_divergence', 'engagement_regression'],
    headline: /^Users: users only, in .*: abandonment /,
    cause: /in (product|.*\+product|product\+.*)=.*copilot.*: abandonment .* → /,
    family: 'users',
  },
];

for (const story of STORIES) {
  describeWithBrowser(`the console of the demo ${story.scenario}`, (browser) => {
    const console = watchedConsole(browser, story.scenario);

    it('leads from the list of alerts to the planted cause and no other, and from there to an interaction', async () => {
      const alerts = await console.alerts(story.kinds);
      const first = alerts[alerts.length - 1]?.alert;
      const watched = await console.watch(LAPTOP);
      const { page } = watched;
      await watched.open('/');
      await console.expectSound(watched, 'alerts');
      await page.locator(`a[href="/alerts/${first?.id}"]`).click();
      const headline = page.locator('[data-test=headline]');
      await headline.waitFor();
      expect(await headline.textContent()).toMatch(story.headline);
      const causes = page.locator('[data-test=causes] li');
      expect(await causes.first().textContent()).toMatch(story.cause);
      await page.waitForLoadState('networkidle');
      await console.expectSound(watched, 'alert');
      await page.locator('details[open] table a').first().click();
      await page.locator('.turn.current').waitFor();
      expect(page.url()).toContain('/i/');
      await page.waitForLoadState('networkidle');
      await console.expectSound(watched, 'interaction');
    });

    it('blames nobody else in any alert of these kinds', async () => {
      for (const { alert } of await console.alerts(story.kinds)) {
        const report = await console.read<Report>(`/report?alert=${alert.id}`);
        expect([alert.series, report.causes[0]?.family]).toEqual([alert.series, story.family]);
      }
    });

    it('opens at the address that Prometheus links to, on a phone', async () => {
      const rows = await console.alerts(story.kinds);
      const series = rows[0]?.alert.series;
      const { dimension = '', value = '' } = series?.segment ?? {};
      const segment = value === '' ? dimension : `${dimension}=${value}`;
      const query = new URLSearchParams({ kind: series?.kind ?? '', segment, criterion: series?.criterion ?? '' });
      const watched = await console.watch(PHONE);
      await watched.open(`/alerts/current?${query.toString()}`);
      expect(await watched.page.locator('h1').textContent()).toContain(segment);
      await watched.page.locator('[data-test=headline]').waitFor();
      await watched.page.waitForLoadState('networkidle');
      await console.expectSound(watched, 'alert-phone');
    });

    it('keeps a label, tells the judges’ word only then, and takes the item off the queue', async () => {
      const watched = await console.watch(LAPTOP);
      const { page } = watched;
      await watched.open('/reviews');
      const item = page.locator('[data-test=item]');
      await item.waitFor();
      const left = Number(await page.locator('[data-test=left]').textContent());
      expect(await page.locator('[data-test=done]').count()).toBe(0);
      expect(await item.textContent()).not.toMatch(/judges?\b.*(pass|fail)/i);
      await page.keyboard.press('f');
      await page.locator('[data-test=done] li').waitFor();
      expect(await page.locator('[data-test=done]').textContent()).toContain('you fail, judges');
      await console.expectSound(watched, 'review');
      await eventually(async () => {
        const { left: now, labelled } = await console.read<{ left: number; labelled: number }>('/reviews');
        // The demo’s people label as well, so it may be more.
        expect(labelled).toBe(1);
        expect(now).toBeLessThanOrEqual(left - 1);
      }, SOON);
    });

    if (story.scenario !== 'regression') return;

    it.each(['segments', 'search?order=recent', 'judges', 'status'])(
      'is sound on %s, on a laptop and on a phone',
      async (view) => {
        const name = view.split('?')[0] ?? view;
        for (const [options, suffix] of [
          [LAPTOP, ''],
          [PHONE, '-phone'],
        ] as const) {
          const watched = await console.watch(options);
          await watched.open(`/${view}`);
          expect(await watched.page.locator('table tbody tr').count()).toBeGreaterThan(1);
          expect(await watched.page.locator('[role=alert]').count()).toBe(0);
          await console.expectSound(watched, `${name}${suffix}`);
        }
      },
    );

    it('says that the accounting adds up', async () => {
      const watched = await console.watch(LAPTOP);
      await watched.open('/status');
      const text = (await watched.page.locator('main').textContent()) ?? '';
      expect(text).toContain('adds up');
      expect(text).not.toContain('does not add up');
    });
  });
}
