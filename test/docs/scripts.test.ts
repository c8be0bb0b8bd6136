import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageOf } from '../../bench/support/script';

const ROOT = join(__dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const BENCHES = Object.entries(scripts).flatMap(([name, command]) => {
  const file = /\btsx (bench\/\S+)/.exec(command)?.[1];
  return file === undefined ? [] : [{ name, source: readFileSync(join(ROOT, file), 'utf8') }];
});

describe('scripts that print figures', () => {
  it.each(BENCHES)('$name says with --help how it is run, by its own name', ({ name, source }) => {
    expect(source).toContain('runScript(');
    expect(usageOf(source)).toMatch(new RegExp(`npm run -s ${name}(?![\\w:])`));
  });
});
