import { type Dirent } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from '@swc/core';

const ROOT = resolve(__dirname, '..', '..');
const PARTS = ['src', 'bench', 'test/support', 'schemas'];

/**
 * A compiled copy of the sources as they are now, under `.cache`, so that what is measured is plain Node running what
 * the compiler made of it: a loader that compiles on the fly wraps every function to keep its name, which costs a
 * microsecond per closure. Edits made while the bench runs do not reach it either.
 */
export async function takeSnapshot(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
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
  const { code } = await transform(await readFile(from, 'utf8'), {
    filename: from,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  await writeFile(to.replace(/\.ts$/, '.js'), code);
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
