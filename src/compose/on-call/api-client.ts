import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { createLocalApi } from '../../console/api';
import { consoleRoutes } from '../../console/console-server';
import type { ConsoleParts } from '../../console/ports';
import type { Answer } from '../../console/route';
import { MonitorError } from '../../domain/error';
import type { KeyedRecord } from '../../domain/ledger-record';
import { createFileLedgerWriter } from '../../ledger/files';
import { systemClock } from '../../platform/clock';
import { readLines } from '../../platform/line-reader';
import { silentLogger } from '../../platform/logger';
import { privacyOptions } from '../../privacy/options';
import { createRedactor } from '../../privacy/redactor';
import { reviewOptions } from '../../reviews/options';
import type { EvidenceStore, WithJson } from '../../store/port';
import { openSqliteStore } from '../../store/sqlite';
import type { Closers } from '../closers';
import { alertFromJson, ledgerLines, sessionFromJson, verdictFromJson } from '../codecs';
import { EVIDENCE_FILE, ledgerPath, readLedgerOf, verdictsOf } from '../data-directory';
import { createErase, EXPORTS, verdictsFilePlace } from '../evidence/erasure';
import { createPatientWriter, feedFromFiles } from '../evidence/evidence';
import { programVersion } from '../version';

/** Where a command reads its state: a server's API, or the same API over a data directory. */
export interface ApiClient {
  /** `target` below `/api/v1`, e.g. `/alerts?state=firing`. Rejects with USAGE and the problem for anything but success. */
  get(target: string): Promise<string>;
  post(target: string, body: Readonly<Record<string, unknown>>): Promise<string>;
}

export interface ServerAddress {
  readonly server: string;
  /** File with the token; null = none. */
  readonly tokenFile: string | null;
}

const TIMEOUT_MS = 60_000;

export async function connectToServer({ server, tokenFile }: ServerAddress): Promise<ApiClient> {
  const token = tokenFile === null ? null : (await readToken(tokenFile)).trim();
  const send = (method: 'GET' | 'POST', target: string, body?: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const url = new URL(`/api/v1${target}`, server);
      const payload = body === undefined ? null : JSON.stringify(body);
      const headers = {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(payload === null
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
      };
      const open = url.protocol === 'https:' ? requestTls : request;
      const asked = open(url, { method, timeout: TIMEOUT_MS, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(new MonitorError('USAGE', `${url.origin} answers ${status}: ${problemOf(text)}`));
        });
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('error', (cause) => {
        const message = `no monitor answers at ${url.origin} (${cause.message}): start one with \`plumbline run\`, or give --server, --context or --data`;
        reject(new MonitorError('USAGE', message, { cause }));
      });
      asked.end(payload ?? undefined);
    });
  return { get: (target) => send('GET', target), post: (target, body) => send('POST', target, body) };
}

async function readToken(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read the token file ${path}`, { cause });
  }
}

function problemOf(text: string): string {
  try {
    return (JSON.parse(text) as { readonly problem?: string }).problem ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}

/** Who reads a directory, and what its fold says where someone has made one. */
export interface DirectoryReader {
  readonly name?: string;
  readonly snapshot?: ConsoleParts['snapshot'];
}

/** The API over a directory that a replay wrote: what is not in its store yet is read first. */
export async function openDirectoryApi(
  directory: string,
  closers: Closers,
  { name = 'local', snapshot = () => null }: DirectoryReader = {},
): Promise<ApiClient> {
  const store = await openDirectoryStore(directory, closers);
  const append = async (records: readonly KeyedRecord[]): Promise<void> => {
    const ledger = await createFileLedgerWriter({ path: ledgerPath(directory), codec: ledgerLines });
    await ledger.append(records);
    await ledger.close();
  };
  const now = (): number => systemClock.now();
  const places = [verdictsFilePlace(verdictsOf(directory))];
  const parts = {
    store,
    snapshot,
    parseVerdict: verdictFromJson,
    parseAlert: alertFromJson,
    parseSession: sessionFromJson,
    // Without a configuration, scores are taken to be no pseudo-outcomes.
    widestScore: 1,
    append,
    // A changed salt makes other hashes: `--user` then takes the hash itself.
    erase: createErase({ store, places, expiring: EXPIRING, salts: [], append, now }),
    reviews: { options: reviewOptions.parse({}), raterSalt: '', familyOf: () => null, splits: new Map(), golden: [] },
    now,
    version: programVersion(),
    links: { trace: null, release: null, alertmanager: null, runbook: null, ticket: null },
    // Without a configuration, everything that is redacted by default.
    redact: (text: string) => createRedactor(privacyOptions.parse({})).redactText(text),
    criteria: [],
  };
  const call = createLocalApi(consoleRoutes(parts, null), { name, role: 'admin', segments: [] });
  const textOf = (answer: Answer): string => {
    if ('problem' in answer) throw new MonitorError('USAGE', answer.problem);
    if ('text' in answer) return answer.text;
    return 'rawJson' in answer ? answer.rawJson : JSON.stringify(answer.json);
  };
  return {
    get: async (target) => textOf(await call('GET', target, {})),
    post: async (target, body) => textOf(await call('POST', target, body)),
  };
}

const EXPIRING = [
  EXPORTS,
  { place: 'ledger.jsonl: pseudonyms and figures, no text', found: 0, erased: 0, left: 'goes with the directory' },
];

/** The store of a data directory, caught up with its files. Rejects with FILE_UNREADABLE where there is no ledger. */
async function openDirectoryStore(directory: string, closers: Closers): Promise<EvidenceStore> {
  try {
    await stat(ledgerPath(directory));
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `${directory} holds no ledger: give the --out of a replay`, { cause });
  }
  const store = openSqliteStore({ path: join(directory, EVIDENCE_FILE), searchText: true, key: null });
  closers.add(() => store.close());
  const writer = createPatientWriter(store, silentLogger);
  const ledger = readLedgerOf(directory);
  const feed = await feedFromFiles({ verdictsPath: verdictsOf(directory), ledger, store, writer, follow: false });
  await feed.done;
  await feedLines(join(directory, 'sessions.jsonl'), sessionFromJson, (sessions) => store.write({ sessions }));
  await feedLines(join(directory, 'alerts.jsonl'), alertFromJson, (alerts) => store.write({ alerts }));
  return store;
}

async function feedLines<T>(
  path: string,
  parse: (json: string) => T,
  write: (records: readonly WithJson<T>[]) => Promise<unknown>,
): Promise<void> {
  const reading = readLines({
    path,
    from: 0n,
    follow: false,
    onLines: async (lines) => void (await write(lines.map(({ text }) => ({ value: parse(text), json: text })))),
  });
  await reading.done;
}
