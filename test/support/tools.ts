import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { skipLoudly } from './kafka/availability';

const ROOT = resolve(__dirname, '..', '..');

/** Programs that scripts/install-tools.sh brings; everything but node itself is optional on a developer's machine. */
export type Tool = 'promtool' | 'prometheus' | 'alertmanager' | 'amtool' | 'helm' | 'kubeconform';

/** Where install-tools.sh puts them. */
export const TOOLS_FOLDER = process.env['PLUMBLINE_TOOLS'] ?? join(ROOT, '.cache', 'tools');

export function toolPath(tool: Tool): string {
  return join(TOOLS_FOLDER, 'bin', tool);
}

/**
 * `describe` when all tools are there; else says on stderr what is skipped, and throws where nothing may be skipped
 * (`PLUMBLINE_REQUIRE_ALL=1`).
 */
export function describeWithTools(name: string, tools: readonly Tool[], body: () => void): void {
  const missing = tools.filter((tool) => !existsSync(toolPath(tool)));
  if (missing.length === 0) return describe(name, body);
  skipLoudly(name, { kind: 'none', why: `${missing.join(', ')} not installed; run scripts/install-tools.sh` });
  describe.skip(name, body);
}
