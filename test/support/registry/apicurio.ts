import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { eventually } from '../eventually';
import { freeLoopbackPorts } from '../kafka/free-ports';
import { startReaper } from '../kafka/reaper';
import { tmpdir } from 'node:os';

/** The only place that pins its version; later ones need Java 21. */
const VERSION = '3.0.9';
const ARTIFACT = `apicurio-registry-app-${VERSION}`;
const READY_TIMEOUT_MS = 90_000;

export interface RealRegistry {
  /** Base URL of its Confluent-compatible API. */
  readonly url: string;
  /** What is kept in it is gone afterwards. */
  stop(): Promise<void>;
}

/**
 * An Apicurio registry, from the Maven registry the first time (109 MB, kept in the cache), that keeps its schemas in
 * memory. Rejects with the tail of its log when it is not ready within 90 s.
 */
export async function startApicurio(): Promise<RealRegistry> {
  const home = unpacked();
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-registry-'));
  const reaper = startReaper(folder);
  const [port] = await freeLoopbackPorts(1);
  const logPath = join(folder, 'registry.log');
  const log = openSync(logPath, 'a');
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData'];
  const settings = ['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`, `-Djava.io.tmpdir=${folder}`];
  const child = spawn('java', [...flags, ...settings, '-jar', join(home, `${ARTIFACT}-runner.jar`)], {
    cwd: folder,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid !== undefined) reaper.started(child.pid);
  child.unref();
  const stop = async (): Promise<void> => {
    if (isAlive(child)) {
      child.ref();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await reaper.dismiss();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error('it has ended')));
  try {
    await eventually(
      async () => {
        if (!(await fetch(`${url}/subjects`)).ok) throw new Error('it does not answer yet');
      },
      { timeoutMs: READY_TIMEOUT_MS, intervalMs: 200, signal: ended.signal },
    );
  } catch (cause) {
    const tail = readFileSync(logPath, 'utf8').slice(-2_000);
    await stop();
    throw new Error(`the registry did not become ready: ${String(cause)}\n${tail}`, { cause });
  }
  return { url, stop };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The folder of its jars; fetched and unpacked beside it first, so that one that was cut off is never taken for whole. */
function unpacked(): string {
  const cache = process.env['PLUMBLINE_CACHE'] ?? join(resolve(__dirname, '../../..'), '.cache');
  const home = join(cache, 'registry', VERSION);
  const seal = join(home, 'complete');
  if (existsSync(seal)) return home;
  process.stderr.write(`registry: fetching Apicurio ${VERSION} with mvn (once, kept in the cache)\n`);
  const work = `${home}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  // Later ones also want the artifact's parent, which not every mirror has.
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy';
  const artifact = `-Dartifact=io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`;
  execFileSync('mvn', ['-q', '-B', goal, artifact, `-DoutputDirectory=${work}`], { stdio: 'pipe' });
  execFileSync('tar', ['xzf', join(work, `${ARTIFACT}-all.tar.gz`), '-C', work]);
  rmSync(join(work, `${ARTIFACT}-all.tar.gz`));
  writeFileSync(join(work, 'complete'), '');
  rmSync(home, { recursive: true, force: true });
  renameSync(work, home);
  return home;
}
