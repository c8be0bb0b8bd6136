import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  contextsPath,
  LOCAL_SERVER,
  readContexts,
  removeContext,
  saveContext,
  serverOf,
  useContext,
} from '../../../../src/compose/on-call/contexts';

describe('saved contexts', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contexts-'));
    env = { PLUMBLINE_CONTEXTS: join(folder, 'deep', 'contexts.json') };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const eu = { server: 'https://eu.example', tokenFile: 'eu.token' };
  const us = { server: 'https://us.example', tokenFile: null };

  it('lead to the server in use, and to another one by name', async () => {
    await saveContext(env, 'eu', eu);
    await saveContext(env, 'us', us);
    expect(await serverOf(env, {})).toEqual({ server: eu.server, tokenFile: resolve('eu.token') });
    expect(await serverOf(env, { context: 'us' })).toEqual(us);
    await useContext(env, 'us');
    expect(await serverOf(env, {})).toEqual(us);
  });

  it('give way to what a command names itself', async () => {
    await saveContext(env, 'eu', eu);
    expect(await serverOf(env, { server: 'http://here' })).toEqual({ server: 'http://here', tokenFile: null });
    expect(await serverOf(env, { tokenFile: 'other' })).toEqual({ server: eu.server, tokenFile: 'other' });
  });

  it('are this machine where none is saved, and again when the one in use is removed', async () => {
    expect(await serverOf(env, {})).toEqual(LOCAL_SERVER);
    await saveContext(env, 'eu', eu);
    await removeContext(env, 'eu');
    expect(await serverOf(env, {})).toEqual(LOCAL_SERVER);
  });

  it('say which there are when one is asked for that is not', async () => {
    await saveContext(env, 'eu', eu);
    await expect(serverOf(env, { context: 'asia' })).rejects.toThrow('no context asia: wanted one of eu');
    await expect(useContext(env, '__proto__')).rejects.toThrow('no context __proto__');
    await expect(saveContext(env, 'x', { server: 'not a url', tokenFile: null })).rejects.toThrow('is no URL');
  });

  it('hold no token, and are the owner’s alone to read', async () => {
    await writeFile(join(folder, 'secret'), 'token-of-eu');
    await saveContext(env, 'eu', { ...eu, tokenFile: join(folder, 'secret') });
    const path = contextsPath(env);
    expect(await readFile(path, 'utf8')).not.toContain('token-of-eu');
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('are refused where the file is not one of ours', async () => {
    await saveContext(env, 'eu', eu);
    await writeFile(contextsPath(env), '{"current": 3}');
    await expect(readContexts(env)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('lie where the system keeps configuration of people', () => {
    expect(contextsPath({ HOME: '/h' })).toBe('/h/.config/plumbline/contexts.json');
    expect(contextsPath({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toBe('/x/plumbline/contexts.json');
  });
});
