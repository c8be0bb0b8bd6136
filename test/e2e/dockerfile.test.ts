import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ALLOCATOR, ENTRY_OPTIONS } from '../../bench/support/container';

const ROOT = resolve(__dirname, '..', '..');

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The Dockerfile's stages: continuation lines joined, comments dropped. */
function readStages(): Stage[] {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ');
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (word === 'FROM') stages.push({ name: / AS (\w+)/.exec(rest)?.[1] ?? 'final', instructions: [] });
    else stages.at(-1)?.instructions.push({ word, rest });
  }
  return stages;
}

const stages = readStages();
const stage = (name: string): Stage => stages.find((one) => one.name === name) ?? { name, instructions: [] };
const final = stage('final').instructions;

describe('the container image', () => {
  it('runs node as PID 1, as nobody, on a read-only root, with a health check', () => {
    const entry = final.find(({ word }) => word === 'ENTRYPOINT')?.rest ?? '';
    expect(JSON.parse(entry)).toEqual(['node', ...ENTRY_OPTIONS, 'dist/main.js']);
    expect(final.find(({ word }) => word === 'USER')?.rest).toBe('65532:65532');
    expect(final.some(({ word }) => word === 'HEALTHCHECK')).toBe(true);
    expect(final.some(({ word }) => word === 'RUN')).toBe(false);
  });

  it('has the allocator that the benches of memory are run with', () => {
    const env = final.flatMap(({ word, rest }) => (word === 'ENV' ? rest.split(/\s+/) : []));
    expect(env).toEqual(expect.arrayContaining(Object.entries(ALLOCATOR).map(([name, value]) => `${name}=${value}`)));
  });

  it('takes nothing into the image that the ignore file does not allow', () => {
    const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
    for (const path of copied) expect(allowed).toContain(`!${path.replace(/^\.\//, '')}`);
  });

  describe('built step by step without an engine', () => {
    let image: string;
    beforeAll(() => {
      image = mkdtempSync(join(tmpdir(), 'plumbline-image-'));
      for (const { word, rest } of stage('build').instructions) {
        if (word === 'COPY') copyInto(image, rest);
        // The packages are installed already; installing them again would only cost time and a registry.
        if (word === 'RUN' && rest.startsWith('npm ci'))
          symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
        else if (word === 'RUN') execFileSync('sh', ['-c', rest], { cwd: image, stdio: 'pipe' });
      }
      for (const { word, rest } of final) if (word === 'COPY' && !rest.startsWith('--from')) copyInto(image, rest);
    }, 120_000);
    afterAll(() => rmSync(image, { recursive: true, force: true }));

    it('holds a program that starts with the image’s own command line', () => {
      expect(existsSync(join(image, 'dist', 'main.js'))).toBe(true);
      expect(existsSync(join(image, 'dist', 'web', 'index.html'))).toBe(true);
      const args = [...ENTRY_OPTIONS, 'dist/main.js', 'config', 'check', '--config', 'examples/plumbline.yaml'];
      expect(execFileSync('node', args, { cwd: image }).toString()).toContain('no faults');
    });

    it('carries neither tests nor sources of ours in its last stage', () => {
      const copied = final.filter(({ word }) => word === 'COPY').map(({ rest }) => rest);
      expect(copied.join(' ')).not.toMatch(/\b(src|test|bench)\b/);
      expect(readdirSync(image)).not.toContain('test');
    });
  });
});

function copyInto(image: string, rest: string): void {
  const parts = rest.split(/\s+/);
  const target = join(image, parts.at(-1) ?? '.');
  for (const from of parts.slice(0, -1)) {
    const isFolder = parts.at(-1)?.endsWith('/') === true;
    cpSync(join(ROOT, from), isFolder ? join(target, from) : target, { recursive: true });
  }
}
