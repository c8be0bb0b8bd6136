import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { readOwnCheck } from '../checks/own-check';
import type { Check } from '../checks/port';

export interface OwnChecks {
  readonly checks: readonly Check[];
  /** One sentence per file that could not be used. */
  readonly problems: readonly string[];
}

const CHECK_FILE = /^(?!.*\.(?:d|test|spec)\.).*\.(?:c?js|ts)$/;
const none: OwnChecks = { checks: [], problems: [] };

/** The checks of `checks.folder`, in the order of their file names. Runs the files: they are as trusted as the configuration. */
export function loadOwnChecks(folder: string | undefined): OwnChecks {
  if (folder === undefined) return none;
  const root = resolve(folder);
  if (!existsSync(root)) return { checks: [], problems: [`${folder}: there is no such folder`] };
  const checks: Check[] = [];
  const problems: string[] = [];
  for (const name of readdirSync(root)
    .filter((file) => CHECK_FILE.test(file))
    .sort()) {
    const read = readFile(join(root, name));
    if (typeof read === 'string') problems.push(`${join(folder, name)}: ${read}`);
    else checks.push(read);
  }
  return { checks, problems };
}

function readFile(file: string): Check | string {
  try {
    const exported = file.endsWith('.ts') ? loadTypeScript(file) : (createRequire(file)(file) as unknown);
    return readOwnCheck(defaultOf(exported));
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it threw while loading';
  }
}

function defaultOf(exported: unknown): unknown {
  const isModule = typeof exported === 'object' && exported !== null && 'default' in exported;
  return isModule ? exported.default : exported;
}

interface Compiler {
  transpileModule(source: string, options: { readonly compilerOptions: object }): { readonly outputText: string };
  readonly ModuleKind: { readonly CommonJS: number };
  readonly ScriptTarget: { readonly ES2022: number };
}

/** The author's own compiler takes the types off; without one, a Node that does so itself may load the file. */
function loadTypeScript(file: string): unknown {
  const require = createRequire(file);
  const compiler = find<Compiler>(require, 'typescript');
  if (compiler !== null) {
    const compilerOptions = {
      module: compiler.ModuleKind.CommonJS,
      target: compiler.ScriptTarget.ES2022,
      esModuleInterop: true,
    };
    return run(file, compiler.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText);
  }
  if ('typescript' in process.features && process.features.typescript !== false) return require(file) as unknown;
  throw new Error(
    'install `typescript` beside it, or compile it to CommonJS, to load TypeScript in this version of Node',
  );
}

function find<T>(require: NodeJS.Require, name: string): T | null {
  try {
    return require(name) as T;
  } catch {
    return null;
  }
}

/** What Node does with a CommonJS file, for code that is not on disk. */
function run(file: string, code: string): unknown {
  const internals = Module as unknown as { _nodeModulePaths(from: string): string[] };
  const loaded = new Module(file) as Module & { _compile(code: string, file: string): void };
  loaded.filename = file;
  loaded.paths = internals._nodeModulePaths(dirname(file));
  loaded._compile(code, file);
  return loaded.exports;
}
