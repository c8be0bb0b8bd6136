import type { Decoder } from '../../decode/port';
import type { Interaction } from '../../domain/interaction';
import type { Source } from '../../source/port';

export interface ReadCounts {
  readonly records: number;
  /** Records that were no interaction: behaviour, filtered, or unusable. */
  readonly others: number;
}

/** Hands over every interaction of a finite source, in order, and nothing else. Rejects with the source's error. */
export async function readInteractions(
  source: Source,
  decoder: Decoder,
  onInteraction: (interaction: Interaction) => void,
): Promise<ReadCounts> {
  let records = 0;
  let others = 0;
  let tail: Promise<void> = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      const take = async (record: Parameters<Decoder['decode']>[0]): Promise<void> => {
        records += 1;
        const decoded = await decoder.decode(record);
        if (decoded.ok && decoded.value.kind === 'interaction') onInteraction(decoded.value.interaction);
        else others += 1;
      };
      source
        .start({
          onRecords(batch) {
            for (const record of batch) tail = tail.then(() => take(record));
          },
          onAssigned: () => {},
          onFatal: reject,
          onEnd: () => void tail.then(resolve, reject),
        })
        .catch(reject);
    });
  } finally {
    await source.stop();
  }
  return { records, others };
}
