import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { MonitorError } from '../../domain/error';
import { replaceFile } from '../../platform/replace-file';
import type { ServerAddress } from './api-client';

/** Servers by a name of one's own, as kubectl has them; the file holds no token, only where it lies. */
const contextsFile = z.strictObject({
  /** Used where a command names neither a server nor a context; null = the one on this machine. */
  current: z.string().nullable(),
  contexts: z.record(z.string(), z.strictObject({ server: z.url(), tokenFile: z.string().nullable() })),
});
export type Contexts = z.infer<typeof contextsFile>;

type Env = Readonly<Record<string, string | undefined>>;

/** The monitor of a person's own machine. */
export const LOCAL_SERVER: ServerAddress = { server: 'http://127.0.0.1:9465', tokenFile: null };

/** `PLUMBLINE_CONTEXTS`, else `plumbline/contexts.json` where the system keeps configuration of people. */
export function contextsPath(env: Env): string {
  const { PLUMBLINE_CONTEXTS: own, XDG_CONFIG_HOME: config, HOME: home } = env;
  return own ?? join(config ?? join(home ?? '.', '.config'), 'plumbline', 'contexts.json');
}

/** Empty where nothing was saved. Rejects with CONFIG_INVALID for a file that is not one of ours. */
export async function readContexts(env: Env): Promise<Contexts> {
  const path = contextsPath(env);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return { current: null, contexts: {} };
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${path}`, { cause });
  }
  try {
    return contextsFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new MonitorError('CONFIG_INVALID', `${path} holds no contexts: remove it, or save them again`, { cause });
  }
}

/** Saves a context under a name, whatever it was before. The first one is used from then on. */
export async function saveContext(env: Env, name: string, { server, tokenFile }: ServerAddress): Promise<Contexts> {
  if (!URL.canParse(server))
    throw new MonitorError('USAGE', `${server} is no URL: wanted e.g. https://plumbline.example`);
  const { current, contexts } = await readContexts(env);
  // A path that is relative to where one was then would lead elsewhere later.
  const saved = { server, tokenFile: tokenFile === null ? null : resolve(tokenFile) };
  return write(env, { current: current ?? name, contexts: { ...contexts, [name]: saved } });
}

export async function useContext(env: Env, name: string): Promise<Contexts> {
  const known = await readContexts(env);
  find(known, name);
  return write(env, { ...known, current: name });
}

export async function removeContext(env: Env, name: string): Promise<Contexts> {
  const known = await readContexts(env);
  find(known, name);
  const contexts = Object.fromEntries(Object.entries(known.contexts).filter(([one]) => one !== name));
  return write(env, { current: known.current === name ? null : known.current, contexts });
}

/** The server that a command means: the one it names, that of a saved context, or the one on this machine. Rejects with USAGE. */
export async function serverOf(
  env: Env,
  asked: { readonly server?: string; readonly tokenFile?: string; readonly context?: string },
): Promise<ServerAddress> {
  const { server, tokenFile, context } = asked;
  if (server !== undefined) return { server, tokenFile: tokenFile ?? null };
  const known = await readContexts(env);
  const name = context ?? known.current;
  const found = name === null ? LOCAL_SERVER : find(known, name);
  return { server: found.server, tokenFile: tokenFile ?? found.tokenFile };
}

function find({ contexts }: Contexts, name: string): ServerAddress {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(contexts).join(', ');
  throw new MonitorError('USAGE', `no context ${name}: ${names === '' ? 'none is saved' : `wanted one of ${names}`}`);
}

async function write(env: Env, contexts: Contexts): Promise<Contexts> {
  const path = contextsPath(env);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(contexts, null, 2)}\n`, 0o600);
  return contexts;
}
