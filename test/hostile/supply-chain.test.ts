import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string | { readonly type?: string };
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const manifest = readJson('package.json') as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const lock = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const shipped = Object.entries(lock.packages).filter(([path, one]) => path !== '' && !one.dev && !one.devOptional);

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

/** Licences that ask for no more than their text and notices be passed on. */
const ALLOWED = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0']); // prettier-ignore

/** SPDX expressions as packages have them: `(MIT OR Apache-2.0)`, `MIT AND ISC`. */
function isAllowed(expression: string): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((name) => ALLOWED.has(name.trim())));
}

function licenceOf(path: string, { license }: Locked): string {
  if (typeof license === 'string') return license;
  const file = join(ROOT, path, 'package.json');
  if (!existsSync(file)) return 'unknown';
  const own = JSON.parse(readFileSync(file, 'utf8')) as { license?: unknown; licenses?: { type?: string }[] };
  if (typeof own.license === 'string') return own.license;
  return own.licenses?.[0]?.type ?? (license as { type?: string } | undefined)?.type ?? 'unknown';
}

describe('what is shipped', () => {
  it('depends directly on 22 packages at most, each pinned and with a sentence why', () => {
    const names = Object.keys(manifest.dependencies);
    const reasons = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
    expect(names.length).toBeLessThanOrEqual(22);
    expect(names.filter((name) => !reasons.includes(name))).toEqual([]);
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('is locked to contents, not to names', () => {
    expect(shipped.length).toBeGreaterThan(20);
    expect(shipped.filter(([, one]) => !/^sha(?:512|256)-/.test(one.integrity ?? '')).map(([path]) => path)).toEqual(
      [],
    );
  });

  it('runs no script of a package at install time', () => {
    const allowed = new Set(['node_modules/protobufjs', 'node_modules/@photostructure/sqlite']);
    const scripts = shipped.filter(([path, one]) => one.hasInstallScript === true && !allowed.has(path));
    expect(scripts.map(([path]) => path)).toEqual([]);
    expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toMatch(/npm ci[^\n]*--ignore-scripts/);
  });

  it('is under licences of the allow-list', () => {
    const others = shipped
      .map(([path, one]) => [path, licenceOf(path, one)])
      .filter(([, name]) => !isAllowed(name ?? ''));
    expect(others).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['AGPL-3.0', false],
    ['unknown', false],
  ])('reads the licence %s as allowed: %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });
});
