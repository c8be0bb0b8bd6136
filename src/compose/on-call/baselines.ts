import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import { closingAfter } from '../closers';
import { checkpointsOf, readLedgerOf } from '../data-directory';
import { foldDirectory } from '../ledger/fold';
import { type ApiClient, connectToServer, openDirectoryApi } from './api-client';
import type { StatePlace } from './on-call';

/** A row of `/baselines`; field names are part of the interface. */
export interface BaselineRow {
  /** `kind|segment|criterion|panel`. */
  readonly name: string;
  readonly state: string;
  readonly learned: number;
  readonly ready_at: number | null;
  readonly baseline: { readonly source: string; readonly mean: number; readonly values: number } | null;
  readonly threshold_ratio: number | null;
}

/** A server, or a data directory with the configuration that it is folded under. */
export type BaselinePlace = StatePlace & {
  /** Null for a server. */
  readonly loaded: LoadedConfig | null;
  /** Who decides, where that is not a token's owner. */
  readonly author: string;
};

export function listBaselines(place: BaselinePlace): Promise<readonly BaselineRow[]> {
  return withApi(place, async (api) => {
    return (JSON.parse(await api.get('/baselines')) as { readonly rows: readonly BaselineRow[] }).rows;
  });
}

/** `about`: a series as listed, or the id of an alert. Rejects with USAGE for one that is not there. */
export function decideBaseline(
  place: BaselinePlace,
  { action, about, reason }: { readonly action: 'accept' | 'reset'; readonly about: string; readonly reason: string },
): Promise<string> {
  return withApi(place, (api) =>
    about.includes('|')
      ? api.post('/baselines/decisions', { action, series: about, reason })
      : api.post(`/alerts/${encodeURIComponent(about)}/acknowledgements`, { action, reason, cause: null }),
  );
}

/** Writes what was learned as a piece of configuration for `include`; returns how many series it seeds. */
export function writeSeeds(place: BaselinePlace, path: string): Promise<number> {
  return withApi(place, async (api) => {
    const { baselines } = JSON.parse(await api.get('/baselines/seeds')) as { readonly baselines: readonly unknown[] };
    await writeFile(path, stringify({ detectors: { baselines } }));
    return baselines.length;
  });
}

async function withApi<T>(place: BaselinePlace, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const { server, tokenFile, data, loaded, author } = place;
  return closingAfter(async (closers) => {
    if (data === null) return work(await connectToServer({ server, tokenFile }));
    if (loaded === null)
      throw new MonitorError('USAGE', 'a data directory is folded under a configuration: give --config');
    const parts = { reader: readLedgerOf(data), checkpoints: checkpointsOf(data) };
    const snapshot = await foldDirectory(parts, loaded);
    return work(await openDirectoryApi(data, closers, { name: author, snapshot: () => snapshot }));
  });
}
