import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A page of which everything that ought not to happen is written down. */
export interface WatchedPage {
  readonly page: Page;
  /** Goes to an address below the server's and waits until nothing is being read any more. */
  readonly open: (path: string) => Promise<void>;
  readonly seen: {
    /** Requests that left the server's origin. */
    readonly outside: string[];
    /** What the browser kept the page from doing, in its own words. */
    readonly cspReports: string[];
    /** Errors of scripts, and dialogs. */
    readonly errors: string[];
  };
  /** Serious and critical findings of axe on what is shown now, e.g. `color-contrast: nav > a`. */
  readonly findings: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface PageOptions {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
}

export async function openPage(browser: Browser, origin: string, options: PageOptions): Promise<WatchedPage> {
  const { width, height, theme } = options;
  const context: BrowserContext = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const seen: WatchedPage['seen'] = { outside: [], cspReports: [], errors: [] };
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) seen.outside.push(url);
  });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) seen.cspReports.push(message.text());
    else if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('dialog', (dialog) => {
    seen.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('refused to: ' + event.violatedDirective))`,
  );
  return {
    page,
    seen,
    async open(path) {
      await page.goto(`${origin}${path}`);
      await page.waitForLoadState('networkidle');
    },
    async findings() {
      // Through the inspector, since the page's own policy lets no foreign script in.
      const session = await context.newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: AXE });
      const expression = 'axe.run().then((results) => JSON.stringify(results.violations))';
      const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
      const violations = JSON.parse(String(result.value)) as AxeResults['violations'];
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    },
    close: () => context.close(),
  };
}
