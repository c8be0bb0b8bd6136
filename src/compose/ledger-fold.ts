import type { MonitorConfig } from '../config/config';
import type { LedgerReader } from '../ledger/port';
import { createFold, type Fold, type FoldSnapshot } from '../watch/fold';
import { createWatch } from '../watch/watch';

/** WATCH's fold under this configuration. */
export function foldOf(config: MonitorConfig): Fold {
  return createFold({
    segments: config.segments,
    watch: config.watch,
    criteria: config.criteria.map(({ name }) => name),
  });
}

/** Folds a ledger from its start to its present end. */
export async function foldLedger(reader: LedgerReader, fold: Fold): Promise<FoldSnapshot> {
  const watch = createWatch({ reader, fold, follow: false });
  watch.start();
  await watch.done;
  return watch.snapshot();
}
