/**
 * Pictures of the console for the README, from the running demo `regression`: no mock-up, no made-up figure.
 * Needs `npm run build` and Debian's chromium (or PLUMBLINE_CHROMIUM). Usage: npm run -s screenshots
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { AlertRow, Incident, Page as ListPage, Report } from '../src/console/answers';
import { segmentLabel } from '../src/console/web/format';
import { CHROMIUM, CHROMIUM_FLAGS } from '../test/support/browser/describe-with-browser';
import { type RunningDemo, startDemo } from '../test/support/browser/running-demo';
import { openPage } from '../test/support/browser/watched-page';

const IMAGES = join(__dirname, '..', 'docs', 'images');
const LAPTOP = { width: 1366, height: 900, theme: 'light' } as const;
const PHONE = { width: 390, height: 844, theme: 'dark' } as const;

async function main(): Promise<void> {
  if (CHROMIUM === undefined) throw new Error('PLUMBLINE_CHROMIUM is unset and chromium is not on PATH');
  mkdirSync(IMAGES, { recursive: true });
  const demo = await startDemo('regression');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] });
  try {
    const { alert, example } = await subject(demo);
    const views = [
      ['alert', `/alerts/${alert}`, LAPTOP],
      ['interaction', `/i/${example}`, LAPTOP],
      ['segments', '/segments', LAPTOP],
      ['alert-phone', `/alerts/${alert}`, PHONE],
    ] as const;
    for (const [name, path, options] of views) {
      const watched = await openPage(browser, demo.origin, options);
      await watched.open(path);
      await watched.page.screenshot({ path: join(IMAGES, `${name}.png`) });
      await watched.close();
      console.log(`wrote docs/images/${name}.png`);
    }
  } finally {
    await browser.close();
    demo.running.child.kill('SIGTERM');
    await demo.running.exited;
  }
}

/** The fallen score where the incident says that it is, and the first of its failing answers. */
async function subject(demo: RunningDemo): Promise<{ readonly alert: string; readonly example: string }> {
  const incidents = await demo.read<ListPage<Incident>>('/incidents?limit=100');
  const scopes = incidents.rows.map(({ scope }) => segmentLabel(scope));
  const { rows } = await demo.read<ListPage<AlertRow>>('/alerts?kind=score_regression&limit=100');
  const inScope = rows.find(({ alert }) => scopes.includes(segmentLabel(alert.series.segment)));
  const alert = (inScope ?? rows.at(-1))?.alert.id;
  if (alert === undefined) throw new Error('the demo raised no score_regression');
  const report = await demo.read<Report>(`/report?alert=${alert}`);
  const example = report.examples.worst[0]?.interaction_id;
  if (example === undefined) throw new Error('the report has no example');
  return { alert, example };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
