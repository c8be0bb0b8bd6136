import { MonitorError } from '../domain/error';
import { toPathText } from './fault';
import type { CrossFault, KeyPath } from './fault';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values of the secrets that the configuration names. A closure, so that printing or serialising it shows nothing. */
export interface Secrets {
  /** The value of the environment variable that an `…Env` key names. */
  get(variable: string): string;
  /** All of them, for the logger to hide. */
  values(): readonly string[];
}

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Resolves every key that ends in `Env`. A missing variable is a fault that names it, never what it holds. */
export function resolveSecrets(config: unknown, env: Environment): { secrets: Secrets; faults: CrossFault[] } {
  const values = new Map<string, string>();
  const faults: CrossFault[] = [];
  for (const { path, variable } of secretReferences(config, [])) {
    if (!VARIABLE_NAME.test(variable)) {
      // Most likely the secret itself, so it is not shown.
      faults.push({ path, saw: '***', wanted: 'the name of an environment variable, not its value' });
      continue;
    }
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
    if (value === undefined || value === '') {
      faults.push({ path, wanted: `the environment variable ${variable} to be set` });
    } else values.set(variable, value);
  }
  return { secrets: secretsOf(values), faults };
}

function secretsOf(values: ReadonlyMap<string, string>): Secrets {
  return {
    get: (variable) => {
      const value = values.get(variable);
      if (value === undefined) throw new MonitorError('INTERNAL', `${variable} is not a secret of this configuration`);
      return value;
    },
    values: () => [...values.values()],
  };
}

function* secretReferences(value: unknown, path: KeyPath): Generator<{ path: KeyPath; variable: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at: KeyPath = [...path, Array.isArray(value) ? Number(key) : key];
    if (isSecretKey(key) && typeof inner === 'string') yield { path: at, variable: inner };
    // What a mapping says about foreign records is data, and may well have a field that ends in `Env`.
    else if (toPathText(at) !== 'source.mapping') yield* secretReferences(inner, at);
  }
}

export function isSecretKey(key: string): boolean {
  return key.endsWith('Env');
}
