import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { catalogueMarkdown } from '../src/checks/catalogue-markdown';
import { checkCatalogue } from '../src/checks/create-checks';
import { configDocs } from '../src/config/docs';
import { configJsonSchema } from '../src/config/schema-guide';
import { metricDocs } from '../src/outputs/metric-docs';
import { chartDocs } from './chart-docs';
import { errorDocs } from './error-docs';

/**
 * Writes the pages that are made from code. `--check` writes nothing and exits 1 when a page is out of date, with the
 * first lines that differ.
 */
async function main(args: readonly string[]): Promise<number> {
  const root = join(__dirname, '..');
  const check = args.includes('--check');
  let stale = 0;
  for (const [path, text] of Object.entries(pages())) {
    const file = join(root, path);
    const wanted = await format(text, { ...(await resolveConfig(file)), filepath: file });
    const seen = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (seen === wanted) continue;
    stale += 1;
    if (check) console.log(`${path} is out of date:\n${differences(seen, wanted)}\n`);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, wanted);
      console.log(`wrote ${path}`);
    }
  }
  if (check && stale > 0) console.log('Run `npx tsx scripts/docs.ts` and commit the result.');
  return check && stale > 0 ? 1 : 0;
}

function pages(): Record<string, string> {
  return {
    'docs/configuration.md': configDocs(),
    'docs/metrics.md': metricDocs(),
    'docs/errors.md': errorDocs(),
    'docs/checks.md': catalogueMarkdown(checkCatalogue()),
    'helm/plumbline/README.md': chartDocs(join(__dirname, '..', 'helm', 'plumbline', 'values.yaml')),
    'schemas/config.schema.json': JSON.stringify({ title: 'Plumbline configuration', ...configJsonSchema() }),
  };
}

const SHOWN_LINES = 5;

function differences(seen: string, wanted: string): string {
  const before = new Set(seen.split('\n'));
  const after = new Set(wanted.split('\n'));
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `  - ${line.slice(0, 160)}`);
  const fresh = [...after].filter((line) => !before.has(line)).map((line) => `  + ${line.slice(0, 160)}`);
  const more = Math.max(0, gone.length - SHOWN_LINES) + Math.max(0, fresh.length - SHOWN_LINES);
  const shown = [...gone.slice(0, SHOWN_LINES), ...fresh.slice(0, SHOWN_LINES)];
  return [...shown, ...(more > 0 ? [`  … and ${more} more lines`] : [])].join('\n');
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
