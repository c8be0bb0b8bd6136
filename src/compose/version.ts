import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, which lies two folders up from both `src/compose` and `dist/compose`'s parent. */
export function programVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
