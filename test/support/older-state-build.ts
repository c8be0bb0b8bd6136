import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { STATE_VERSION } from '../../src/watch/state';

export interface OlderStateBuild {
  readonly main: string;
  /** The version of the state that it writes, and the newest that it reads. */
  readonly stateVersion: number;
  remove(): void;
}

const ROOT = resolve(__dirname, '..', '..');

/**
 * The built program, but one that writes and knows the version of the state before this one's: what a rolling update
 * meets, without a released build to take. What is in that state has this one's shape; that the shape of before is read as
 * well is what test/unit/watch/older-states.test.ts shows.
 */
export function buildOfOlderState(): OlderStateBuild {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-older-state-'));
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'schemas', 'package.json']) symlinkSync(join(ROOT, name), join(folder, name));
  const file = join(folder, 'dist', 'watch', 'state.js');
  const text = readFileSync(file, 'utf8');
  const older = text.replace(`STATE_VERSION = ${STATE_VERSION};`, `STATE_VERSION = ${STATE_VERSION - 1};`);
  if (older === text) throw new Error(`${file} does not say which version of the state it writes`);
  writeFileSync(file, older);
  return {
    main: join(folder, 'dist', 'main.js'),
    stateVersion: STATE_VERSION - 1,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
