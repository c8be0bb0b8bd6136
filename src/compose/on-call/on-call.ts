import { readFile, writeFile } from 'node:fs/promises';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import { readBundle } from '../../investigate/bundle';
import { explanationText } from '../../investigate/explain-text';
import { closingAfter } from '../closers';
import { verdictFromJson } from '../codecs';
import { type ApiClient, connectToServer, openDirectoryApi } from './api-client';
import { type Rerun, rerunVerdict } from './rerun';

/** Where a command reads and writes: a data directory, or else a server. */
export interface StatePlace {
  readonly server: string;
  readonly tokenFile: string | null;
  /** A directory that a replay wrote; null = the server. */
  readonly data: string | null;
}

/** Runs work against the place, and closes what it opened. */
async function withApi<T>({ server, tokenFile, data }: StatePlace, work: (api: ApiClient) => Promise<T>): Promise<T> {
  return closingAfter(async (closers) =>
    work(data === null ? await connectToServer({ server, tokenFile }) : await openDirectoryApi(data, closers)),
  );
}

export interface InvestigateRequest {
  readonly alert: string | null;
  readonly segment: string | null;
  readonly criterion: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export function readReport(
  place: StatePlace,
  request: InvestigateRequest,
  format: 'json' | 'markdown' | 'bundle',
): Promise<string> {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(request) as [string, string | null][]) {
    if (value !== null) query.set(name, value);
  }
  return withApi(place, (api) => api.get(`/report?${query.toString()}`));
}

export async function writeBundleFile(place: StatePlace, request: InvestigateRequest, path: string): Promise<void> {
  await writeFile(path, await readReport(place, request, 'bundle'));
}

/** Null when the bundle is as it was written; else what is wrong. Rejects with FILE_UNREADABLE. */
export async function verifyBundleFile(path: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${path}`, { cause });
  }
  // Bytes that are no UTF-8 would all become the same character.
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return 'the bundle is not as it was written';
  const checked = readBundle(text);
  return checked.ok ? null : checked.problem;
}

export function readExplanation(place: StatePlace, id: string, format: 'json' | 'text'): Promise<string> {
  return withApi(place, async (api) => {
    const json = await api.get(`/explain/${encodeURIComponent(id)}`);
    return format === 'json' ? json : explanationText(JSON.parse(json) as Parameters<typeof explanationText>[0]);
  });
}

/** Asks the judges of a stored verdict again. Rejects with USAGE where there is none, or its text is not kept. */
export function rerunStored(
  place: StatePlace,
  loaded: LoadedConfig,
  { id, times, signal }: { readonly id: string; readonly times: number; readonly signal: AbortSignal },
): Promise<Rerun> {
  return withApi(place, async (api) => {
    const { verdict } = JSON.parse(await api.get(`/interactions/${encodeURIComponent(id)}`)) as { verdict: unknown };
    if (verdict === null) throw new MonitorError('USAGE', `the verdict of ${id} is not kept any more`);
    return rerunVerdict(loaded, verdictFromJson(JSON.stringify(verdict)), times, signal);
  });
}

export function postAnnotation(place: StatePlace, annotation: Readonly<Record<string, unknown>>): Promise<string> {
  return withApi(place, (api) => api.post('/annotations', annotation));
}

export function postAcknowledgement(
  place: StatePlace,
  alert: string,
  acknowledgement: Readonly<Record<string, unknown>>,
): Promise<string> {
  return withApi(place, (api) => api.post(`/alerts/${encodeURIComponent(alert)}/acknowledgements`, acknowledgement));
}

export function postErasure(place: StatePlace, kind: 'user' | 'conversation', id: string): Promise<string> {
  return withApi(place, (api) => api.post('/erasures', { kind, id }));
}

export function readWeekly(place: StatePlace, to: string | null, format: 'json' | 'markdown'): Promise<string> {
  const query = new URLSearchParams({ format, ...(to === null ? {} : { to }) });
  return withApi(place, (api) => api.get(`/report/weekly?${query.toString()}`));
}
