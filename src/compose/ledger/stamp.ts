import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { ConfigRecord } from '../../domain/ledger-record';
import type { LedgerEntry, LedgerReader, LedgerWriter } from '../../ledger/port';
import type { FoldConfig } from '../../watch/state';
import type { FoldSnapshot } from '../../watch/fold';
import { foldOptionsBody, parseFoldOptions } from '../../watch/options';
import { countResets, resetsOf } from '../../watch/resets';
import { foldOptionsOf } from './fold';

/** The one key of the fold's parameters; the last record of it counts. */
const CONFIG_KEY = 'watch';

/** What stamps a ledger as this instance's and says under which parameters it is folded from there on. */
export function configRecordOf({ config, hash }: LoadedConfig, recordedAt: number): ConfigRecord {
  return {
    kind: 'config',
    key: CONFIG_KEY,
    recordedAt,
    instance: config.instance.name,
    configHash: hash,
    body: foldOptionsBody(foldOptionsOf(config)),
  };
}

/** Whether the ledger is folded under other parameters than these. */
export function isOutdated(current: FoldConfig | null, wanted: ConfigRecord): boolean {
  return current === null || current.body !== wanted.body;
}

/** How many series would learn afresh if the ledger went on under this configuration. */
export function resetsUnder({ config, standings }: FoldSnapshot, { config: wanted }: LoadedConfig): number {
  const current = config === null ? null : parseFoldOptions(config.body);
  return current === null ? 0 : countResets(resetsOf(current, foldOptionsOf(wanted)), standings);
}

/**
 * Makes sure, before anything else is written, that the ledger is ours: an empty one is stamped, one that begins with
 * the stamp of another instance is refused with FOREIGN_LEDGER. One whose beginning was deleted by retention passes
 * here; its checkpoints are stamped too.
 */
export async function claimLedger(
  reader: LedgerReader,
  writer: Pick<LedgerWriter, 'append'>,
  stamp: ConfigRecord,
): Promise<void> {
  const first = await firstEntry(reader);
  if (first === null) return writer.append([stamp]);
  const { record } = first;
  if (record.kind !== 'config' || record.instance === stamp.instance) return;
  throw new MonitorError(
    'FOREIGN_LEDGER',
    `the ledger is that of instance ${record.instance}, this one is ${stamp.instance}`,
  );
}

async function firstEntry(reader: LedgerReader): Promise<LedgerEntry | null> {
  let first: LedgerEntry | null = null;
  const enough = new Error('one entry is enough');
  const reading = reader.read({
    from: 0n,
    follow: false,
    onEntries([entry]) {
      first = entry ?? null;
      throw enough;
    },
  });
  await reading.done.catch((failure: unknown) => {
    if (failure !== enough) throw failure;
  });
  await reading.stop();
  return first;
}
