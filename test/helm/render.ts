import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { toolPath, TOOLS_FOLDER } from '../support/tools';

export const CHART = resolve(__dirname, '..', '..', 'helm', 'plumbline');
/** A Kubernetes that is neither the oldest nor the newest the chart runs on; helm asks no cluster. */
const KUBERNETES = '1.29.0';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Rendering {
  readonly text: string;
  readonly manifests: readonly Manifest[];
}

const renderings = new Map<string, Rendering>();

/** `helm template` with the named file of ci/ and `--set` pairs, once for the same; throws with what helm said. */
export function render(file: string, ...sets: readonly string[]): Rendering {
  const key = [file, ...sets].join(' ');
  const known = renderings.get(key) ?? renderAnew(file, sets);
  renderings.set(key, known);
  return known;
}

function renderAnew(file: string, sets: readonly string[]): Rendering {
  const text = helm(
    ...['template', 'quality', CHART, '--namespace', 'monitoring', '--kube-version', KUBERNETES],
    ...valueArgs(file, sets),
  );
  const manifests = text
    .split(/^---$/m)
    .map((document) => parse(document) as Manifest | null)
    .filter((one) => one !== null);
  return { text, manifests };
}

export function lint(file: string | null, ...sets: readonly string[]): string {
  return helm('lint', '--strict', CHART, ...(file === null ? [] : valueArgs(file, sets)));
}

function valueArgs(file: string, sets: readonly string[]): string[] {
  return ['--values', join(CHART, 'ci', file), ...sets.flatMap((pair) => ['--set', pair])];
}

function helm(...args: readonly string[]): string {
  try {
    return execFileSync(toolPath('helm'), args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`helm ${args[0]}: ${stderr}${stdout}`, { cause: error });
  }
}

/** What kubeconform finds wrong; empty when every manifest is what the Go types of its kind decode. */
export function validate(text: string): string {
  const schemas = join(TOOLS_FOLDER, 'schemas', '{{.ResourceKind}}{{.KindSuffix}}.json');
  try {
    execFileSync(toolPath('kubeconform'), ['-strict', '-schema-location', schemas, '-'], {
      input: text,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
