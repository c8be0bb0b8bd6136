import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Dirent } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..', '..');
const PARTS = ['src', 'bench', 'test/support', 'schemas'];

/**
 * Runs a script of `bench/` (`bench/main.js`, ...) in a process of its own from a compiled copy of the sources as they
 * are now; its exit code becomes ours. What is measured is then what `npm run build` ships: loaders that compile on the
 * fly put a getter before every imported function and wrap closures to keep their names, which doubles the cost of
 * code made of small functions. Edits made meanwhile do not reach it either.
 */
export async function runCompiled(script: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const snapshot = await takeSnapshot();
  try {
    const entry = join(snapshot.folder, 'bench', script);
    const child = spawn(process.execPath, ['--expose-gc', entry, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: {
        ...process.env,
        PLUMBLINE_CACHE: process.env['PLUMBLINE_CACHE'] ?? join(ROOT, '.cache'),
        PLUMBLINE_DATA: process.env['PLUMBLINE_DATA'] ?? join(ROOT, '..', 'shared', 'data'),
        PLUMBLINE_ROOT: ROOT,
        ...environment,
      },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await snapshot.remove();
  }
}

async function takeSnapshot(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = join(ROOT, '.cache', 'bench', String(process.pid));
  await rm(folder, { recursive: true, force: true });
  for (const part of PARTS) {
    for (const path of await filesUnder(join(ROOT, part))) await copy(path, join(folder, relative(ROOT, path)));
  }
  await copy(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (!from.endsWith('.ts') || from.endsWith('.d.ts')) return copyFile(from, to);
  const { outputText } = ts.transpileModule(await readFile(from, 'utf8'), {
    fileName: from,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      removeComments: true,
    },
  });
  await writeFile(to.replace(/\.ts$/, '.js'), outputText);
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
