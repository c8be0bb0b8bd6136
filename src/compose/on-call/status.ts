import type { LoadedConfig } from '../../config/load';
import type { StatusFigures } from '../../console/answers';
import { MonitorError } from '../../domain/error';
import type { GoldenStanding } from '../../domain/golden-standing';
import type { MetricsTotals } from '../../outputs/prometheus';
import type { Readiness } from '../../outputs/telemetry-server';
import type { PartitionLag } from '../../source/port';
import type { FoldSnapshot } from '../../watch/fold';
import { checkpointsOf, readLedgerOf } from '../data-directory';
import { foldDirectory } from '../ledger/fold';
import { buildReport, type RunReport } from '../replay/run-report';
import { programVersion } from '../version';
import { connectToServer, type ServerAddress } from './api-client';

/** The answer of `/api/v1/status`; field names are part of the interface. */
export interface MonitorStatus extends StatusFigures {
  /** Null when this process does not fold the ledger. */
  readonly report: RunReport | null;
  /** Null likewise. */
  readonly golden: GoldenStanding | null;
}

export interface StatusInput {
  readonly instance: string;
  readonly configHash: string;
  readonly seconds: number;
  readonly readiness: Readiness;
  readonly lag: readonly PartitionLag[];
  readonly snapshot: FoldSnapshot | null;
  readonly totals: MetricsTotals;
}

export function statusOf(input: StatusInput): MonitorStatus {
  const { snapshot, configHash, seconds, totals } = input;
  const version = programVersion();
  return {
    instance: input.instance,
    version,
    ...input.readiness,
    lag: input.lag.map(({ topic, partition, lagRecords }) => ({ topic, partition, lag_records: lagRecords })),
    report:
      snapshot && buildReport({ ...snapshot, version, configHash, seconds, totals, agreement: null, pairs: null }),
    golden: snapshot && snapshot.golden,
  };
}

const NOTHING_CALLED: MetricsTotals = { recordsDone: 0, judgeCalls: 0, judgeCostUsd: 0 };

/** Asks a running monitor. Rejects with USAGE when nobody answers at the URL, or not to us. */
export async function readServerStatus(address: ServerAddress): Promise<MonitorStatus> {
  const api = await connectToServer(address);
  return JSON.parse(await api.get('/status')) as MonitorStatus;
}

/** Golden runs as a running monitor knows them. Rejects with USAGE when it does not fold the ledger. */
export async function goldenOfServer(address: ServerAddress): Promise<GoldenStanding> {
  const { golden } = await readServerStatus(address);
  if (golden === null)
    throw new MonitorError(
      'USAGE',
      `the monitor at ${address.server} does not fold the ledger: ask one with role watch`,
    );
  return golden;
}

/** Folds the ledger of a data directory under the given configuration. */
export async function readDirectoryStatus(directory: string, loaded: LoadedConfig): Promise<MonitorStatus> {
  const { config, hash } = loaded;
  const parts = { reader: readLedgerOf(directory), checkpoints: checkpointsOf(directory) };
  const snapshot = await foldDirectory(parts, loaded);
  return statusOf({
    instance: config.instance.name,
    configHash: hash,
    seconds: 0,
    readiness: {
      ready: snapshot.final,
      reasons: snapshot.final ? [] : ['the ledger has no final marker: the run did not end'],
    },
    lag: [],
    snapshot,
    totals: NOTHING_CALLED,
  });
}
