import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');

/** Relative to the project: those at its top, and all below the folders that may have some. */
function markdownFiles(): string[] {
  const below = ['docs', 'examples', 'helm'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync(ROOT), ...below].filter((name) => name.endsWith('.md'));
}

/** Targets of relative links and images, without their anchors. */
function relativeLinks(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('the documentation', () => {
  it('links only to pages that exist', () => {
    expect(markdownFiles().length).toBeGreaterThan(50);
    const broken = markdownFiles().flatMap((file) =>
      relativeLinks(file)
        .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('has a sentence for every direct dependency', () => {
    const page = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(Object.keys(dependencies).filter((name) => !page.includes(name))).toEqual([]);
  });

  it('names every command of the program in the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const program = readFileSync(join(ROOT, 'src', 'cli', 'program.ts'), 'utf8');
    const commands = [...program.matchAll(/from '\.\/([a-z]+)-command'/g)].map(([, name = '']) => name);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });
});
