import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const PAGES = ['concepts', 'first-day', 'first-week', 'choosing-criteria', 'costs', 'on-call', 'reviewers', 'privacy'];
const RECIPES = ['another-shape', 'opentelemetry', 'python'].map((name) => `recipes/${name}`);

const textOf = (page: string): string => readFileSync(join(ROOT, 'docs', `${page}.md`), 'utf8');
const firstCommand = (page: string): string => /```sh\n(.*)\n/.exec(textOf(page))?.[1] ?? '';

/** Run by other suites: the demo, a broker, Prometheus, Python. */
const RUN_ELSEWHERE = /main\.js demo|--topic|promtool|python3/;

describe('pages for users', () => {
  it.each([...PAGES, ...RECIPES])('%s begins with a command', (page) => {
    expect(textOf(page)).toMatch(/^# .+\n\n```sh\n/);
    expect(firstCommand(page)).toMatch(/^(node dist\/main\.js|promtool|python3) /);
  });

  it.each([...PAGES, ...RECIPES].filter((page) => !RUN_ELSEWHERE.test(firstCommand(page))))(
    'the first command of %s works as printed',
    (page) => {
      const folder = mkdtempSync(join(tmpdir(), 'plumbline-page-'));
      try {
        const command = firstCommand(page)
          .replace('dist/main.js', join(ROOT, 'dist', 'main.js'))
          .replace('examples/', join(ROOT, 'examples', '/'));
        expect(execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })).not.toBe('');
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('are short: a page that takes more than five minutes is not read', () => {
    for (const page of PAGES) expect([page, textOf(page).split(/\s+/).length < 1000]).toEqual([page, true]);
  });

  it('are all reachable from the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(PAGES.filter((page) => !readme.includes(`docs/${page}.md`))).toEqual([]);
  });

  it('explain the words that the rest is written in', () => {
    const concepts = textOf('concepts');
    for (const word of ['kappa', 'e-value', 'however often you look', 'average days between false pages']) {
      expect(concepts).toContain(word);
    }
  });
});
