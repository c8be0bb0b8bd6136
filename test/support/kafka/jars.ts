import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { eventually } from '../eventually';

/** What it takes to start Kafka's classes with `java`. */
export interface KafkaJars {
  readonly version: string;
  /** The value of java's -cp: every jar by name, in one fixed order, since the class archive is tied to that order. */
  readonly classPath: string;
  /** Where the JVM class archive is, or goes: with it a broker boots in half the time. */
  readonly classArchive: string;
}

const POM = join(__dirname, 'pom.xml');
const PROJECT = resolve(__dirname, '../../..');
/** A first resolution downloads some 45 MB; then it is a matter of seconds. */
const RESOLVE_TIMEOUT_MS = 8 * 60_000;

/**
 * Kafka's jars from the cache (`PLUMBLINE_CACHE`, default `.cache` in the project), resolved with mvn the first time
 * and again whenever the pom changes. `prepare` runs once after a resolution, before anyone else sees the jars.
 *
 * Safe to call from several processes at once: one works, the others wait for it. Rejects with the tail of mvn's output.
 */
export async function kafkaJars(prepare: (jars: KafkaJars) => Promise<void>): Promise<KafkaJars> {
  const pom = readFileSync(POM, 'utf8');
  const version = /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom)?.[1];
  if (version === undefined) throw new Error('test/support/kafka/pom.xml has no <kafka.version>');
  const folder = join(process.env['PLUMBLINE_CACHE'] ?? join(PROJECT, '.cache'), 'kafka', version);
  // Written last, so its presence says that everything else is whole; its text says from which pom.
  const seal = join(folder, 'pom.xml');
  const isSealed = (): boolean => existsSync(seal) && readFileSync(seal, 'utf8') === pom;

  if (!isSealed()) {
    await withLock(`${folder}.lock`, async () => {
      if (isSealed()) return;
      process.stderr.write(`kafka: resolving the jars of Kafka ${version} with mvn (once, kept in the cache)\n`);
      rmSync(folder, { recursive: true, force: true });
      await copyJars(join(folder, 'jars'));
      await prepare(describeJars(version, folder));
      writeFileSync(seal, pom);
    });
  }
  return describeJars(version, folder);
}

function describeJars(version: string, folder: string): KafkaJars {
  const jars = readdirSync(join(folder, 'jars')).filter((name) => name.endsWith('.jar'));
  return {
    version,
    classPath: jars
      .sort()
      .map((name) => join(folder, 'jars', name))
      .join(delimiter),
    classArchive: join(folder, 'classes.jsa'),
  };
}

async function copyJars(outputDirectory: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${outputDirectory}`];
  const mvn = spawn('mvn', ['-q', '-B', '-f', POM, ...goal], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [mvn.stdout, mvn.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((settle, reject) => {
    mvn.once('error', reject);
    mvn.once('close', settle);
  });
  if (status !== 0) {
    throw new Error(`mvn could not resolve Kafka's jars (status ${status}):\n${output.slice(-2_000)}`);
  }
}

/** Runs `work` while no other process does; a folder is the lock because making one is atomic. */
async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(resolve(lock, '..'), { recursive: true });
  await eventually(() => take(lock), { timeoutMs: RESOLVE_TIMEOUT_MS, intervalMs: 200 });
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  const owner = join(lock, 'pid');
  try {
    mkdirSync(lock);
    writeFileSync(owner, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // A run that was killed half-way leaves its lock behind; the next attempt takes it.
  if (existsSync(owner) ? !isAlive(Number(readFileSync(owner, 'utf8'))) : ageMs(lock) > 10_000) {
    rmSync(lock, { recursive: true, force: true });
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ageMs(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
