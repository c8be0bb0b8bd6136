import type { LedgerEntry, LedgerReader, LedgerReading, LedgerWriter } from '../../src/ledger/port';
import { eventually } from '../support/eventually';
import { ledgerMarker as marker } from '../support/ledger-marker';

export interface LedgerHarness {
  /** A writer on the same log each time, closed by the suite. */
  openWriter(): Promise<LedgerWriter>;
  reader(): LedgerReader;
  close(): Promise<void>;
}

/** What every ledger promises (src/ledger/port.ts). */
export function ledgerContract(title: string, create: () => Promise<LedgerHarness>): void {
  describe(`the contract of a ledger, ${title}`, () => {
    let harness: LedgerHarness;
    let writer: LedgerWriter;
    let readings: LedgerReading[];

    beforeEach(async () => {
      readings = [];
      harness = await create();
      writer = await harness.openWriter();
    });
    afterEach(async () => {
      for (const reading of readings) await reading.stop();
      await writer.close();
      await harness.close();
    });

    const read = (from: bigint, follow: boolean, seen: LedgerEntry[] = []) => {
      const reading = harness.reader().read({ from, follow, onEntries: (entries) => void seen.push(...entries) });
      readings.push(reading);
      return { seen, reading };
    };
    const stampsOf = (entries: readonly LedgerEntry[]): number[] => entries.map(({ record }) => record.recordedAt);

    it('gives back what was appended, in order, with positions from 0 on', async () => {
      await writer.append([marker(1), marker(2)]);
      await writer.append([marker(3)]);
      const { seen, reading } = read(0n, false);
      await reading.done;
      expect(seen).toEqual([1, 2, 3].map((stamp, index) => ({ position: BigInt(index), record: marker(stamp) })));
    });

    it('keeps the order of appends that nobody waited for', async () => {
      const appends = Array.from({ length: 20 }, (_, index) =>
        writer.append([marker(2 * index), marker(2 * index + 1)]),
      );
      await Promise.all(appends);
      const { seen, reading } = read(0n, false);
      await reading.done;
      expect(stampsOf(seen)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    });

    it('reads from a position on, and nothing at the end', async () => {
      await writer.append([marker(1), marker(2), marker(3)]);
      const middle = read(1n, false);
      await middle.reading.done;
      expect(middle.seen.map(({ position }) => position)).toEqual([1n, 2n]);
      const end = read(3n, false);
      await end.reading.done;
      expect(end.seen).toEqual([]);
    });

    it('ends at once on an empty log', async () => {
      const { seen, reading } = read(0n, false);
      await reading.done;
      expect(seen).toEqual([]);
    });

    it('follows what is appended later, until it is stopped', async () => {
      await writer.append([marker(1)]);
      const { seen, reading } = read(0n, true);
      await eventually(() => expect(stampsOf(seen)).toEqual([1]), { timeoutMs: 30_000 });
      await writer.append([marker(2), marker(3)]);
      await eventually(() => expect(stampsOf(seen)).toEqual([1, 2, 3]), { timeoutMs: 30_000 });
      await reading.stop();
      await expect(reading.done).resolves.toBeUndefined();
      await writer.append([marker(4)]);
      expect(stampsOf(seen)).toEqual([1, 2, 3]);
    });

    it('hands over one batch at a time, waiting for each', async () => {
      await writer.append(Array.from({ length: 2_500 }, (_, index) => marker(index)));
      let busy = 0;
      let most = 0;
      const stamps: number[] = [];
      const reading = harness.reader().read({
        from: 0n,
        follow: false,
        async onEntries(entries) {
          busy += 1;
          most = Math.max(most, busy);
          await new Promise((resolve) => setImmediate(resolve));
          stamps.push(...stampsOf(entries));
          busy -= 1;
        },
      });
      readings.push(reading);
      await reading.done;
      expect(most).toBe(1);
      expect(stamps).toEqual(Array.from({ length: 2_500 }, (_, index) => index));
    });

    it('rejects with what the handler of entries threw, and reads no further', async () => {
      await writer.append([marker(1)]);
      let calls = 0;
      const reading = harness.reader().read({
        from: 0n,
        follow: true,
        onEntries() {
          calls += 1;
          throw new Error('the fold failed');
        },
      });
      readings.push(reading);
      await expect(reading.done).rejects.toThrow('the fold failed');
      expect(calls).toBe(1);
    });

    it('goes on where it was when it is opened again', async () => {
      await writer.append([marker(1)]);
      await writer.close();
      writer = await harness.openWriter();
      await writer.append([marker(2)]);
      const { seen, reading } = read(0n, false);
      await reading.done;
      expect(stampsOf(seen)).toEqual([1, 2]);
    });
  });
}
